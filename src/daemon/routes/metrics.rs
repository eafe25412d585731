//! `GET /metrics`: OpenMetrics for a monitor. What this daemon counted since it started; providers are the only label whose
//! values others choose, and there is an end to them.

use std::fmt::Error as FmtError;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::{Registry, Unit};

use super::asker::Asker;
use super::status::store_status;
use crate::daemon::reply::Refused;
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind};
use crate::pipeline::pulse::{Outcome, Tallies, Tally, Timings};

/// The media type of what is told.
pub const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The metrics. Asking spends nothing: a monitor is not to be refused when it is needed.
pub async fn show(State(daemon): State<Arc<Daemon>>, _asker: Asker) -> Result<Response, Refused> {
    let pipeline = &daemon.pipeline;
    let size = pipeline.store().size().await.unwrap_or_default();
    let gathered = Gathered {
        tallies: pipeline.pulse.so_far(),
        in_flight: pipeline.in_flight() as u64,
        entries: size.entries,
        bytes: size.bytes,
        is_up: store_status(&daemon).await.healthy,
        degraded: daemon.degraded().len() as u64,
        uptime: daemon.uptime().as_secs_f64(),
    };
    let mut registry = Registry::default();
    registry.register_collector(Box::new(gathered));
    let mut told = String::new();
    text::encode(&mut told, &registry)
        .map_err(|error| Error::new(Kind::Other, "cannot write the metrics").because(error))?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static(OPEN_METRICS))], Body::from(told)).into_response())
}

/// What is told, at one moment.
#[derive(Debug)]
struct Gathered {
    tallies: Tallies,
    in_flight: u64,
    entries: u64,
    bytes: u64,
    is_up: bool,
    degraded: u64,
    uptime: f64,
}

/// A sum told by provider. The unit, where there is one, ends its name.
type Sum = (&'static str, &'static str, Option<&'static str>, fn(&Tally) -> f64);

const SUMS: [Sum; 7] = [
    ("llmc_saved", "What cached answers did not cost", Some("usd"), |tally| tally.saved.dollars()),
    ("llmc_spent", "What calls cost", Some("usd"), |tally| tally.spent.dollars()),
    ("llmc_saved", "How long askers did not wait", Some("seconds"), |tally| tally.saved_time.as_secs_f64()),
    ("llmc_saved_tokens", "Tokens of cached answers", None, |tally| tally.saved_tokens as f64),
    ("llmc_spent_tokens", "Tokens of calls", None, |tally| tally.spent_tokens as f64),
    ("llmc_unpriced_hits", "Cached answers of models without a price", None, |tally| tally.unpriced_hits as f64),
    ("llmc_unpriced_calls", "Calls to models without a price", None, |tally| tally.unpriced_calls as f64),
];

impl Collector for Gathered {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), FmtError> {
        let mut requests =
            encoder.encode_descriptor("llmc_requests", "Requests, by how they came out", None, MetricType::Counter)?;
        for (provider, tally) in &self.tallies.providers {
            for (outcome, count) in Outcome::ALL.iter().zip(tally.outcomes) {
                let labels = [("outcome", outcome.name()), ("provider", provider.as_str())];
                requests.encode_family(&labels)?.encode_counter::<NoLabelSet, _, f64>(&count, None)?;
            }
        }
        for (name, about, unit, value) in SUMS {
            let unit = unit.map(|unit| Unit::Other(unit.to_owned()));
            let mut sums = encoder.encode_descriptor(name, about, unit.as_ref(), MetricType::Counter)?;
            for (provider, tally) in &self.tallies.providers {
                let labels = [("provider", provider.as_str())];
                sums.encode_family(&labels)?.encode_counter::<NoLabelSet, _, f64>(&value(tally), None)?;
            }
        }
        self.encode_timings(&mut encoder)?;
        self.encode_gauges(&mut encoder)
    }
}

impl Gathered {
    fn encode_timings(&self, encoder: &mut DescriptorEncoder) -> Result<(), FmtError> {
        let tallies = &self.tallies;
        let alone = [
            ("llmc_hit_duration", "How long answers from the cache took", &tallies.hit),
            ("llmc_miss_duration", "How long calls took", &tallies.miss),
        ];
        let histogram = |timings: &Timings| (timings.sum.as_secs_f64(), timings.count(), timings.by_bound());
        for (name, about, timings) in alone {
            let (sum, count, buckets) = histogram(timings);
            encoder
                .encode_descriptor(name, about, Some(&Unit::Seconds), MetricType::Histogram)?
                .encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
        }
        let mut store = encoder.encode_descriptor(
            "llmc_store_duration",
            "How long the store took",
            Some(&Unit::Seconds),
            MetricType::Histogram,
        )?;
        for (operation, timings) in [("get", &tallies.store_get), ("put", &tallies.store_put)] {
            let (sum, count, buckets) = histogram(timings);
            let labels = [("operation", operation)];
            store.encode_family(&labels)?.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
        }
        Ok(())
    }

    fn encode_gauges(&self, encoder: &mut DescriptorEncoder) -> Result<(), FmtError> {
        let gauges = [
            ("llmc_calls_in_flight", "Calls in the air", None, self.in_flight as f64),
            ("llmc_entries", "Entries kept", None, self.entries as f64),
            ("llmc_entries_size", "What they hold", Some(Unit::Bytes), self.bytes as f64),
            ("llmc_store_up", "Whether the store answers", None, f64::from(u8::from(self.is_up))),
            ("llmc_degraded", "Things that are not as configured", None, self.degraded as f64),
            ("llmc_uptime", "How long the daemon has been running", Some(Unit::Seconds), self.uptime),
        ];
        for (name, about, unit, value) in gauges {
            encoder.encode_descriptor(name, about, unit.as_ref(), MetricType::Gauge)?.encode_gauge(&value)?;
        }
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        encoder.encode_descriptor("llmc_build", "What runs", None, MetricType::Info)?.encode_info(&version)
    }
}

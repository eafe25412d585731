//! Traces for an OpenTelemetry collector: a span for each request answered, without prompts and keys. Sent where the standard's
//! own variables (`OTEL_EXPORTER_OTLP_ENDPOINT` and its relatives) lead, and nowhere without them. Nobody waits for a collector
//! that is slow or away: spans are lost instead.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use opentelemetry::KeyValue;
use opentelemetry::trace::{Span, SpanKind, Status, Tracer, TracerProvider};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::runtime::Handle;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::error::{Error, Kind, Result};
use crate::pipeline::Pipeline;
use crate::pipeline::pulse::{Audience, Happening};
use crate::provider::http::Client;

/// Where spans go; the second is for them alone.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

/// How long one parcel of spans may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the last parcel may keep a daemon that stops.
const LAST_PATIENCE: Duration = Duration::from_secs(2);

/// The export of a daemon's spans.
pub struct Traces {
    task: JoinHandle<()>,
    end: oneshot::Sender<()>,
}

impl Traces {
    /// Begins to export; `None` where no collector is named, or the variables that name it are wrong.
    pub fn begin(pipeline: &Pipeline) -> Option<Traces> {
        ENDPOINTS.iter().find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))?;
        let provider = match provider() {
            Ok(provider) => provider,
            Err(error) => {
                tracing::warn!(%error, "no traces are sent");
                return None;
            }
        };
        let (end, ended) = oneshot::channel();
        let task = tokio::spawn(export(pipeline.pulse.listen(false), provider, ended));
        Some(Traces { task, end })
    }

    /// Sends what is left, and ends.
    pub async fn end(self) {
        // Who has ended already has nothing left.
        let _ = self.end.send(());
        let _ = self.task.await;
    }
}

fn provider() -> Result<SdkTracerProvider> {
    let courier = Courier { client: Client::new(), runtime: Handle::current(), is_failing: AtomicBool::new(false) };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(courier)
        .build()
        .map_err(|error| Error::new(Kind::Usage, "cannot export traces").because(error))?;
    let resource = Resource::builder().with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
    let resource = match std::env::var_os("OTEL_SERVICE_NAME") {
        Some(_) => resource,
        None => resource.with_service_name("llmc"),
    };
    Ok(SdkTracerProvider::builder().with_resource(resource.build()).with_batch_exporter(exporter).build())
}

/// Makes a span of everything that happens until it is to end, then of what has happened by then.
async fn export(mut audience: Audience, provider: SdkTracerProvider, mut ended: oneshot::Receiver<()>) {
    let tracer = provider.tracer("llmc");
    loop {
        tokio::select! {
            _ = &mut ended => break,
            heard = audience.events.recv() => match heard {
                Ok(happening) => note(&tracer, &happening),
                Err(RecvError::Lagged(spans)) => tracing::warn!(spans, "traces are incomplete"),
                Err(RecvError::Closed) => break,
            },
        }
    }
    loop {
        match audience.events.try_recv() {
            Ok(happening) => note(&tracer, &happening),
            Err(TryRecvError::Lagged(_)) => {}
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
    }
    // It waits in place, for a thread of its own that asks this runtime.
    let last = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(LAST_PATIENCE));
    let _ = last.await;
}

/// Hands a span over to be sent. What is named by the conventions for generative models has their names.
fn note(tracer: &SdkTracer, happening: &Happening) {
    let Happening { at, account, outcome, latency, cost, saved, tokens, times, failed, .. } = happening;
    let end = UNIX_EPOCH + Duration::from_millis(at.0);
    let start = latency.and_then(|took| end.checked_sub(took)).unwrap_or(end);
    let mut attributes = vec![
        KeyValue::new("gen_ai.provider.name", account.provider.clone()),
        KeyValue::new("gen_ai.request.model", account.model.clone()),
        KeyValue::new("llmc.request_id", account.request.to_string()),
        KeyValue::new("llmc.namespace", account.namespace.clone()),
        KeyValue::new("llmc.outcome", outcome.name()),
        KeyValue::new("llmc.tokens", i64::try_from(*tokens).unwrap_or(i64::MAX)),
        KeyValue::new("llmc.items", i64::try_from(*times).unwrap_or(i64::MAX)),
    ];
    let optional = [
        (!account.run.is_empty()).then(|| KeyValue::new("llmc.run", account.run.clone())),
        cost.map(|cost| KeyValue::new("llmc.cost_usd", cost.dollars())),
        saved.map(|saved| KeyValue::new("llmc.saved_usd", saved.dollars())),
        failed.map(|kind| KeyValue::new("error.type", kind.name())),
    ];
    attributes.extend(optional.into_iter().flatten());
    let span = tracer.span_builder(format!("llmc {}", outcome.name())).with_kind(SpanKind::Server);
    let mut span = span.with_start_time(start).with_attributes(attributes).start(tracer);
    if let Some(kind) = failed {
        span.set_status(Status::error(kind.name()));
    }
    span.end_with_timestamp(end);
}

/// Carries parcels of spans with the connections that providers are asked by.
#[derive(Debug)]
struct Courier {
    client: Client,
    runtime: Handle,
    is_failing: AtomicBool,
}

#[async_trait]
impl HttpClient for Courier {
    async fn send_bytes(&self, request: Request<Bytes>) -> std::result::Result<Response<Bytes>, HttpError> {
        let mut request = reqwest::Request::try_from(request)?;
        *request.timeout_mut() = Some(PATIENCE);
        let client = self.client.suited(request.url())?.clone();
        // The thread that asks has no runtime of its own.
        let sent = self.runtime.spawn(async move { client.execute(request).await });
        let reply = sent.await?.and_then(reqwest::Response::error_for_status);
        if let Err(error) = &reply
            && !self.is_failing.swap(true, Ordering::Relaxed)
        {
            // Once, not with every parcel. Its address may hold a token.
            tracing::warn!(error = %cause(error), "traces do not arrive");
        }
        let reply = reply.map_err(reqwest::Error::without_url)?;
        self.is_failing.store(false, Ordering::Relaxed);
        // What a collector has to say about spans it refuses is for nobody here.
        Ok(Response::builder().status(reply.status()).body(Bytes::new())?)
    }
}

fn cause(error: &reqwest::Error) -> String {
    match error.status() {
        Some(status) => format!("the collector answers {status}"),
        None => "the collector cannot be reached".to_owned(),
    }
}

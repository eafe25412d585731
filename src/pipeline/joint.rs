//! The way of a request that holds several items, such as texts to embed: each item is looked up and kept alone, and what
//! is missing is asked for in one call.
//!
//! Those who miss the same items at once share that call. An item that is in the air among others is asked for again: to
//! wait for it would hold one asker's items back for another's.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use futures_util::{StreamExt, stream};

use super::answer::{Answer, Source};
use super::call::Called;
use super::flight::{Departure, Flight, FlightId, Landed, Listener, Outcome, Place};
use super::judge::{self, Verdict};
use super::key::{self, Fingerprint};
use super::long::beside_everybody;
use super::{Exchange, Found, Pipeline, call, replay_miss};
use crate::error::{Error, Kind, Result};
use crate::exchange::{CacheStatus, Entry, Facts, Form, Mode, Usage};
use crate::money::Usd;
use crate::provider::joint::{Joint, Part};

/// Items that are looked up or kept at a time.
const AT_ONCE: usize = 256;

/// A request by its items.
pub(super) struct Items {
    exchange: Exchange,
    fingerprint: Fingerprint,
    api: &'static dyn Joint,
    each: Vec<Item>,
}

#[derive(Clone)]
struct Item {
    fingerprint: Fingerprint,
    weight: u64,
}

impl Items {
    /// The items of a request; `None` where it is one question. Fails where its body has no key.
    pub fn of(exchange: &Exchange) -> Result<Option<Items>> {
        let Some(api) = exchange.dialect().joint().filter(|_| exchange.form == Form::Plain) else { return Ok(None) };
        let Some(parts) = api.split(&exchange.body) else { return Ok(None) };
        let identity = exchange.identity();
        let fingerprint = key::fingerprint(&identity)?;
        let item = |part: &Part| {
            let fingerprint = key::fingerprint(&key::Identity { body: &part.body, ..identity })?;
            Ok(Item { fingerprint, weight: part.weight })
        };
        let each = parts.iter().map(item).collect::<Result<_>>()?;
        Ok(Some(Items { exchange: exchange.clone(), fingerprint, api, each }))
    }

    /// Some of them, as a request of their own; the request itself where it is all of them.
    fn only(&self, places: &[usize]) -> Result<Items> {
        let each: Vec<Item> = places.iter().filter_map(|place| self.each.get(*place).cloned()).collect();
        let (mut exchange, mut fingerprint) = (self.exchange.clone(), self.fingerprint.clone());
        if each.len() < self.each.len() {
            exchange.body = self.api.choose(&exchange.body, places)?.into();
            exchange.counted = super::Counted::default();
            fingerprint = key::fingerprint(&exchange.identity())?;
        }
        Ok(Items { exchange, fingerprint, api: self.api, each })
    }

    /// The place where each item stands first.
    fn first_places(&self) -> Vec<usize> {
        let mut seen = HashMap::new();
        let first = |(place, item): (usize, &Item)| *seen.entry(item.fingerprint.key).or_insert(place);
        self.each.iter().enumerate().map(first).collect()
    }

    /// The answer to each from the answer to all; `None` where they cannot be told apart.
    fn divide(&self, whole: &Entry) -> Option<Vec<Arc<Entry>>> {
        let weights: Vec<u64> = self.each.iter().map(|item| item.weight).collect();
        let bodies = self.api.divide(&whole.body, &weights)?;
        let costs = whole.facts.cost.map(|cost| cost.divided(&weights));
        let usages = whole.facts.usage.divided(&weights);
        let parts = self.each.iter().zip(bodies).zip(usages).enumerate().map(|(place, ((item, body), usage))| {
            let facts = Facts {
                usage,
                cost: costs.as_ref().and_then(|costs| costs.get(place).copied()),
                latency: whole.facts.latency / u32::try_from(weights.len()).unwrap_or(u32::MAX),
                ..whole.facts.clone()
            };
            // Of a single one there is nothing to take apart.
            let body = if weights.len() == 1 { whole.body.clone() } else { body.into() };
            Arc::new(Entry { material: item.fingerprint.material.clone(), body, facts })
        });
        Some(parts.collect())
    }

    /// The answer to all from the answer to each.
    fn merge(&self, each: &[Arc<Entry>]) -> Result<Arc<Entry>> {
        let first = match each {
            [] => return Err(Error::new(Kind::Other, "there is nothing to put together")),
            [only] => return Ok(Arc::clone(only)),
            [first, ..] => &first.facts,
        };
        let bodies: Vec<&[u8]> = each.iter().map(|entry| &entry.body[..]).collect();
        let facts = || each.iter().map(|entry| &entry.facts);
        let kept_at = facts().map(|facts| facts.kept_at).min().unwrap_or(first.kept_at);
        let fresh_until = facts().map(Facts::fresh_until).min().unwrap_or(first.fresh_until());
        let facts = Facts {
            usage: facts().map(|facts| facts.usage).sum::<Usage>(),
            usage_estimated: facts().any(|facts| facts.usage_estimated),
            cost: facts().map(|facts| facts.cost).sum::<Option<Usd>>(),
            latency: facts().map(|facts| facts.latency).sum(),
            kept_at,
            ttl: fresh_until.since(kept_at),
            ..first.clone()
        };
        let body = self.api.merge(&bodies)?.into();
        Ok(Arc::new(Entry { material: self.fingerprint.material.clone(), body, facts }))
    }
}

/// An item's answer, and how it came about.
type Served = (Arc<Entry>, CacheStatus);

impl Pipeline {
    /// Answers a request item by item.
    pub(super) async fn answer_by_items(self: &Arc<Self>, items: Items, started: Instant) -> Result<Answer> {
        let landings = self.flights.landings();
        let first_places = items.first_places();
        let found = self.find_items(&items, &first_places).await?;
        self.revalidate_items(&items, &found)?;
        let is_first = |place: usize| first_places.get(place) == Some(&place);
        let missing = found.iter().enumerate().filter(|(place, found)| is_first(*place) && found.served().is_none());
        let missing: Vec<usize> = missing.map(|(place, _)| place).collect();

        let mut served: Vec<Option<Served>> = found.iter().map(Found::served).collect();
        let mut called = None;
        if missing.is_empty() {
            self.admit_hit(&items.exchange).await?;
        } else {
            let asked = beside_everybody(items.exchange.body.len(), || items.only(&missing)).map(Arc::new)?;
            let parts = match self.ask_for_items(&asked, landings).await {
                Ok((landed, status)) => {
                    let parts = beside_everybody(landed.entry.body.len(), || asked.divide(&landed.entry));
                    let parts = parts.map(|parts| parts.into_iter().map(|part| (part, status)).collect());
                    called = Some((landed, status));
                    parts
                }
                Err(error) => Some(stand_ins(&found, &missing, error)?),
            };
            match (parts, &called) {
                (Some(parts), _) => put_in(&mut served, &missing, parts),
                // What does not answer each once is passed on, where it answers what was asked.
                (None, Some((landed, status))) if missing.len() == items.each.len() => {
                    if *status == CacheStatus::Coalesced {
                        let account = items.exchange.account();
                        self.ledger.served(account, *status, &landed.entry.facts, started.elapsed());
                    }
                    return Ok(items.answered(*status, landed.clone(), started));
                }
                (None, _) => return self.ask_as_a_whole(&items, started).await,
            }
        }
        let Some(served) = repeated(&served, &first_places) else { return self.ask_as_a_whole(&items, started).await };
        let landed = match called.clone() {
            Some((landed, _)) if missing.len() == items.each.len() => landed,
            called => {
                let entries: Vec<Arc<Entry>> = served.iter().map(|(entry, _)| Arc::clone(entry)).collect();
                let bytes = entries.iter().map(|entry| entry.body.len()).sum();
                match beside_everybody(bytes, || items.merge(&entries)) {
                    Ok(entry) => match called {
                        Some((landed, _)) => Landed { entry, ..landed },
                        None => Landed::found(entry),
                    },
                    // Kept by who asked for it alone, and of another shape than the rest.
                    Err(_) => return self.ask_as_a_whole(&items, started).await,
                }
            }
        };
        self.count_items(&items, &served, started);
        let status = called.map_or_else(|| summary(&served), |(_, status)| status);
        let mut answer = items.answered(status, landed, started);
        let now = self.clock.now();
        let is_stale = |place: &usize| match found.get(*place) {
            Some(Found::Spare(entry)) => entry.facts.fresh_until() <= now,
            _ => false,
        };
        answer.found_stale = !missing.is_empty() && missing.iter().all(is_stale);
        if served.len() > 1 && matches!(status, CacheStatus::Miss | CacheStatus::Coalesced) {
            let kept = served.iter().filter(|(_, status)| is_kept(*status)).count();
            answer.detail = Some(format!("{kept} of {} items were kept", served.len()));
        }
        if let Source::Whole(landed) = &mut answer.source {
            self.record_items(&items, &served, landed).await;
        }
        Ok(answer)
    }

    /// What is kept of each item; of those that stand twice the first counts, and nothing is looked up for the others.
    async fn find_items(&self, items: &Items, first_places: &[usize]) -> Result<Vec<Found>> {
        let exchange = &items.exchange;
        let mode = exchange.policy.mode;
        if mode == Mode::Refresh {
            return Ok(items.each.iter().map(|_| Found::Nothing).collect());
        }
        let mut recorded = vec![None; items.each.len()];
        if let Some(path) = &exchange.policy.cassette {
            let cassette = self.cassettes.at(path);
            recorded = cassette.find_all(items.each.iter().map(|item| item.fingerprint.clone()).collect()).await?;
            let lacking = recorded.iter().zip(&items.each).find(|(entry, _)| entry.is_none());
            if let Some((_, lacking)) = lacking.filter(|_| mode == Mode::Replay) {
                return Err(cassette.miss(&lacking.fingerprint).await);
            }
        }
        let status = if mode == Mode::Replay { CacheStatus::Replay } else { CacheStatus::Hit };
        let is_first = |place: usize| first_places.get(place) == Some(&place);
        let looks = items.each.iter().zip(recorded).enumerate().map(|(place, (item, recorded))| async move {
            match recorded {
                Some(entry) => Found::Serve(entry, status),
                None if is_first(place) => self.judged(exchange, &item.fingerprint).await,
                None => Found::Nothing,
            }
        });
        let looks: Vec<_> = looks.collect();
        let found: Vec<Found> = stream::iter(looks).buffered(AT_ONCE).collect().await;
        let mut each = items.each.iter().zip(&found).enumerate();
        let lacking = each.find(|(place, (_, found))| is_first(*place) && found.served().is_none());
        match lacking {
            Some((_, (lacking, _))) if mode == Mode::Replay => Err(replay_miss(exchange, &lacking.fingerprint)),
            _ => Ok(found),
        }
    }

    /// Fetches new answers for whoever asks next for what is served past its freshness.
    fn revalidate_items(self: &Arc<Self>, items: &Items, found: &[Found]) -> Result<()> {
        let now = self.clock.now();
        let is_due = |found: &Found| match found {
            Found::Serve(entry, CacheStatus::Stale) => {
                judge::judge(&entry.facts, &items.exchange.policy, now) != Verdict::Accepted
            }
            _ => false,
        };
        let due: Vec<usize> = (0..).zip(found).filter(|(_, found)| is_due(found)).map(|(place, _)| place).collect();
        if due.is_empty() {
            return Ok(());
        }
        let asked = Arc::new(items.only(&due)?);
        let id = FlightId::of(&asked.exchange, &asked.fingerprint);
        if let Place::Leader(departure) = self.flights.join(id, asked.exchange.terms()) {
            self.depart_with_items(&asked, departure, CacheStatus::Refresh, false);
        }
        Ok(())
    }

    /// Asks for items in one call, or joins one that asks for the same.
    async fn ask_for_items(self: &Arc<Self>, asked: &Arc<Items>, landings: u64) -> Result<(Landed, CacheStatus)> {
        let exchange = &asked.exchange;
        let mode = exchange.policy.mode;
        loop {
            let id = FlightId::of(exchange, &asked.fingerprint);
            let (mut listener, status) = match self.flights.join(id, exchange.terms()) {
                Place::Follower(listener) => (listener, CacheStatus::Coalesced),
                Place::Leader(departure) => {
                    let status = if mode == Mode::Refresh { CacheStatus::Refresh } else { CacheStatus::Miss };
                    let look_again = mode == Mode::Auto && self.flights.landings() != landings;
                    (self.depart_with_items(asked, departure, status, look_again), status)
                }
            };
            let terms = listener.flight().terms().clone();
            match listener.outcome().await {
                Ok(landed) if landed.found => return Ok((landed, CacheStatus::Hit)),
                Ok(landed) => return Ok((landed, status)),
                Err(error) if status == CacheStatus::Coalesced && terms.are_worse_than(&exchange.terms(), &error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn depart_with_items(
        self: &Arc<Self>,
        asked: &Arc<Items>,
        departure: Departure,
        status: CacheStatus,
        look_again: bool,
    ) -> Listener {
        let listener = departure.flight().listen();
        let (pipeline, asked) = (Arc::clone(self), Arc::clone(asked));
        self.tasks.spawn(async move {
            let outcome = pipeline.fly_with_items(&asked, departure.flight(), status, look_again).await;
            departure.land(outcome);
        });
        listener
    }

    async fn fly_with_items(&self, asked: &Items, flight: &Flight, status: CacheStatus, look_again: bool) -> Outcome {
        let may_share = status == CacheStatus::Miss;
        if may_share
            && look_again
            && let Some(landed) = self.found_meanwhile(asked).await
        {
            return Ok(landed);
        }
        let lease = match may_share && self.store.is_shared() {
            true => self.wait_for_lease(&asked.fingerprint.key).await,
            false => None,
        };
        if lease.is_some()
            && let Some(landed) = self.found_meanwhile(asked).await
        {
            return Ok(landed);
        }
        let Called { entry, may_keep, warning: warned, .. } =
            self.call(&asked.exchange, &asked.fingerprint, flight).await?;
        let landed = Landed::called(Arc::clone(&entry));
        self.ledger.called_for(asked.exchange.account(), status, &entry.facts, asked.each.len());
        let parts = beside_everybody(entry.body.len(), || asked.divide(&entry)).filter(|_| may_keep);
        let Some(parts) = parts else {
            return Ok(Landed { kept: false, warning: warned, ..landed });
        };
        let keys = asked.each.iter().map(|item| item.fingerprint.key);
        let keeping: Vec<_> = keys.zip(parts).map(|(key, part)| self.cache.keep(key, part)).collect();
        let kept: Vec<Result<()>> = stream::iter(keeping).buffer_unordered(AT_ONCE).collect().await;
        let failed = kept.into_iter().find_map(Result::err).map(|error| call::kept_in_memory_only(&error));
        let warning = call::together(warned, failed);
        Ok(Landed { warning, ..landed })
    }

    /// The answer to all, where each of them is kept by now.
    async fn found_meanwhile(&self, asked: &Items) -> Option<Landed> {
        let found = self.find_items(asked, &asked.first_places()).await.ok()?;
        let fresh = |found: &Found| found.served().filter(|(_, status)| *status == CacheStatus::Hit);
        let entries: Option<Vec<Arc<Entry>>> = found.iter().map(|found| Some(fresh(found)?.0)).collect();
        let entry = asked.merge(&entries?).ok()?;
        Some(Landed::found(entry))
    }

    /// Asks for all as one question that the cache has no part in.
    async fn ask_as_a_whole(self: &Arc<Self>, items: &Items, started: Instant) -> Result<Answer> {
        let mut exchange = items.exchange.clone();
        exchange.policy.mode = Mode::Off;
        self.answer_by_cache(&Arc::new(exchange), items.fingerprint.clone(), started).await
    }

    /// Counts what cost its asker nothing. A call is counted by its flight.
    fn count_items(&self, items: &Items, served: &[Served], started: Instant) {
        let (account, took) = (items.exchange.account(), started.elapsed());
        for (item, (entry, status)) in items.each.iter().zip(served).filter(|(_, (_, status))| status.is_cached()) {
            if is_kept(*status) {
                self.cache.touch(item.fingerprint.key);
            }
            self.ledger.served(account.clone(), *status, &entry.facts, took);
        }
    }

    async fn record_items(&self, items: &Items, served: &[Served], landed: &mut Landed) {
        let Some(path) = items.exchange.policy.cassette.as_ref().filter(|_| landed.kept) else { return };
        let keys = items.each.iter().map(|item| item.fingerprint.key);
        let entries = keys.zip(served).map(|(key, (entry, _))| (key, Arc::clone(entry))).collect();
        self.cassettes.at(path).record_all(entries, landed).await;
    }
}

impl Items {
    fn answered(&self, status: CacheStatus, landed: Landed, started: Instant) -> Answer {
        let fingerprint = self.fingerprint.clone();
        Answer::of(status, fingerprint, Source::Whole(landed), started)
    }
}

impl Found {
    fn served(&self) -> Option<Served> {
        match self {
            Found::Serve(entry, status) => Some((Arc::clone(entry), *status)),
            Found::Spare(_) | Found::Nothing => None,
        }
    }
}

/// True where it was there before anybody was asked.
fn is_kept(status: CacheStatus) -> bool {
    status.is_cached() && status != CacheStatus::Coalesced
}

/// The status of answers that were all there: the least of them.
fn summary(served: &[Served]) -> CacheStatus {
    let status_of = |wanted| served.iter().map(|(_, status)| *status).find(|status| *status == wanted);
    let least = status_of(CacheStatus::Stale).or_else(|| status_of(CacheStatus::Replay));
    least.unwrap_or(CacheStatus::Hit)
}

/// Kept answers past their freshness for all that is missing, where the provider is failing; else the failure.
fn stand_ins(found: &[Found], missing: &[usize], error: Error) -> Result<Vec<Served>> {
    let spare = |place: &usize| match found.get(*place) {
        Some(Found::Spare(entry)) => Some((Arc::clone(entry), CacheStatus::Stale)),
        _ => None,
    };
    let spares: Option<Vec<Served>> = missing.iter().map(spare).collect();
    match spares.filter(|_| judge::provider_is_down(&error)) {
        Some(spares) => {
            tracing::warn!(%error, "the provider is failing and stale answers stand in");
            Ok(spares)
        }
        None => Err(error),
    }
}

fn put_in(served: &mut [Option<Served>], places: &[usize], parts: Vec<Served>) {
    for (place, part) in places.iter().zip(parts) {
        if let Some(empty) = served.get_mut(*place) {
            *empty = Some(part);
        }
    }
}

/// Every item's answer, where those that stand twice share the answer of the first. `None` where one has none.
fn repeated(served: &[Option<Served>], first_places: &[usize]) -> Option<Vec<Served>> {
    let each = first_places.iter().enumerate().map(|(place, first)| {
        let (entry, status) = served.get(*first)?.clone()?;
        let shares_call = place != *first && !status.is_cached();
        Some((entry, if shares_call { CacheStatus::Coalesced } else { status }))
    });
    each.collect()
}

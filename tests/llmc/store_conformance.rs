//! What every store must do, as one list of facts run over each backend.
//!
//! A new backend is a function in `backend` that opens an empty store, and its name in the list at the end of this file.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use llmc::clock::Timestamp;
use llmc::exchange::Key;
use llmc::money::Usd;
use llmc::store::{
    Admission, Allowance, Count, Document, Expected, Filter, Limit, Listing, Reservation, Row, Settlement, Size, Slot,
    Spending, Store, Swept, Touch, Written,
};

use super::support::redis::{Cluster, Redis, is_installed};
use super::support::rest::Rest;
use super::support::shared;

/// An empty store, and what must live as long as it does.
struct World {
    store: Arc<dyn Store>,
    _below: Below,
}

/// What is below a store.
#[allow(dead_code)]
enum Below {
    Nothing,
    Folder(tempfile::TempDir),
    Server(Redis),
    Rest(Rest),
}

mod backend {
    use llmc::config::settings::Durability;
    use llmc::store::memory::Memory;
    use llmc::store::sqlite::Sqlite;

    use super::*;

    pub async fn memory() -> Option<World> {
        Some(World { store: Arc::new(Memory::new()), _below: Below::Nothing })
    }

    pub async fn embedded() -> Option<World> {
        sqlite(Durability::Normal)
    }

    pub async fn embedded_full() -> Option<World> {
        sqlite(Durability::Full)
    }

    fn sqlite(durability: Durability) -> Option<World> {
        let folder = tempfile::tempdir().unwrap();
        let (store, warnings) = Sqlite::open(&folder.path().join("llmc.db"), durability).unwrap();
        assert_eq!(warnings, Vec::<String>::new());
        Some(World { store: Arc::new(store), _below: Below::Folder(folder) })
    }

    /// `None` where there is no server to be had.
    pub async fn redis() -> Option<World> {
        if !is_installed() {
            return None;
        }
        let server = Redis::start(&[]).await;
        let store = shared::redis(&server.url(), "llm:cache").by_the_askers_clock();
        Some(World { store: Arc::new(store), _below: Below::Server(server) })
    }

    pub async fn upstash() -> Option<World> {
        if !is_installed() {
            return None;
        }
        let rest = Rest::start().await;
        let store = shared::upstash(&rest, "llm:cache").by_the_askers_clock();
        Some(World { store: Arc::new(store), _below: Below::Rest(rest) })
    }
}

const NOW: Timestamp = Timestamp(1_000_000);

fn at(millis: u64) -> Timestamp {
    Timestamp(millis)
}

fn key(hex_start: &str) -> Key {
    Key::from_hex(&format!("{hex_start:0<64}")).unwrap()
}

fn row(hex_start: &str, value: impl Into<Bytes>) -> Row {
    Row {
        key: key(hex_start),
        value: value.into(),
        provider: "openai".to_owned(),
        model: "gpt-4o".to_owned(),
        namespace: "default".to_owned(),
        kept_at: NOW,
        fresh_until: NOW.after(Duration::from_secs(60)),
        gone_at: NOW.after(Duration::from_secs(90)),
        cost: Some(Usd(5_100_000)),
    }
}

fn slot(hour: u32, model: &str) -> Slot {
    Slot { hour, provider: "openai".to_owned(), model: model.to_owned(), ..Slot::default() }
}

fn count(hour: u32, field: &str, by: i64) -> Count {
    Count { slot: slot(hour, "gpt-4o"), field: field.to_owned(), by }
}

fn limit(count: u32, millis: u64) -> Limit {
    Limit { count, window: Duration::from_millis(millis) }
}

fn allowance(name: &str, most: i64) -> Allowance {
    Allowance { name: name.to_owned(), most: Usd(most), over_at: NOW.after(Duration::from_secs(3600)) }
}

/// Sets aside so much for a call, from each of these.
async fn reserve(
    store: &dyn Store,
    id: &str,
    amount: i64,
    from: &[Allowance],
    now: Timestamp,
) -> (bool, Vec<Spending>) {
    let (id, allowances, span) = (id.to_owned(), from.to_vec(), Duration::from_secs(60));
    let reservation = Reservation { id, allowances, amount: Usd(amount), span };
    let reserved = store.reserve(reservation, now).await.unwrap();
    (reserved.granted, reserved.spendings)
}

async fn settle(store: &dyn Store, id: &str, actual: i64, from: &[Allowance], now: Timestamp) {
    let settlement = Settlement { id: id.to_owned(), allowances: from.to_vec(), actual: Usd(actual) };
    store.settle(vec![settlement], now).await.unwrap();
}

async fn spending(store: &dyn Store, of: &Allowance, now: Timestamp) -> (i64, i64) {
    let spending = store.spending(vec![of.clone()], now).await.unwrap()[0];
    (spending.spent.0, spending.reserved.0)
}

async fn keys(store: &dyn Store, filter: Filter) -> Vec<Key> {
    store.list(filter, NOW).await.unwrap().into_iter().map(|entry| entry.key).collect()
}

mod facts {
    use super::*;

    pub async fn what_was_put_is_got(store: Arc<dyn Store>) {
        let large: Vec<u8> = (0..5_000_000u32).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1]).collect();
        let values = [Bytes::new(), Bytes::from_static(b"\0 and \xff"), Bytes::from(large)];

        for (name, value) in ["a", "b", "c"].iter().zip(&values) {
            store.put(row(name, value.clone())).await.unwrap();
        }

        for (name, value) in ["a", "b", "c"].iter().zip(&values) {
            assert!(store.get(&key(name), NOW).await.unwrap().as_ref() == Some(value));
        }
    }

    pub async fn what_was_not_put_is_not_there(store: Arc<dyn Store>) {
        store.put(row("a", "1")).await.unwrap();

        assert_eq!(store.get(&key("a1"), NOW).await.unwrap(), None);
    }

    pub async fn an_entry_is_gone_at_its_end_and_not_before(store: Arc<dyn Store>) {
        store.put(row("a", "1")).await.unwrap();
        let end = row("a", "1").gone_at;

        assert_eq!(store.get(&key("a"), at(end.0 - 1)).await.unwrap(), Some(Bytes::from("1")));
        assert_eq!(store.get(&key("a"), end).await.unwrap(), None);
        assert_eq!(store.list(Filter::default(), at(end.0 - 1)).await.unwrap().len(), 1);
        assert_eq!(store.list(Filter::default(), end).await.unwrap(), []);
    }

    pub async fn an_entry_without_an_end_stays(store: Arc<dyn Store>) {
        store.put(Row { gone_at: at(u64::MAX), fresh_until: at(u64::MAX), ..row("a", "1") }).await.unwrap();

        let swept = store.sweep(at(4_000_000_000_000), u64::MAX).await.unwrap();

        assert_eq!(swept, Swept::default());
        assert_eq!(store.get(&key("a"), at(4_000_000_000_000)).await.unwrap(), Some(Bytes::from("1")));
    }

    pub async fn a_second_put_replaces_the_first_and_its_hits(store: Arc<dyn Store>) {
        store.put(row("a", "first")).await.unwrap();
        store.touch(vec![Touch { key: key("a"), hits: 7, at: at(NOW.0 + 9) }]).await.unwrap();
        let second = Row {
            value: Bytes::from("2nd"),
            provider: "local".to_owned(),
            model: "smollm2".to_owned(),
            namespace: "other".to_owned(),
            kept_at: at(NOW.0 + 1),
            fresh_until: at(NOW.0 + 2),
            gone_at: at(NOW.0 + 3),
            cost: None,
            ..row("a", "")
        };

        store.put(second.clone()).await.unwrap();

        assert_eq!(store.get(&key("a"), at(NOW.0 + 2)).await.unwrap(), Some(Bytes::from("2nd")));
        assert_eq!(store.get(&key("a"), at(NOW.0 + 3)).await.unwrap(), None);
        assert_eq!(store.size().await.unwrap(), Size { entries: 1, bytes: 3 });
        let listed = Listing {
            key: key("a"),
            provider: second.provider,
            model: second.model,
            namespace: second.namespace,
            kept_at: second.kept_at,
            fresh_until: second.fresh_until,
            gone_at: second.gone_at,
            cost: None,
            bytes: 3,
            hits: 0,
            used_at: second.kept_at,
        };
        assert_eq!(store.list(Filter::default(), NOW).await.unwrap(), [listed]);
    }

    pub async fn removing_tells_how_many_there_were(store: Arc<dyn Store>) {
        for name in ["a", "b", "c"] {
            store.put(row(name, "12345")).await.unwrap();
        }

        let removed = store.remove(vec![key("a"), key("b"), key("d"), key("a")]).await.unwrap();

        assert_eq!(removed, 2);
        assert_eq!(store.get(&key("a"), NOW).await.unwrap(), None);
        assert_eq!(store.size().await.unwrap(), Size { entries: 1, bytes: 5 });
        assert_eq!(store.remove(Vec::new()).await.unwrap(), 0);
    }

    pub async fn a_listing_shows_every_column(store: Arc<dyn Store>) {
        let kept = row("a", "12345");
        store.put(kept.clone()).await.unwrap();
        store.put(Row { cost: None, ..row("b", "") }).await.unwrap();

        let listed = store.list(Filter::default(), NOW).await.unwrap();

        let first = Listing {
            key: kept.key,
            provider: kept.provider,
            model: kept.model,
            namespace: kept.namespace,
            kept_at: kept.kept_at,
            fresh_until: kept.fresh_until,
            gone_at: kept.gone_at,
            cost: kept.cost,
            bytes: 5,
            hits: 0,
            used_at: kept.kept_at,
        };
        assert_eq!(listed, [first.clone(), Listing { key: key("b"), bytes: 0, cost: None, ..first }]);
    }

    pub async fn keys_come_in_order_a_few_at_a_time(store: Arc<dyn Store>) {
        for name in ["e", "b", "d", "a", "c"] {
            store.put(row(name, "1")).await.unwrap();
        }
        store.put(Row { model: "other".to_owned(), ..row("bb", "1") }).await.unwrap();
        store.put(Row { gone_at: NOW, ..row("cc", "1") }).await.unwrap();
        let few = |filter: &Filter, after: Option<&str>, most: usize| {
            let (store, filter, after) = (Arc::clone(&store), filter.clone(), after.map(key));
            async move { store.keys(filter, after, most, NOW).await.unwrap() }
        };
        let meant = Filter { model: Some("gpt-4o".to_owned()), ..Filter::default() };

        assert_eq!(few(&meant, None, 2).await, ["a", "b"].map(key));
        assert_eq!(few(&meant, Some("b"), 2).await, ["c", "d"].map(key));
        assert_eq!(few(&meant, Some("d"), 2).await, ["e"].map(key));
        assert_eq!(few(&meant, Some("e"), 2).await, [""; 0].map(key));
        assert_eq!(few(&Filter::default(), Some("b"), 1).await, ["bb"].map(key));
        let below = Filter { key_prefix: Some("b".to_owned()), ..Filter::default() };
        assert_eq!(few(&below, None, 9).await, ["b", "bb"].map(key));
        assert_eq!(few(&below, Some("bb"), 9).await, [""; 0].map(key));
    }

    pub async fn a_listing_is_in_the_order_of_the_keys(store: Arc<dyn Store>) {
        for name in ["ff", "0", "7f", "80", "01"] {
            store.put(row(name, "")).await.unwrap();
        }

        assert_eq!(keys(&*store, Filter::default()).await, ["0", "01", "7f", "80", "ff"].map(key));
    }

    pub async fn each_filter_and_all_together_select(store: Arc<dyn Store>) {
        store.put(row("a1", "")).await.unwrap();
        store.put(Row { provider: "anthropic".to_owned(), ..row("a2", "") }).await.unwrap();
        store.put(Row { model: "o3".to_owned(), ..row("a3", "") }).await.unwrap();
        store.put(Row { namespace: "ci".to_owned(), ..row("a4", "") }).await.unwrap();
        store.put(Row { kept_at: at(NOW.0 + 1), ..row("a5", "") }).await.unwrap();
        store.put(row("b", "")).await.unwrap();
        let some = |text: &str| Some(text.to_owned());
        let of = |filter: Filter| keys(&*store, filter);

        let all = Filter::default();
        assert_eq!(of(Filter { provider: some("anthropic"), ..all.clone() }).await, ["a2"].map(key));
        assert_eq!(of(Filter { model: some("o3"), ..all.clone() }).await, ["a3"].map(key));
        assert_eq!(of(Filter { namespace: some("ci"), ..all.clone() }).await, ["a4"].map(key));
        assert_eq!(of(Filter { provider: some("OpenAI"), ..all.clone() }).await, []);
        let before = Filter { kept_before: Some(NOW), ..all.clone() };
        assert_eq!(of(before.clone()).await, ["a1", "a2", "a3", "a4", "b"].map(key));
        let together = Filter {
            key_prefix: some("a"),
            provider: some("openai"),
            model: some("gpt-4o"),
            namespace: some("default"),
            ..before
        };
        assert_eq!(of(together).await, ["a1"].map(key));
    }

    pub async fn a_prefix_may_have_any_number_of_digits(store: Arc<dyn Store>) {
        for name in ["abb", "abc0", "abcf", "abd", "f"] {
            store.put(row(name, "")).await.unwrap();
        }
        let of = |prefix: &str| keys(&*store, Filter { key_prefix: Some(prefix.to_owned()), ..Filter::default() });

        assert_eq!(of("").await.len(), 5);
        assert_eq!(of("ab").await, ["abb", "abc0", "abcf", "abd"].map(key));
        assert_eq!(of("abc").await, ["abc0", "abcf"].map(key));
        assert_eq!(of("ABCF").await, ["abcf"].map(key));
        assert_eq!(of("ff").await, []);
        assert_eq!(of(&key("abd").to_string()).await, ["abd"].map(key));
        assert_eq!(of("abd%").await, []);
        assert_eq!(of("nonsense").await, []);
    }

    pub async fn touching_counts_hits_and_the_latest_use(store: Arc<dyn Store>) {
        store.put(row("a", "")).await.unwrap();
        let touch = |hits, moment| Touch { key: key("a"), hits, at: at(moment) };

        store.touch(vec![touch(2, NOW.0 + 50), Touch { key: key("b"), hits: 1, at: NOW }]).await.unwrap();
        store.touch(vec![touch(3, NOW.0 + 20)]).await.unwrap();

        let listed = store.list(Filter::default(), NOW).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].hits, listed[0].used_at), (5, at(NOW.0 + 50)));
    }

    pub async fn hits_never_lengthen_a_life(store: Arc<dyn Store>) {
        store.put(row("a", "")).await.unwrap();
        let end = row("a", "").gone_at;

        store.touch(vec![Touch { key: key("a"), hits: 1, at: at(end.0 - 1) }]).await.unwrap();

        assert_eq!(store.get(&key("a"), end).await.unwrap(), None);
    }

    pub async fn a_sweep_removes_what_is_gone(store: Arc<dyn Store>) {
        store.put(row("a", "12")).await.unwrap();
        store.put(Row { gone_at: at(NOW.0 + 10), ..row("b", "345") }).await.unwrap();
        store.put(Row { gone_at: at(NOW.0 + 11), ..row("c", "6789") }).await.unwrap();

        let swept = store.sweep(at(NOW.0 + 10), u64::MAX).await.unwrap();

        assert_eq!(swept, Swept { expired: 1, evicted: 0 });
        assert_eq!(store.size().await.unwrap(), Size { entries: 2, bytes: 6 });
        assert_eq!(keys(&*store, Filter::default()).await, ["a", "c"].map(key));
    }

    pub async fn a_sweep_evicts_the_least_recently_used_first(store: Arc<dyn Store>) {
        for (name, kept_at) in [("1", 10), ("2", 20), ("3", 30), ("4", 40)] {
            store.put(Row { kept_at: at(kept_at), ..row(name, "0123456789") }).await.unwrap();
        }
        store.touch(vec![Touch { key: key("1"), hits: 1, at: at(50) }]).await.unwrap();

        let swept = store.sweep(NOW, 25).await.unwrap();

        assert_eq!(swept, Swept { expired: 0, evicted: 2 });
        assert_eq!(keys(&*store, Filter::default()).await, ["1", "4"].map(key));
        assert_eq!(store.size().await.unwrap(), Size { entries: 2, bytes: 20 });
        assert_eq!(store.sweep(NOW, 20).await.unwrap(), Swept::default());
    }

    pub async fn expired_entries_make_room_before_any_is_evicted(store: Arc<dyn Store>) {
        store.put(Row { kept_at: at(1), ..row("a", "0123456789") }).await.unwrap();
        store.put(Row { gone_at: at(5), kept_at: at(2), ..row("b", "0123456789") }).await.unwrap();

        let swept = store.sweep(NOW, 10).await.unwrap();

        assert_eq!(swept, Swept { expired: 1, evicted: 0 });
        assert_eq!(keys(&*store, Filter::default()).await, ["a"].map(key));
    }

    pub async fn a_large_sweep_is_complete(store: Arc<dyn Store>) {
        let puts = (0..1_700u32).map(|n| {
            let gone_at = if n % 2 == 0 { at(5) } else { row("", "").gone_at };
            let store = Arc::clone(&store);
            async move {
                let row = Row { kept_at: at(u64::from(n)), gone_at, ..row(&format!("{n:08x}"), "0123456789") };
                store.put(row).await.unwrap();
            }
        });
        futures_util::future::join_all(puts).await;

        let swept = store.sweep(NOW, 1_000).await.unwrap();

        assert_eq!(swept, Swept { expired: 850, evicted: 750 });
        assert_eq!(store.size().await.unwrap(), Size { entries: 100, bytes: 1_000 });
        let left = keys(&*store, Filter::default()).await;
        assert_eq!(left.first(), Some(&key(&format!("{:08x}", 1_501))));
        assert_eq!(store.sweep(NOW, 0).await.unwrap(), Swept { expired: 0, evicted: 100 });
        assert_eq!(store.size().await.unwrap(), Size::default());
    }

    pub async fn a_thousand_puts_at_once_are_all_there(store: Arc<dyn Store>) {
        let name = |n: u32| format!("{n:08x}");
        let mut puts = tokio::task::JoinSet::new();
        for n in 0..1_000 {
            let store = Arc::clone(&store);
            puts.spawn(async move { store.put(row(&name(n), name(n))).await });
        }

        while let Some(put) = puts.join_next().await {
            put.unwrap().unwrap();
        }

        for n in 0..1_000 {
            assert_eq!(store.get(&key(&name(n)), NOW).await.unwrap(), Some(Bytes::from(name(n))));
        }
        assert_eq!(store.size().await.unwrap(), Size { entries: 1_000, bytes: 8_000 });
    }

    pub async fn a_place_falls_free_exactly_when_the_window_has_passed(store: Arc<dyn Store>) {
        let two = limit(2, 100);
        let ask = |now| store.admit("user".to_owned(), two, at(now));
        let yes = |remaining, reset| Admission { admitted: true, remaining, reset_at: at(reset) };
        let no = |reset| Admission { admitted: false, remaining: 0, reset_at: at(reset) };

        assert_eq!(ask(1_000).await.unwrap(), yes(1, 1_100));
        assert_eq!(ask(1_050).await.unwrap(), yes(0, 1_100));
        assert_eq!(ask(1_099).await.unwrap(), no(1_100));
        assert_eq!(ask(1_100).await.unwrap(), yes(0, 1_150));
        assert_eq!(ask(1_149).await.unwrap(), no(1_150));
        assert_eq!(ask(1_400).await.unwrap(), yes(1, 1_500));
    }

    pub async fn refusals_cost_nothing(store: Arc<dyn Store>) {
        let one = limit(1, 100);
        store.admit("user".to_owned(), one, at(0)).await.unwrap();
        for now in 1..100 {
            assert!(!store.admit("user".to_owned(), one, at(now)).await.unwrap().admitted);
        }

        assert!(store.admit("user".to_owned(), one, at(100)).await.unwrap().admitted);
    }

    pub async fn subjects_do_not_share_places(store: Arc<dyn Store>) {
        let one = limit(1, 100);

        assert!(store.admit("one".to_owned(), one, NOW).await.unwrap().admitted);
        assert!(store.admit("two".to_owned(), one, NOW).await.unwrap().admitted);
        assert!(!store.admit("one".to_owned(), one, NOW).await.unwrap().admitted);
    }

    pub async fn a_limit_of_none_admits_nobody(store: Arc<dyn Store>) {
        let refused = store.admit("user".to_owned(), limit(0, 100), NOW).await.unwrap();

        assert_eq!(refused, Admission { admitted: false, remaining: 0, reset_at: NOW });
    }

    pub async fn time_that_runs_backwards_admits_nobody_early(store: Arc<dyn Store>) {
        let one = limit(1, 100);
        store.admit("user".to_owned(), one, at(1_000)).await.unwrap();

        for now in [0, 999, 1_099] {
            assert!(!store.admit("user".to_owned(), one, at(now)).await.unwrap().admitted);
        }

        assert!(store.admit("user".to_owned(), one, at(1_100)).await.unwrap().admitted);
    }

    pub async fn standing_takes_no_place(store: Arc<dyn Store>) {
        let two = limit(2, 100);
        let standing = |now| store.standing("user".to_owned(), two, at(now));

        assert_eq!(standing(5).await.unwrap(), Admission { admitted: true, remaining: 2, reset_at: at(5) });
        store.admit("user".to_owned(), two, at(5)).await.unwrap();
        assert_eq!(standing(6).await.unwrap(), Admission { admitted: true, remaining: 1, reset_at: at(105) });
        store.admit("user".to_owned(), two, at(7)).await.unwrap();
        assert_eq!(standing(8).await.unwrap(), Admission { admitted: false, remaining: 0, reset_at: at(105) });
        assert_eq!(standing(8).await.unwrap(), standing(8).await.unwrap());
        assert_eq!(standing(200).await.unwrap(), Admission { admitted: true, remaining: 2, reset_at: at(200) });
    }

    pub async fn a_sweep_forgets_nobody_whose_window_is_open(store: Arc<dyn Store>) {
        let day = 24 * 60 * 60 * 1_000;
        let slow = limit(1, 30 * day);
        store.admit("slow".to_owned(), slow, at(0)).await.unwrap();
        store.admit("quick".to_owned(), limit(1, 100), at(0)).await.unwrap();

        store.sweep(at(29 * day), u64::MAX).await.unwrap();

        assert!(!store.admit("slow".to_owned(), slow, at(29 * day)).await.unwrap().admitted);
        assert!(store.admit("quick".to_owned(), limit(1, 100), at(29 * day)).await.unwrap().admitted);
    }

    /// 25 askers ask 1,000 times each, all of a round at the same moment. A round is the only order that can be told
    /// from outside, so what is admitted is checked against the count of each round.
    pub async fn concurrent_askers_are_admitted_exactly_to_the_limit(store: Arc<dyn Store>) {
        const ASKERS: usize = 25;
        const WINDOW: usize = 7;
        const PLACES: u32 = 60;
        let limit = limit(PLACES, 7);
        let mut admitted: Vec<usize> = Vec::new();

        for round in 0..1_000usize {
            let now = at(u64::try_from(round).unwrap());
            let mut asks = tokio::task::JoinSet::new();
            for _ in 0..ASKERS {
                let store = Arc::clone(&store);
                asks.spawn(async move { store.admit("user".to_owned(), limit, now).await.unwrap().admitted });
            }
            let answers = asks.join_all().await;

            let before: usize = admitted.iter().rev().take(WINDOW - 1).sum();
            let here = answers.into_iter().filter(|&yes| yes).count();
            let places = usize::try_from(PLACES).unwrap();
            assert_eq!(here, ASKERS.min(places - before), "in round {round}");
            admitted.push(here);
        }

        let fullest = admitted.windows(WINDOW).map(|rounds| rounds.iter().sum::<usize>()).max();
        assert_eq!(fullest, usize::try_from(PLACES).ok());
    }

    pub async fn money_is_set_aside_up_to_the_last_of_it_and_settled_at_what_it_was(store: Arc<dyn Store>) {
        let day = [allowance("day", 100)];
        assert_eq!(spending(&*store, &day[0], NOW).await, (0, 0));

        assert!(reserve(&*store, "a", 60, &day, NOW).await.0);
        assert!(!reserve(&*store, "b", 41, &day, NOW).await.0);
        assert!(reserve(&*store, "c", 40, &day, NOW).await.0);
        settle(&*store, "a", 25, &day, NOW).await;

        assert_eq!(spending(&*store, &day[0], NOW).await, (25, 40));
        let (granted, stands) = reserve(&*store, "d", 36, &day, NOW).await;
        assert_eq!((granted, stands), (false, vec![Spending { spent: Usd(25), reserved: Usd(40) }]));
        assert!(reserve(&*store, "e", 35, &day, NOW).await.0);
    }

    pub async fn money_is_taken_from_all_allowances_or_from_none(store: Arc<dyn Store>) {
        let (day, month) = (allowance("day", 100), allowance("month", 10));
        let both = [day.clone(), month.clone()];

        assert!(!reserve(&*store, "a", 11, &both, NOW).await.0);
        assert_eq!((spending(&*store, &day, NOW).await, spending(&*store, &month, NOW).await), ((0, 0), (0, 0)));
        assert!(reserve(&*store, "b", 10, &both, NOW).await.0);
        settle(&*store, "b", 12, &both, NOW).await;

        let all = store.spending(both.to_vec(), NOW).await.unwrap();
        assert_eq!(all, [Spending { spent: Usd(12), reserved: Usd(0) }; 2]);
        assert!(!reserve(&*store, "c", 0, &both, NOW).await.0);
        assert!(reserve(&*store, "d", 88, &[day], NOW).await.0);
    }

    pub async fn what_is_handed_in_twice_counts_once(store: Arc<dyn Store>) {
        let day = [allowance("day", 100)];

        for _ in 0..2 {
            assert!(reserve(&*store, "a", 60, &day, NOW).await.0);
        }
        assert_eq!(spending(&*store, &day[0], NOW).await, (0, 60));
        for _ in 0..2 {
            settle(&*store, "a", 50, &day, NOW).await;
        }

        assert_eq!(spending(&*store, &day[0], NOW).await, (50, 0));
    }

    pub async fn a_settlement_that_overtakes_its_reservation_counts_once(store: Arc<dyn Store>) {
        let day = [allowance("day", 100)];

        settle(&*store, "a", 7, &day, NOW).await;
        assert!(reserve(&*store, "a", 60, &day, NOW).await.0);

        assert_eq!(spending(&*store, &day[0], NOW).await, (7, 0));
    }

    pub async fn what_is_never_settled_counts_as_spent_until_it_is(store: Arc<dyn Store>) {
        let day = [allowance("day", 100)];
        reserve(&*store, "a", 60, &day, NOW).await;
        let overdue = NOW.after(Duration::from_secs(60));

        assert_eq!(spending(&*store, &day[0], overdue.before(Duration::from_millis(1))).await, (0, 60));
        assert_eq!(spending(&*store, &day[0], overdue).await, (60, 0));
        assert!(!reserve(&*store, "b", 41, &day, overdue).await.0);
        settle(&*store, "a", 10, &day, overdue).await;

        assert_eq!(spending(&*store, &day[0], overdue).await, (10, 0));
    }

    pub async fn a_sweep_forgets_no_money_before_its_time(store: Arc<dyn Store>) {
        let day = [allowance("day", 100)];
        reserve(&*store, "a", 60, &day, NOW).await;
        settle(&*store, "a", 60, &day, NOW).await;
        reserve(&*store, "b", 10, &day, NOW).await;

        store.sweep(NOW.after(Duration::from_secs(3599)), u64::MAX).await.unwrap();

        assert_eq!(spending(&*store, &day[0], NOW).await, (60, 10));
    }

    pub async fn concurrent_spenders_never_overshoot(store: Arc<dyn Store>) {
        let both = [allowance("day", 1_000), allowance("month", 5_000)];
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..64 {
            let (store, both) = (Arc::clone(&store), both.clone());
            tasks.spawn(async move {
                let mut paid = 0;
                for round in 0..4 {
                    let id = format!("{n}-{round}");
                    if reserve(&*store, &id, 20, &both, NOW).await.0 {
                        settle(&*store, &id, 15, &both, NOW).await;
                        paid += 15;
                    }
                }
                paid
            });
        }

        let paid: i64 = tasks.join_all().await.into_iter().sum();

        assert_eq!(spending(&*store, &both[0], NOW).await, (paid, 0));
        assert_eq!(spending(&*store, &both[1], NOW).await, (paid, 0));
        // The first fifty find room whoever comes first.
        assert!((750..=1_000).contains(&paid), "{paid}");
    }

    pub async fn counters_add_up(store: Arc<dyn Store>) {
        store.count("batch-1", vec![count(5, "hits", 2), count(5, "misses", 1), count(5, "hits", 3)]).await.unwrap();
        store.count("batch-2", vec![count(5, "hits", -1), count(6, "hits", 10)]).await.unwrap();
        let other = Count { slot: Slot { run: "r1".to_owned(), ..slot(5, "gpt-4o") }, ..count(5, "hits", 100) };
        store.count("batch-3", vec![other.clone()]).await.unwrap();

        let mut counts = store.counts(0).await.unwrap();

        counts.sort_by(|a, b| (&a.slot, &a.field).cmp(&(&b.slot, &b.field)));
        assert_eq!(counts, [count(5, "hits", 4), count(5, "misses", 1), other, count(6, "hits", 10)]);
    }

    pub async fn counters_are_read_from_an_hour_on(store: Arc<dyn Store>) {
        store.count("batch-4", vec![count(5, "hits", 1), count(6, "hits", 2), count(7, "hits", 3)]).await.unwrap();

        let mut counts = store.counts(6).await.unwrap();

        counts.sort_by(|a, b| a.slot.cmp(&b.slot));
        assert_eq!(counts, [count(6, "hits", 2), count(7, "hits", 3)]);
    }

    pub async fn counters_stop_at_the_largest_number(store: Arc<dyn Store>) {
        store.count("batch-5", vec![count(5, "hits", i64::MAX - 1)]).await.unwrap();
        store.count("batch-6", vec![count(5, "hits", 5)]).await.unwrap();

        assert_eq!(store.counts(0).await.unwrap(), [count(5, "hits", i64::MAX)]);
    }

    pub async fn concurrent_counting_loses_nothing(store: Arc<dyn Store>) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..200 {
            let store = Arc::clone(&store);
            tasks.spawn(async move {
                store.count(&format!("batch-of-{n}"), vec![count(1, "hits", 1), count(1, "saved", 3)]).await
            });
        }

        while let Some(task) = tasks.join_next().await {
            task.unwrap().unwrap();
        }

        let mut counts = store.counts(0).await.unwrap();
        counts.sort_by(|a, b| a.field.cmp(&b.field));
        assert_eq!(counts, [count(1, "hits", 200), count(1, "saved", 600)]);
    }

    pub async fn reset_counters_begin_again(store: Arc<dyn Store>) {
        store.put(row("a", "1")).await.unwrap();
        store.count("batch-7", vec![count(5, "hits", 2)]).await.unwrap();

        store.reset_counts().await.unwrap();

        assert_eq!(store.counts(0).await.unwrap(), []);
        store.count("batch-8", vec![count(5, "hits", 1)]).await.unwrap();
        assert_eq!(store.counts(0).await.unwrap(), [count(5, "hits", 1)]);
        assert_eq!(store.size().await.unwrap(), Size { entries: 1, bytes: 1 });
    }

    pub async fn a_document_is_written_only_where_it_is_as_expected(store: Arc<dyn Store>) {
        let end = NOW.after(Duration::from_secs(60));
        let write = async |value: &'static str, expected| {
            store.write_document("a", Bytes::from_static(value.as_bytes()), expected, NOW, end).await.unwrap()
        };

        assert_eq!(write("x", Expected::Version(1)).await, Written::Conflict(None));
        assert_eq!(write("one", Expected::Absent).await, Written::Done(1));
        assert_eq!(write("x", Expected::Absent).await, Written::Conflict(Some(1)));
        assert_eq!(write("two", Expected::Version(1)).await, Written::Done(2));
        assert_eq!(write("x", Expected::Version(1)).await, Written::Conflict(Some(2)));

        let value = Bytes::from_static(b"two");
        let kept = Document { name: "a".to_owned(), version: 2, value, gone_at: end };
        assert_eq!(store.document("a", NOW, None).await.unwrap(), Some(kept));
    }

    pub async fn a_document_holds_any_bytes(store: Arc<dyn Store>) {
        let bytes: Bytes = (0..=255u8).cycle().take(100_000).collect();
        let end = NOW.after(Duration::from_secs(60));

        store.write_document("a:b c", bytes.clone(), Expected::Absent, NOW, end).await.unwrap();

        assert!(store.document("a:b c", NOW, None).await.unwrap().unwrap().value == bytes);
    }

    pub async fn reading_lengthens_a_document_s_life_and_never_shortens_it(store: Arc<dyn Store>) {
        let end = |seconds| NOW.after(Duration::from_secs(seconds));
        store.write_document("a", Bytes::new(), Expected::Absent, NOW, end(60)).await.unwrap();
        let read = async |extend_to| store.document("a", NOW, extend_to).await.unwrap().unwrap().gone_at;

        assert_eq!(read(None).await, end(60));
        assert_eq!(read(Some(end(90))).await, end(90));
        assert_eq!(read(Some(end(70))).await, end(90));
        assert_eq!(read(None).await, end(90));
        assert_eq!(store.document("b", NOW, Some(end(90))).await.unwrap(), None);
    }

    pub async fn a_document_is_gone_at_its_end(store: Arc<dyn Store>) {
        let end = NOW.after(Duration::from_secs(60));
        store.write_document("a", Bytes::new(), Expected::Absent, NOW, end).await.unwrap();

        assert!(store.document("a", end.before(Duration::from_millis(1)), None).await.unwrap().is_some());
        assert_eq!(store.document("a", end, Some(end.after(Duration::from_secs(60)))).await.unwrap(), None);
        assert_eq!(store.documents("", 10, end).await.unwrap(), []);
        let again = store.write_document("a", Bytes::new(), Expected::Absent, end, end.after(Duration::from_secs(1)));
        assert_eq!(again.await.unwrap(), Written::Done(1));
    }

    pub async fn a_removed_document_is_not_there(store: Arc<dyn Store>) {
        let end = NOW.after(Duration::from_secs(60));
        store.write_document("a", Bytes::new(), Expected::Absent, NOW, end).await.unwrap();

        assert!(store.remove_document("a", NOW).await.unwrap());

        assert!(!store.remove_document("a", NOW).await.unwrap());
        assert_eq!(store.document("a", NOW, None).await.unwrap(), None);
    }

    pub async fn documents_are_listed_by_name(store: Arc<dyn Store>) {
        let end = NOW.after(Duration::from_secs(60));
        for name in ["s:b", "s:a", "s*", "t:a", "s:a%", "s:A", "s"] {
            store.write_document(name, Bytes::new(), Expected::Absent, NOW, end).await.unwrap();
        }
        let names = async |prefix: &str, most| {
            let documents = store.documents(prefix, most, NOW).await.unwrap();
            documents.into_iter().map(|document| document.name).collect::<Vec<_>>()
        };

        assert_eq!(names("s:", 10).await, ["s:A", "s:a", "s:a%", "s:b"]);
        assert_eq!(names("s:", 2).await, ["s:A", "s:a"]);
        assert_eq!(names("s*", 10).await, ["s*"]);
        assert_eq!(names("none", 10).await, [""; 0]);
    }

    pub async fn of_a_hundred_writers_one_wins_each_version(store: Arc<dyn Store>) {
        let end = NOW.after(Duration::from_secs(60));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let store = Arc::clone(&store);
            tasks.spawn(async move {
                loop {
                    let now = store.document("a", NOW, None).await.unwrap();
                    let (count, expected) = match &now {
                        Some(document) => (document.value.len() + 1, Expected::Version(document.version)),
                        None => (1, Expected::Absent),
                    };
                    let value = Bytes::from(vec![0; count]);
                    if let Written::Done(_) = store.write_document("a", value, expected, NOW, end).await.unwrap() {
                        return;
                    }
                }
            });
        }
        tasks.join_all().await;

        let document = store.document("a", NOW, None).await.unwrap().unwrap();
        assert_eq!((document.value.len(), document.version), (100, 100));
    }

    pub async fn a_ping_is_answered(store: Arc<dyn Store>) {
        store.ping().await.unwrap();
    }
}

/// A module a backend, a test a fact.
macro_rules! on_every_backend {
    ([$($backend:ident),+ $(,)?] $facts:tt) => { $(on_backend! { $backend $facts })+ };
}

macro_rules! on_backend {
    ($backend:ident [$($fact:ident),+ $(,)?]) => {
        mod $backend {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $fact() {
                    let Some(world) = crate::store_conformance::backend::$backend().await else { return };
                    crate::store_conformance::facts::$fact(std::sync::Arc::clone(&world.store)).await;
                }
            )+
        }
    };
}

/// One test of all facts, for a server that takes long to come up: a prefix each keeps them apart.
macro_rules! on_one_cluster {
    ([$test:ident] [$($fact:ident),+ $(,)?]) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            if !is_installed() {
                return;
            }
            let cluster = Cluster::start().await;
            $(
                // What was said last when it fails is the fact that failed.
                eprintln!("{}", stringify!($fact));
                let name = stringify!($fact);
                let store = shared::redis(&cluster.url(), name).with_documents_below(name).by_the_askers_clock();
                Box::pin(facts::$fact(Arc::new(store))).await;
            )+
        }
    };
}

/// What stores do that go by the `now` of whoever asks and evict. What stands for it where a server has a clock and a
/// size of its own is in `shared_stores`.
mod by_themselves {
    on_every_backend! {
        [memory, embedded, embedded_full]
        [
            an_entry_is_gone_at_its_end_and_not_before,
            a_second_put_replaces_the_first_and_its_hits,
            hits_never_lengthen_a_life,
            a_sweep_evicts_the_least_recently_used_first,
            expired_entries_make_room_before_any_is_evicted,
            a_large_sweep_is_complete,
        ]
    }
}

/// What every store does.
macro_rules! everywhere {
    ($on:ident $where:tt) => {
        $on! {
            $where
            [
                what_was_put_is_got,
                what_was_not_put_is_not_there,
                an_entry_without_an_end_stays,
                removing_tells_how_many_there_were,
                a_listing_shows_every_column,
                a_listing_is_in_the_order_of_the_keys,
        keys_come_in_order_a_few_at_a_time,
                each_filter_and_all_together_select,
                a_prefix_may_have_any_number_of_digits,
                touching_counts_hits_and_the_latest_use,
                a_sweep_removes_what_is_gone,
                a_thousand_puts_at_once_are_all_there,
                a_place_falls_free_exactly_when_the_window_has_passed,
                refusals_cost_nothing,
                subjects_do_not_share_places,
                a_limit_of_none_admits_nobody,
                time_that_runs_backwards_admits_nobody_early,
                standing_takes_no_place,
                a_sweep_forgets_nobody_whose_window_is_open,
                concurrent_askers_are_admitted_exactly_to_the_limit,
                money_is_set_aside_up_to_the_last_of_it_and_settled_at_what_it_was,
                money_is_taken_from_all_allowances_or_from_none,
                what_is_handed_in_twice_counts_once,
                a_settlement_that_overtakes_its_reservation_counts_once,
                what_is_never_settled_counts_as_spent_until_it_is,
                a_sweep_forgets_no_money_before_its_time,
                concurrent_spenders_never_overshoot,
                counters_add_up,
                counters_are_read_from_an_hour_on,
                counters_stop_at_the_largest_number,
                concurrent_counting_loses_nothing,
                reset_counters_begin_again,
                a_document_is_written_only_where_it_is_as_expected,
                a_document_holds_any_bytes,
                reading_lengthens_a_document_s_life_and_never_shortens_it,
                a_document_is_gone_at_its_end,
                a_removed_document_is_not_there,
                documents_are_listed_by_name,
                of_a_hundred_writers_one_wins_each_version,
                a_ping_is_answered,
            ]
        }
    };
}

everywhere! { on_every_backend [memory, embedded, embedded_full, redis, upstash] }
everywhere! { on_one_cluster [every_fact_holds_on_a_cluster] }

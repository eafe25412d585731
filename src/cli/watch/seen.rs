//! What the dashboard has seen: the last requests and the course of the last minutes. Pure.

use std::collections::VecDeque;

use super::feed::News;
use crate::api::events::{RequestEvent, StatsEvent};

/// Requests remembered.
const MOST_REQUESTS: usize = 200;

/// Seconds remembered.
const MOST_SECONDS: usize = 600;

/// What was seen.
#[derive(Default)]
pub struct Seen {
    /// The last sums.
    pub stats: Option<StatsEvent>,
    /// Hit rate at each second, in tenths of a percent; `None` where there was none yet.
    pub rates: VecDeque<Option<u64>>,
    /// What was saved within each second, in millionths of a dollar.
    pub savings: VecDeque<u64>,
    /// The last requests, the latest first.
    pub requests: VecDeque<RequestEvent>,
    /// Events that came too fast.
    pub lost: u64,
    /// Why there is no news, where there is none.
    pub gone: Option<String>,
}

impl Seen {
    /// Takes notice.
    pub fn note(&mut self, news: News) {
        match news {
            News::Request(request) => {
                self.requests.push_front(*request);
                self.requests.truncate(MOST_REQUESTS);
            }
            News::Stats(stats) => {
                // A successor begins at nothing.
                let before = self.stats.as_ref().map_or(stats.saved_usd, |before| before.saved_usd);
                let saved = (stats.saved_usd - before).max(0.0);
                remember(&mut self.savings, (saved * 1e6).round() as u64);
                remember(&mut self.rates, stats.hit_rate.map(|rate| (rate * 10.0).round() as u64));
                self.stats = Some(*stats);
                self.gone = None;
            }
            News::Lost(events) => self.lost += events,
            News::Gone(why) => self.gone = Some(why),
            News::Signal(_) => {}
        }
    }
}

fn remember<T>(course: &mut VecDeque<T>, value: T) {
    course.push_back(value);
    if course.len() > MOST_SECONDS {
        course.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(saved_usd: f64, hit_rate: f64) -> News {
        News::Stats(Box::new(StatsEvent { saved_usd, hit_rate: Some(hit_rate), ..StatsEvent::default() }))
    }

    #[test]
    fn savings_are_those_of_each_second_and_never_below_nothing() {
        let mut seen = Seen::default();
        for saved in [5.0, 5.5, 5.5, 0.0] {
            seen.note(stats(saved, 50.0));
        }
        assert_eq!(seen.savings, [0, 500_000, 0, 0]);
        assert_eq!(seen.rates, [Some(500); 4]);
    }

    #[test]
    fn news_after_a_silence_ends_it() {
        let mut seen = Seen::default();
        seen.note(News::Gone("the daemon has stopped".into()));
        assert!(seen.gone.is_some());
        seen.note(stats(0.0, 0.0));
        assert!(seen.gone.is_none());
    }
}

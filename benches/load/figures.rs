//! Many measurements as the few that are told.

use std::time::Duration;

/// Measurements of one thing.
#[derive(Clone, Debug)]
pub struct Figures {
    name: String,
    times: Vec<Duration>,
}

impl Figures {
    pub fn of(name: impl Into<String>) -> Figures {
        Figures { name: name.into(), times: Vec::new() }
    }

    pub fn add(&mut self, time: Duration) {
        self.times.push(time);
    }

    pub fn extend(&mut self, times: Vec<Duration>) {
        self.times.extend(times);
    }

    pub fn count(&self) -> usize {
        self.times.len()
    }

    /// The name, the median and the 99th percentile, then whatever belongs to them.
    pub fn tell(mut self, more: &[f64]) {
        self.times.sort_unstable();
        let more: String = more.iter().map(|number| format!("\t{number:.1}")).collect();
        println!("{}\t{:.1}\t{:.1}{more}", self.name, self.at(50), self.at(99));
    }

    fn at(&self, percent: usize) -> f64 {
        let index = (self.times.len() * percent / 100).min(self.times.len() - 1);
        self.times[index].as_nanos() as f64 / 1e3
    }
}

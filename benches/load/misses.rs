//! What a daemon adds to a call: the same provider asked straight and through it, by turns.

use serde_json::json;

use super::client;
use super::figures::Figures;

const WARM_UP: usize = 50;

/// `url` is what `serve` printed; the daemon knows it as the provider `near`.
pub fn run(socket: &str, url: &str, runs: usize) {
    let address = url.trim_start_matches("http://").trim_end_matches("/v1");
    let mut straight = client::over_tcp(address);
    let mut through = client::over_socket(socket);
    let unique = fastrand::u64(..);
    for stream in [false, true] {
        let form = if stream { "stream" } else { "plain" };
        let names = ["straight first", "through first", "straight last", "through last"];
        let mut figures = names.map(|name| Figures::of(format!("{form} {name}")));
        for run in 0..WARM_UP + runs {
            let prompt = format!("{form} {unique} {run}");
            let body = json!({"model": "m", "messages": [{"role": "user", "content": prompt}], "stream": stream});
            let one = straight.ask(&client::post("/v1/chat/completions", &body));
            let other = through.ask(&client::generate(&prompt, "near/m", stream));
            through.must_be("miss");
            if run >= WARM_UP {
                let times = [one.first, other.first, one.whole, other.whole];
                figures.iter_mut().zip(times).for_each(|(figures, time)| figures.add(time));
            }
        }
        figures.into_iter().for_each(|figures| figures.tell(&[]));
    }
}

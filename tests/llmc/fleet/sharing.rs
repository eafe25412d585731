//! What one daemon was answered, the others know; what one forgets, they forget; and of equal prompts in the air at once
//! one is asked.

use serde_json::{Value, json};

use super::*;
use crate::support::{Reply, feed, says};

/// Two daemons, over either kind of line, and what keeps their server alive.
enum Server {
    Redis(Redis),
    Rest(Rest),
}

impl Server {
    async fn all() -> Vec<Server> {
        vec![Server::Redis(Redis::start(&[]).await), Server::Rest(Rest::start().await)]
    }

    fn daemon(&self, upstream: &Arc<Upstream>) -> World {
        match self {
            Server::Redis(redis) => daemon(&redis.url(), upstream, PATIENT).begun(),
            Server::Rest(rest) => daemon_over_rest(rest, upstream).begun(),
        }
    }

    async fn empty(&self) {
        match self {
            Server::Redis(redis) => redis.run_command(&["FLUSHALL"]).await,
            Server::Rest(rest) => rest.run_command(&["FLUSHALL"]).await,
        };
    }
}

async fn raw(world: &World, mode: &str) -> (Option<String>, &'static str) {
    let asked = json!({"prompt": "hi", "raw": true, "cache": {"mode": mode}});
    let reply = world.ask(asked).await.reply();
    (reply.raw, reply.metadata.cache_status.name())
}

#[tokio::test]
async fn a_prompt_asked_on_one_daemon_is_a_hit_on_the_others_byte_for_byte() {
    if !is_installed() {
        return;
    }
    for server in Server::all().await {
        let upstream = Arc::new(Upstream::start().await);
        let (one, other) = (server.daemon(&upstream), server.daemon(&upstream));

        let (first, status) = raw(&one, "auto").await;
        assert_eq!(status, "miss");

        assert_eq!(raw(&other, "auto").await, (first, "hit"));
        assert_eq!(upstream.count(), 1);
    }
}

/// What `other` answers from memory until it knows better; that must be within a second of now.
async fn known_within_a_second(other: &World, is_old: impl Fn(&crate::support::world::Answered) -> bool) {
    let changed_at = Instant::now();
    loop {
        let asked_at = Instant::now();
        let answered = other.ask(json!({"prompt": "hi", "cache": {"mode": "replay"}})).await;
        if !is_old(&answered) {
            return;
        }
        assert!(asked_at - changed_at < Duration::from_secs(1), "served after {:?}", asked_at - changed_at);
    }
}

#[tokio::test]
async fn what_one_daemon_purges_the_others_forget_within_a_second() {
    if !is_installed() {
        return;
    }
    for server in Server::all().await {
        let upstream = Arc::new(Upstream::start().await);
        let (one, other) = (server.daemon(&upstream), server.daemon(&upstream));
        one.generate("hi").await;
        other.generate("hi").await;

        assert_eq!(one.purge(json!({"all": true})).await.json()["removed"], 1);

        known_within_a_second(&other, |answered| answered.status == 200).await;
    }
}

#[tokio::test]
async fn what_one_daemon_refreshes_the_others_have_anew_within_a_second() {
    if !is_installed() {
        return;
    }
    for server in Server::all().await {
        let upstream = Arc::new(Upstream::start().await);
        let (one, other) = (server.daemon(&upstream), server.daemon(&upstream));
        one.generate("hi").await;
        other.generate("hi").await;
        upstream.answers(says("new"));

        raw(&one, "refresh").await;

        known_within_a_second(&other, |answered| answered.reply().text == "hello").await;
    }
}

#[tokio::test]
async fn an_emptied_server_is_noticed_within_a_second() {
    if !is_installed() {
        return;
    }
    for server in Server::all().await {
        let upstream = Arc::new(Upstream::start().await);
        let world = server.daemon(&upstream);
        world.generate("hi").await;

        server.empty().await;

        known_within_a_second(&world, |answered| answered.status == 200).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_prompts_at_many_daemons_are_one_call() {
    if !is_installed() {
        return;
    }
    for server in Server::all().await {
        let upstream = Arc::new(Upstream::start().await);
        let daemons: Vec<World> = (0..4).map(|_| server.daemon(&upstream)).collect();
        upstream.hold();
        let mut askers = tokio::task::JoinSet::new();
        for number in 0..100 {
            askers.spawn(daemons[number % 4].ask(json!({"prompt": "hi"})));
        }
        upstream.called(1).await;
        upstream.release();

        for answered in askers.join_all().await {
            assert_eq!(answered.reply().text, "hello");
        }

        assert_eq!(upstream.count(), 1);
    }
}

#[tokio::test]
async fn who_waits_for_another_daemons_stream_gets_all_of_it() {
    if !is_installed() {
        return;
    }
    let server = Server::Redis(Redis::start(&[]).await);
    let upstream = Arc::new(Upstream::start().await);
    let (one, other) = (server.daemon(&upstream), server.daemon(&upstream));
    let (feed, reply) = feed();
    upstream.answers_next([reply]);
    feed.say("one ");
    let mut first = one.listen(json!({"prompt": "hi"})).await;
    // Its call is in the air, and holds the lease.
    assert_eq!(first.next_text().await, "one ");
    let follower = tokio::spawn(other.ask(json!({"prompt": "hi", "stream": true})));
    feed.say("two");
    feed.finish();

    assert_eq!(first.told().await.text, "two");

    let told = String::from_utf8(follower.await.unwrap().body.to_vec()).unwrap();
    assert!(told.contains("\"one two\"") && told.contains("event: done"), "{told}");
    assert_eq!(upstream.count(), 1);
}

#[tokio::test]
async fn a_holder_that_fails_hands_over() {
    if !is_installed() {
        return;
    }
    let server = Server::Redis(Redis::start(&[]).await);
    let upstream = Arc::new(Upstream::start().await);
    let (one, other) = (server.daemon(&upstream), server.daemon(&upstream));
    upstream.hold();
    upstream.answers_next([Reply::failing(400)]);
    let holder = tokio::spawn(one.ask(json!({"prompt": "hi"})));
    upstream.called(1).await;
    let follower = tokio::spawn(other.ask(json!({"prompt": "hi"})));
    upstream.release();

    assert_eq!(holder.await.unwrap().status, 502);

    assert_eq!(follower.await.unwrap().reply().text, "hello");
    assert_eq!(upstream.count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turns_of_one_session_over_two_daemons_end_as_whole_ordered_pairs() {
    if !is_installed() {
        return;
    }
    for server in Server::all().await {
        let upstream = Arc::new(Upstream::start().await);
        // What was said last is answered, so that a pair is known by itself.
        upstream.answers(Reply::by(|call| {
            let said = call.body()["messages"].as_array().unwrap().last().unwrap()["content"].clone();
            says(&format!("to {}", said.as_str().unwrap())).into()
        }));
        let daemons = [server.daemon(&upstream), server.daemon(&upstream)];
        daemons[0].send("POST", "/sessions", &[], json!({"id": "a"}).to_string()).await;
        let mut turns = tokio::task::JoinSet::new();
        for number in 0..50 {
            turns.spawn(daemons[number % 2].ask(json!({"prompt": format!("q{number}"), "session": "a"})));
        }
        for answered in turns.join_all().await {
            assert!(answered.reply().metadata.warnings.is_empty(), "{answered:?}");
        }

        let session: Value = daemons[0].get("/sessions/a").await.json();

        let said = session["messages"].as_array().unwrap();
        assert_eq!(said.len(), 100);
        let mut questions = std::collections::BTreeSet::new();
        for pair in said.chunks(2) {
            let question = pair[0]["content"].as_str().unwrap();
            assert_eq!((&pair[0]["role"], &pair[1]["role"]), (&json!("user"), &json!("assistant")));
            assert_eq!(pair[1]["content"], format!("to {question}"));
            questions.insert(question.to_owned());
        }
        assert_eq!(questions.len(), 50);
    }
}

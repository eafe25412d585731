//! Over TLS: a server is believed with a certificate that the machine's authorities vouch for, and not otherwise.

use std::path::Path;
use std::process::{Command, Stdio};

use llmc::error::Kind;
use llmc::store::Store;

use super::*;
use crate::support::redis::{Redis, has, is_installed};
use crate::support::shared;

/// Where the process that believes finds the server.
const ADDRESS: &str = "LLMC_TEST_SECURE_ADDRESS";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_believed_with_a_certificate_that_somebody_vouches_for() {
    if !is_installed() || !has("openssl", "version") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    make_certificates(folder.path());
    let file = |name: &str| folder.path().join(name).display().to_string();
    let server = Redis::start(&["--tls-cert-file", &file("cert"), "--tls-key-file", &file("key")]).await;
    let tls = ["--tls-auth-clients", "no", "--tls-ca-cert-file", &file("authority")].map(str::to_owned);
    for pair in tls.chunks(2) {
        server.run_command(&["CONFIG", "SET", pair[0].trim_start_matches('-'), &pair[1]]).await;
    }
    // The plain port becomes the secure one.
    server.run_command(&["CONFIG", "SET", "port", "0"]).await;
    server.run_command(&["CONFIG", "SET", "tls-port", &server.port.to_string()]).await;
    let url = format!("rediss://localhost:{}", server.port);

    let stranger = shared::redis(&url, PREFIX).ping().await.unwrap_err();
    assert_eq!(stranger.kind(), Kind::Unreachable);
    assert!(stranger.to_string().contains("certificate"), "{stranger}");

    // Whom the machine believes is said by a variable, which only another process can have.
    let believer = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "shared_stores::secure::a_server_somebody_vouches_for_is_used", "--nocapture"])
        .env("SSL_CERT_FILE", file("authority"))
        .env(ADDRESS, url)
        .output();
    let believer = believer.unwrap();
    let said = String::from_utf8_lossy(&believer.stdout);
    assert!(believer.status.success() && said.contains("1 passed"), "{said}");
}

/// The other process of the test above; by itself it has no server to ask.
#[tokio::test]
async fn a_server_somebody_vouches_for_is_used() {
    let Ok(url) = std::env::var(ADDRESS) else { return };

    shared::redis(&url, PREFIX).ping().await.unwrap();
}

/// An authority, and a key and certificate it gave out for `localhost`.
fn make_certificates(folder: &Path) {
    let openssl = |words: &str| {
        let run = Command::new("openssl").args(words.split(' ')).current_dir(folder).stdin(Stdio::null()).output();
        let run = run.unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost\n").unwrap();
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!("req -x509 {key} -keyout authority-key -out authority -days 2 -subj /CN=authority"));
    openssl(&format!("req {key} -keyout key -out request -subj /CN=localhost"));
    openssl(
        "x509 -req -in request -CA authority -CAkey authority-key -CAcreateserial -out cert -days 2 -extfile names",
    );
}

//! Who may speak: on the socket, processes of the same user and nobody else.

use interprocess::local_socket::PeerCreds;

/// Whose limits a request spends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject(pub String);

/// The subject behind a socket peer, or `None` where it is another user or cannot be told.
pub fn subject_of(peer: &PeerCreds) -> Option<Subject> {
    let user = peer.euid()?;
    (user == rustix::process::geteuid().as_raw()).then(|| Subject(format!("user:{user}")))
}

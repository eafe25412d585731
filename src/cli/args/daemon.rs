//! What can be typed after `llmc daemon`.

use std::time::Duration;

use clap::Subcommand;

use super::{appendix, duration};

/// `daemon …`
#[derive(Debug, Subcommand)]
pub enum DaemonCommand {
    /// Start the daemon; succeeds where it is running
    #[command(after_help = appendix::DAEMON_START)]
    Start,
    /// Stop the daemon, once the calls in the air have ended
    #[command(after_help = appendix::DAEMON_STOP)]
    Stop,
    /// Stop the daemon and start it again
    #[command(after_help = appendix::DAEMON_RESTART)]
    Restart,
    /// Show whether and how the daemon runs
    #[command(after_help = appendix::DAEMON_STATUS)]
    Status,
    /// Run a daemon in the foreground, as service managers want it
    #[command(after_help = appendix::DAEMON_RUN)]
    Run {
        /// Leave the terminal behind
        #[arg(long, hide = true)]
        detached: bool,
        /// Leave after this long without a request
        #[arg(long, value_name = "DURATION", value_parser = duration)]
        idle_exit: Option<Duration>,
    },
    /// Print the token that programs send as their API key over TCP
    ///
    /// It is wanted at the address of `http.listen`, where it stands for the keys of all providers. It is made when it is
    /// first asked for, and kept in a private file beside the data.
    #[command(after_help = appendix::DAEMON_TOKEN)]
    Token {
        /// Make a new one first; the old one opens nothing any more
        #[arg(long)]
        rotate: bool,
    },
    /// Have the daemon read its settings again
    ///
    /// Commands bring their settings along, so that a change is in force with the next one. This is for programs that
    /// ask over the socket by themselves. Settings of the store and of the daemon itself take `llmc daemon restart`.
    #[command(after_help = appendix::DAEMON_RELOAD)]
    Reload,
    /// Print the daemon's log
    #[command(after_help = appendix::DAEMON_LOGS)]
    Logs {
        /// At most this many lines, from the end
        #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 100)]
        lines: usize,
    },
}

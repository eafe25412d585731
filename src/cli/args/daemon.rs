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
        /// Write the log to its file, where `llmc daemon logs` reads it, rather than to standard error
        #[arg(long)]
        log_to_file: bool,
    },
    /// Have this system's service manager look after the daemon
    ///
    /// On Linux these are units of systemd's user manager, which makes the socket and starts the daemon with the first
    /// question; on macOS an agent of launchd. A daemon that was started by itself makes room. To do it again after an
    /// upgrade or a move does no harm.
    #[command(after_help = appendix::DAEMON_INSTALL)]
    Install {
        /// Show the files and write nothing
        #[arg(long)]
        print: bool,
    },
    /// Take that service away; data, settings and log stay
    #[command(after_help = appendix::DAEMON_UNINSTALL)]
    Uninstall,
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
        /// Go on with what is written from now on, until interrupted
        #[arg(short, long)]
        follow: bool,
    },
}

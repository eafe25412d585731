//! Units for systemd's user manager: it makes the socket, and starts the daemon with the first question.

use std::path::Path;

use super::{Call, Plan, Service, Unit};

/// What is to be done where.
pub fn plan(service: &Service, config: &Path) -> Plan {
    let folder = config.join("systemd/user");
    Plan {
        units: vec![
            Unit { path: folder.join("llmc.service"), text: daemon(service) },
            Unit { path: folder.join("llmc.socket"), text: socket(service) },
        ],
        manager: "systemctl",
        renew: vec![Call::of(["--user", "stop", "llmc.socket", "llmc.service"]).or_not()],
        begin: vec![Call::of(["--user", "daemon-reload"]), Call::of(["--user", "enable", "--now", "llmc.socket"])],
        end: vec![
            Call::of(["--user", "disable", "--now", "llmc.socket"]).or_not(),
            Call::of(["--user", "stop", "llmc.service"]).or_not(),
        ],
        after: vec![Call::of(["--user", "daemon-reload"])],
    }
}

fn daemon(service: &Service) -> String {
    let program = quoted(&service.program.to_string_lossy());
    let variables: String = service
        .variables
        .iter()
        .map(|(name, value)| format!("Environment={}\n", quoted(&format!("{name}={value}"))))
        .collect();
    // No MemoryDenyWriteExecute: the command that prints a key may be one that compiles as it runs. No ProtectHome and no
    // strict ProtectSystem: that command has its own files there.
    format!(
        "[Unit]
Description=llmc, a cache for LLM calls
Documentation=man:llmc(1)
Requires=llmc.socket
After=llmc.socket

[Service]
Type=exec
ExecStart={program} daemon run --log-to-file
ExecReload=kill -HUP $MAINPID
{variables}Restart=on-failure
TimeoutStopSec=60
LimitCORE=0
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=full
ProtectControlGroups=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
"
    )
}

fn socket(service: &Service) -> String {
    let path = service.socket.to_string_lossy().replace('%', "%%");
    format!(
        "[Unit]
Description=The socket of llmc

[Socket]
ListenStream={path}
SocketMode=0600
DirectoryMode=0700
RemoveOnStop=yes

[Install]
WantedBy=sockets.target
"
    )
}

/// A word as a unit takes it, without specifiers (systemd.syntax(7)).
fn quoted(word: &str) -> String {
    let word = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%");
    format!("\"{word}\"")
}

#[cfg(test)]
mod tests {
    use super::super::tests::example;
    use super::*;

    #[test]
    fn nothing_in_a_path_is_taken_for_more_than_a_path() {
        let plan = plan(&example(), Path::new("/c"));

        let unit = &plan.units[0];
        assert_eq!(unit.path, Path::new("/c/systemd/user/llmc.service"));
        assert!(unit.text.contains("ExecStart=\"/opt/a b/100%%/llmc\" daemon run"), "{}", unit.text);
        assert!(unit.text.contains(r#"Environment="LLMC_DATA_DIR=/data/\"$x\" & <y>""#), "{}", unit.text);
    }
}

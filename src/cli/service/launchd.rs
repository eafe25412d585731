//! An agent for launchd. It runs from log-in on: a socket of launchd's own making can only be taken over by a call that
//! llmc does not make.

use std::path::Path;

use super::{Call, Plan, Service, Unit};

const LABEL: &str = "llmc.daemon";

/// What is to be done where.
pub fn plan(service: &Service, home: &Path, user: u32) -> Plan {
    let path = home.join("Library/LaunchAgents").join(format!("{LABEL}.plist"));
    let at = path.display().to_string();
    let (domain, service_name) = (format!("gui/{user}"), format!("gui/{user}/{LABEL}"));
    let end = || Call::of(["bootout", &service_name]).or_not();
    Plan {
        units: vec![Unit { path, text: agent(service) }],
        manager: "launchctl",
        renew: Vec::new(),
        // One that is begun already cannot be begun.
        begin: vec![end(), Call::of(["enable", &service_name]), Call::of(["bootstrap", &domain, &at])],
        end: vec![end()],
        after: Vec::new(),
    }
}

fn agent(service: &Service) -> String {
    let program = escaped(&service.program.to_string_lossy());
    let log = escaped(&service.log.to_string_lossy());
    let variable = |(name, value): &(&str, String)| {
        format!("        <key>{name}</key>\n        <string>{}</string>\n", escaped(value))
    };
    let variables: String = service.variables.iter().map(variable).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">
<plist version=\"1.0\">
<dict>
    <key>Label</key>
    <string>{LABEL}</string>
    <key>ProgramArguments</key>
    <array>
        <string>{program}</string>
        <string>daemon</string>
        <string>run</string>
        <string>--log-to-file</string>
    </array>
    <key>EnvironmentVariables</key>
    <dict>
{variables}    </dict>
    <key>RunAtLoad</key>
    <true/>
    <key>KeepAlive</key>
    <dict>
        <key>SuccessfulExit</key>
        <false/>
    </dict>
    <key>ProcessType</key>
    <string>Background</string>
    <key>Umask</key>
    <integer>63</integer>
    <key>StandardErrorPath</key>
    <string>{log}</string>
</dict>
</plist>
"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::super::tests::example;
    use super::*;

    #[test]
    fn an_agent_is_begun_for_this_user_and_its_text_is_well_formed() {
        let plan = plan(&example(), Path::new("/Users/u"), 501);

        let unit = &plan.units[0];
        assert_eq!(unit.path, Path::new("/Users/u/Library/LaunchAgents/llmc.daemon.plist"));
        assert!(unit.text.contains("<string>/data/\"$x\" &amp; &lt;y&gt;</string>"), "{}", unit.text);
        assert_eq!(plan.begin[2].words, ["bootstrap", "gui/501", "/Users/u/Library/LaunchAgents/llmc.daemon.plist"]);
    }
}

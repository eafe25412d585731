"""Asks a throw-away daemon for everything that its `/openapi.json` says can be asked, with what the description allows and
with what it does not: no answer is a failure of the server's, and each is as described. The same seed asks the same."""

import subprocess
import sys
import tempfile
from pathlib import Path

from daemon import DEADLINE, Daemon

SEED = 20261123
SECONDS = 45
EXAMPLES = 40

# Not among them: that whatever the schema allows is done, as some rules are of two members (a purge of everything must say
# so) or of a value (a session lives a second at least); that a method nobody knows is refused as such, as a body that is
# no JSON is refused before anybody looks at the path; that what was removed stays away, as sessions have the names that
# they are given.
CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "ignored_auth",
]  # fmt: skip

# What is said to vendors has the vendors' shapes; of the rest these are not for this door, and say so.
OTHERS = "^/(v1|openai|anthropic|gemini|providers)/"


def main():
    settings = 'default_model = "echo/echo"\n'
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(sys.argv[1], Path(folder), settings)
        try:
            hooks = Path(__file__).with_name("fuzz_lines.py")
            environment = daemon.environment | {"SCHEMATHESIS_HOOKS": str(hooks), "PYTHONDONTWRITEBYTECODE": "1"}
            fuzz = [
                sys.executable, "-m", "schemathesis.cli", "run", f"{daemon.address}/openapi.json",
                "--header", f"Authorization: Bearer {daemon.token}", "--checks", ",".join(CHECKS),
                "--exclude-path-regex", OTHERS, "--seed", str(SEED), "--max-examples", str(EXAMPLES),
                "--phases", "examples,coverage,fuzzing", "--max-time", str(SECONDS), "--continue-on-failure",
                "--suppress-health-check", "all", "--request-timeout", "10", "--warnings", "off",
            ]  # fmt: skip
            ran = subprocess.run(fuzz, cwd=folder, env=environment, timeout=SECONDS + DEADLINE * 4)
            assert daemon.daemon.poll() is None, "the daemon ended"
        finally:
            daemon.end()
    sys.exit(ran.returncode)


main()

"""A daemon of the tests' own with a door on a free port, in a folder that nobody else uses."""

import contextlib
import json
import os
import signal
import subprocess
import time

DEADLINE = 30

SETTINGS = """
[http]
listen = "127.0.0.1:0"
[rate_limit]
llm = 100000
standard = 100000
expensive = 100000
"""


class Daemon:
    """Ready to be asked once it is made; `address` and `token` open its door."""

    def __init__(self, llmc, folder, settings="", keys=None):
        self.llmc = llmc
        self.folder = folder
        config = folder / "config.toml"
        config.write_text(settings + SETTINGS)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LLMC_CONFIG": str(config),
            "LLMC_DATA_DIR": str(folder / "data"),
            "LLMC_STATE_DIR": str(folder / "state"),
            "LLMC_SOCKET": str(folder / "run" / "llmc.sock"),
        } | (keys or {})
        with open(folder / "log", "wb") as log:
            self.daemon = subprocess.Popen([llmc, "daemon", "run"], env=self.environment, stderr=log)
        self.address = f"http://{self.wait_for_door()}"
        self.token = self.run("daemon", "token").strip()

    def run(self, *arguments):
        ran = subprocess.run([self.llmc, *arguments], env=self.environment, capture_output=True, text=True)
        assert ran.returncode == 0, f"{arguments[0]} ended with {ran.returncode}: {ran.stderr}"
        return ran.stdout

    def wait_for_door(self):
        until = time.monotonic() + DEADLINE
        while time.monotonic() < until:
            assert self.daemon.poll() is None, "the daemon ended"
            with contextlib.suppress(AssertionError):
                return json.loads(self.run("daemon", "status", "--json"))["http"]
            time.sleep(0.02)
        raise TimeoutError("the daemon never listened")

    def end(self):
        self.daemon.send_signal(signal.SIGTERM)
        self.daemon.wait(DEADLINE)

"""Runs the real app as its own process: on a free port, with its own data folder."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).parent.parent
START_SECONDS = 60


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def altered(data_dir: Path, guard: str, **environment: str) -> "Server":
    """Return a server of the whole app with one guard taken out (tests/altered/serve.py)."""
    made = Server(data_dir, script=ROOT / "tests/altered/serve.py", PYTHONPATH=str(ROOT), ALTERED=guard, **environment)
    made.folder = ROOT
    return made


class Server:
    """One process of the app. `environment` may name a database or other settings."""

    def __init__(
        self, data_dir: Path, *, script: Path = ROOT / "app.py", health: str = "/readyz", **environment: str
    ) -> None:
        self.data_dir, self.script, self.health = data_dir, script, health
        self.folder = script.parent
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment
        self.log = data_dir.parent / f"server-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Server":
        """Start and wait until the app answers."""
        own = {"SINETRAL_DATA_DIR": str(self.data_dir), "SINETRAL_PORT": str(self.port), **self.environment}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SINETRAL_")}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(self.script)], env={**clean, **own}, stdout=log, stderr=log, cwd=self.folder
            )
        self._wait()
        return self

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(self.url + self.health, timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"the app did not start:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """End the process at once, as a power cut or the OOM killer would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the process in order."""
        self._end(signal.SIGTERM)

    def _end(self, sign: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sign)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def output(self) -> str:
        """Return what the process printed so far."""
        return self.log.read_text()

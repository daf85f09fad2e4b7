"""Standard library only: makes .venv, installs from the lock, then runs, checks or tests. `python start.py VERB`."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.resolve()
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)
FIGURE = re.compile(r"[^:]+: \d+ of \d+ ")
# On every processor; a file of tests stays on one, for its tests may share a server or a browser.
PYTEST = ("-m", "pytest", "-n", "auto", "--dist", "loadfile")


def fail(message: str) -> None:
    """Say in one line what is missing and end."""
    sys.exit(f"start.py: {message}")


def call(*command: str | Path, **environment: str) -> None:
    """Run a command in the checkout; end with its exit code when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **environment}, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def install(lock: str = "requirements-dev.lock") -> None:
    """Make .venv and install the locked packages, hashes checked; nothing happens when they are in place."""
    wanted = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    mark = VENV / f"installed-{lock}"
    if PYTHON.exists() and mark.exists() and mark.read_text() == wanted:
        return
    if sys.version_info < OLDEST:
        fail(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    if not PYTHON.exists():
        _make_venv()
    print(f"Installing from {lock} …", flush=True)
    if uv := shutil.which("uv"):
        call(uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock)
    else:
        pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")
        call(*pip, "--require-hashes", "-r", lock)
    call(PYTHON, "-m", "web.shipped_files")
    mark.write_text(wanted)


def _make_venv() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False, capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        fail("cannot make .venv. On Debian or Ubuntu: apt-get install python3-venv, then again.")


def run() -> None:
    """Install what running needs and start the app."""
    if not (VENV / "installed-requirements-dev.lock").exists():
        install("requirements.lock")
    call(PYTHON, "app.py", *sys.argv[2:])


def check() -> None:
    """Lint, format, types, content and architecture."""
    install()
    call(PYTHON, "-m", "ruff", "check", "-q", ".")
    call(PYTHON, "-m", "ruff", "format", "-q", "--check", ".")
    call(PYTHON, "-m", "mypy", ".")
    call(PYTHON, "cli.py", "check")
    call(PYTHON, "-m", "pytest", "-q", "tests/test_architecture.py")


def test() -> None:
    """Install, get a browser and a PostgreSQL when missing, check, and run every test."""
    install()
    browser = _browser()
    check()
    call(PYTHON, *PYTEST, *sys.argv[2:], SINETRAL_TEST_BROWSER=browser)


def _browser() -> str:
    """Return a Chromium for the tests: named, installed, from Debian (as root), else Playwright's own."""
    if named := os.environ.get("SINETRAL_TEST_BROWSER"):
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if found := shutil.which(name):
            return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Installing chromium for the browser tests …", flush=True)
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core")
        if found := shutil.which("chromium"):
            return found
    done = subprocess.run([PYTHON, "-m", "playwright", "install", "chromium", "--only-shell"], check=False)
    if done.returncode:
        fail("no browser for the tests. Install chromium (apt-get install chromium) or set SINETRAL_TEST_BROWSER.")
    return "playwright"


def _apt(*arguments: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *arguments], check=False, stdout=subprocess.DEVNULL, env=environment)


def figures() -> None:
    """Run every test at its full count and keep what it printed in docs/figures.txt (not when a part is named)."""
    install()
    environment = {**os.environ, "SINETRAL_FULL": "1", "SINETRAL_TEST_BROWSER": _browser()}
    command = [str(PYTHON), *PYTEST, "-rA", "-m", "figure", *sys.argv[2:]]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, stdout=subprocess.PIPE, text=True)
    lines = sorted(line for line in done.stdout.splitlines() if FIGURE.match(line))
    if not sys.argv[2:]:
        (ROOT / "docs" / "figures.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    sys.exit(done.returncode)


def bench() -> None:
    """Run every benchmark; each prints one JSON object."""
    install()
    for path in sorted((ROOT / "benchmarks").glob("[a-z]*.py")):
        print(path.name, flush=True)
        call(PYTHON, path, "--json")


def screenshots() -> None:
    """Make the README's pictures from the example data."""
    install()
    call(PYTHON, "-m", "tests.browser.screenshots", SINETRAL_TEST_BROWSER=_browser())


VERBS: dict[str, Callable[[], None]] = {
    verb.__name__: verb for verb in (run, install, check, test, figures, bench, screenshots)
}

if __name__ == "__main__":
    verb = sys.argv[1] if len(sys.argv) > 1 else "run"
    if verb not in VERBS:
        fail(f"unknown verb {verb!r}. Verbs: {', '.join(VERBS)}.")
    try:
        VERBS[verb]()
    except KeyboardInterrupt:
        sys.exit(130)

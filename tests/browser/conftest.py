"""A real Chromium against a real server process."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.server import Server

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
PATIENCE_MS = 120_000
# A busy machine is slow, not wrong; what never comes still fails.
expect.set_options(timeout=PATIENCE_MS)


def chromium() -> str | None:
    """Return the browser to use; None means Playwright's own."""
    named = os.environ.get("SINETRAL_TEST_BROWSER")
    if named == "playwright":
        return None
    found = named or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("No browser. Run `make test`, which installs one, or set SINETRAL_TEST_BROWSER.")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file of tests, kept off the network: Playwright's event loop must not outlive them."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=quiet)
        yield launched
        launched.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A fresh installation that runs."""
    (tmp_path / "home").mkdir()
    running = Server(tmp_path / "home" / "data").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One installation for the tests that change nothing in it."""
    running = Server(tmp_path_factory.mktemp("home") / "data").start()
    yield running
    running.stop()


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own, at phone and at desk width."""
    opened = browser.new_context(viewport=request.param, locale="id-ID", timezone_id="Asia/Jakarta")
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that fails the test on a request to anywhere else."""
    opened = context.new_page()
    opened.on("request", lambda request: _own(request.url))
    return opened


def _own(url: str) -> None:
    assert url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")), url

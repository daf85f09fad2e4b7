"""axe on every page of every role: nothing serious or critical; one main heading; nothing wider than the screen."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from demo.cast import Key
from tests.browser.conftest import DESK, PATIENCE_MS, PHONE
from tests.server import Server
from web.middleware import PAGES

STAFF_PAGES: dict[str, Key] = {
    "/penyelesaian": "hadi",
    "/pegawai": "hadi",
    "/cabut": "hadi",
    "/kelonggaran": "ratna",
    "/peran": "admin",
    "/materi": "admin",
}
# Sari has not come so far: a result may send her there all the same.
OUT_OF_ORDER = "/bagian?bagian=tanya-jawab/ruang-digital"
LIGHT_PAGES = ("/mulai", "/masuk", "/aktivasi", "/keluar", "/v/0000000000000000000000TIDAK", "/tidak-ada")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An installation with example data."""
    running = Server(tmp_path_factory.mktemp("filled") / "data").start()
    yield running
    running.stop()


@pytest.fixture(scope="module", params=["360-light", "1280-dark"])
def look(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How pages are looked at: a phone by day, a desk by night."""
    width, scheme = request.param.split("-")
    return {"viewport": PHONE if width == "360" else DESK, "color_scheme": scheme, "locale": "id-ID"}


@pytest.fixture(scope="module")
def signed_in(filled: Server, browser: Browser, look: dict[str, Any]) -> Iterator[dict[str, BrowserContext]]:
    """A browser profile for each of the cast."""
    contexts = {}
    for key in ("sari", "ratna", "hadi", "admin"):
        contexts[key] = browser.new_context(**look)
        contexts[key].set_default_timeout(PATIENCE_MS)
        page = contexts[key].new_page()
        page.goto(f"{filled.url}/mulai")
        page.locator(f"button[value={key}]").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=60_000)
        page.close()
    yield contexts
    for context in contexts.values():
        context.close()


def _serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary'][:300]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def _settled(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_count(1, timeout=30_000)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0)


def _wider_than_screen(page: Page) -> int:
    """Tables slide in boxes of their own; neither the page nor its main part does."""
    parts = "[document.documentElement, document.querySelector('[data-testid=stMain]') ?? document.body]"
    return int(page.evaluate(f"Math.max(...{parts}.map((part) => part.scrollWidth - part.clientWidth))"))


@pytest.mark.parametrize("path", [*sorted(PAGES), OUT_OF_ORDER])
def test_page_is_accessible(filled: Server, signed_in: dict[str, BrowserContext], path: str) -> None:
    page = signed_in[STAFF_PAGES.get(path, "sari")].new_page()
    page.goto(filled.url + path)
    _settled(page)
    assert _serious(page) == []
    assert _wider_than_screen(page) == 0
    assert page.evaluate("document.documentElement.lang") == "id"
    page.close()


@pytest.mark.parametrize("path", LIGHT_PAGES)
def test_light_page_is_accessible(filled: Server, browser: Browser, look: dict[str, Any], path: str) -> None:
    context = browser.new_context(**look)
    page = context.new_page()
    page.goto(filled.url + path)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert _serious(page) == []
    assert _wider_than_screen(page) == 0
    context.close()

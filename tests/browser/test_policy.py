"""The policy as Chromium applies it: our pages run under it, nobody frames them, no font comes from elsewhere."""

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.steps import heading
from tests.server import Server

pytestmark = pytest.mark.parametrize("context", [PHONE], ids=["360"], indirect=True)


def test_pages_run_without_breaking_the_policy(page: Page, server: Server) -> None:
    broken: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            broken.append(message.text)

    page.on("console", note)
    page.goto(f"{server.url}/mulai")
    page.get_by_role("button", name="Masuk sebagai Sari").click()
    heading(page, "Netralitas ASN")
    for path in ("/bagian", "/kuis?langkah=tes-awal"):
        page.goto(server.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert broken == []
    # Control: a script from outside the policy is refused and noted.
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {text: 'window.x = 1'}))")
    page.wait_for_timeout(100)
    assert page.evaluate("window.x") is None
    assert len(broken) == 1


def test_nobody_frames_a_page(page: Page, server: Server) -> None:
    for path in ("/masuk", "/healthz", "/aset/emblem.svg", "/tidak-ada"):
        page.set_content(f'<iframe src="{server.url}{path}"></iframe>')
        page.wait_for_timeout(500)
        frame = page.frames[-1]
        assert not frame.url.startswith(server.url) or frame.evaluate("document.body.innerText") == ""


def test_the_page_says_its_language_and_draws_our_fonts_alone(page: Page, server: Server) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rsplit("/", 1)[-1].partition("?")[0]))
    page.goto(f"{server.url}/mulai")
    page.get_by_role("button", name="Masuk sebagai Sari").click()
    heading(page, "Netralitas ASN")
    page.evaluate("document.fonts.ready.then(() => 1)")
    assert page.evaluate("document.documentElement.lang") == "id"
    assert {name for name in fetched if name.endswith(".woff2")} == {
        "atkinson-hyperlegible-next-basic-400.woff2",
        "plus-jakarta-sans-basic-700.woff2",
        "atkinson-hyperlegible-next-latin-400.woff2",
        "atkinson-hyperlegible-next-latin-700.woff2",
        "plus-jakarta-sans-latin-700.woff2",
        "plus-jakarta-sans-latin-800.woff2",
        "material-symbols-rounded-subset.woff2",
    }

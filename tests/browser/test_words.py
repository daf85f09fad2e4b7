"""Streamlit's own English on the screen: killed server, fields and menus, read as a person reads them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.steps import heading
from tests.server import Server

# Words are the same at every width.
pytestmark = pytest.mark.parametrize("context", [PHONE], ids=["360"], indirect=True)

ENGLISH = re.compile(
    r"\b(connection|error|server|responding|connected|running|please|choose|select|upload|browse|drag|drop|file|press"
    r"|(?<!tekan )enter|submit|apply|close|clear|open|skip|main|content|expand|collapse|sidebar|loading|icon"
    r"|results?)\b",
    re.IGNORECASE,
)
# Everything that a person sees or a screen reader says, but for what stands hidden beside the words.
SPOKEN = """() => {
  const texts = [document.body.innerText];
  for (const element of document.querySelectorAll("[aria-label], [placeholder]")) {
    if (element.closest('[aria-hidden="true"]')) continue;
    texts.push(element.getAttribute("aria-label") || "", element.getAttribute("placeholder") || "");
  }
  for (const icon of document.querySelectorAll('[data-testid="stIconMaterial"]'))
    texts[0] = texts[0].replace(icon.innerText, "");
  return texts.join("\\n");
}"""


def _enter(page: Page, server: Server, name: str, title: str) -> None:
    page.goto(f"{server.url}/mulai")
    page.get_by_role("button", name=f"Masuk sebagai {name}").click()
    heading(page, title)


def _english(page: Page) -> list[str]:
    return sorted({found.group().lower() for found in ENGLISH.finditer(page.evaluate(SPOKEN))})


def _killed(page: Page, server: Server) -> str:
    server.kill()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=30_000)
    return dialog.inner_text()


def test_a_lost_connection_is_told_in_indonesian(page: Page, server: Server) -> None:
    _enter(page, server, "Sari", "Netralitas ASN")
    assert _english(page) == []
    text = _killed(page, server)
    assert "Sambungan terputus" in text
    assert "Jawaban yang sudah tersimpan aman." in text
    assert _english(page) == []


def test_without_our_script_it_is_told_in_english(page: Page, server: Server) -> None:
    page.route("**/aset/words.js*", lambda route: route.abort())
    _enter(page, server, "Sari", "Netralitas ASN")
    assert _english(page) != []
    assert "Connection error" in _killed(page, server)


def test_fields_speak_indonesian(page: Page, server: Server) -> None:
    _enter(page, server, "Hadi", "Netralitas ASN")
    for path in ("/penyelesaian", "/pegawai", "/kelonggaran"):
        page.goto(server.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
        expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached()
        assert _english(page) == [], path

"""What a page says, to eyes and to screen readers, and which words of it are English."""

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import heading
from tests.server import Server

ENGLISH = re.compile(
    r"\b(connection|error|streamlit|responding|connected|running|please|choose|select|upload|browse|drag|drop|file|press"
    r"|(?<!tekan )enter(?! untuk)|submit|apply|close|clear|open|skip|main|content|expand|collapse|sidebar|loading|icon"
    r"|results?|request|failed|cannot|module|cancel|remove|first|last|available|outside|between|shortcut|empty|today"
    r"|january|february|march|may|june|july|august|october|december|sunday|monday|saturday|dd|mm|yyyy)\b",
    re.IGNORECASE,
)
# Everything that a person sees or a screen reader says, but for what stands hidden beside the words.
SPOKEN = """() => {
  // The name of an icon is how its font finds the picture.
  const icons = document.querySelectorAll('[translate="no"], span[role="img"][aria-label$=" icon"]');
  for (const icon of icons) icon.style.display = "none";
  const texts = [document.body.innerText];
  for (const icon of icons) icon.style.display = "";
  const names = ["aria-label", "aria-valuetext", "placeholder", "title"];
  for (const element of document.querySelectorAll(`${names.map((name) => `[${name}]`)}, [aria-describedby]`)) {
    if (element.closest('[aria-hidden="true"]')) continue;
    for (const name of names) texts.push(element.getAttribute(name) || "");
    for (const id of (element.getAttribute("aria-describedby") || "").split(" ")) {
      texts.push(document.getElementById(id)?.textContent || "");
    }
  }
  return texts.join("\\n");
}"""


def enter(page: Page, server: Server, name: str, title: str) -> None:
    """Sign in as one of the cast, and wait for the home page."""
    page.goto(f"{server.url}/mulai")
    page.get_by_role("button", name=f"Masuk sebagai {name}").click()
    heading(page, title)


def english(page: Page) -> list[str]:
    """Return the English words that the page says, in any way."""
    return sorted({found.group().lower() for found in ENGLISH.finditer(page.evaluate(SPOKEN))})


def settle(page: Page) -> None:
    """Wait until a page is drawn and its run is over."""
    expect(page.get_by_test_id("stMain").locator("h1, [data-testid=stAlert]").first).to_be_visible()
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached()

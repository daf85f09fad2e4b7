"""Streamlit's own English on the screen: killed server, fields and menus, read as a person reads them."""

import ast
import re
import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.spoken import ENGLISH, SPOKEN, english, enter, settle
from tests.conftest import ROOT
from tests.server import Server
from web.middleware import PAGES

# Words are the same at every width.
pytestmark = pytest.mark.parametrize("context", [PHONE], ids=["360"], indirect=True)

WORD = re.compile(r"[^\W\d_]{3,}")
# Days of the week as the browser names them, and the kind of the wrong file.
NOT_OURS = {"senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu", "exe"}
# Names of content files, as authors know them.
FILE = re.compile(r"\S+/\S+\.(?:yaml|md)\S*")
STAFF = ("/penyelesaian", "/pegawai", "/cabut", "/peran", "/materi", "/kelonggaran")
ROUNDS = (
    ("Sari", "Netralitas ASN", sorted(PAGES - set(STAFF))),
    ("Administrator", "Netralitas ASN", STAFF),
)


def _killed(page: Page, server: Server) -> str:
    server.kill()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=30_000)
    return dialog.inner_text()


def test_a_lost_connection_is_told_in_indonesian(page: Page, server: Server) -> None:
    enter(page, server, "Sari", "Netralitas ASN")
    assert english(page) == []
    text = _killed(page, server)
    assert "Sambungan terputus" in text
    assert "Jawaban yang sudah tersimpan aman." in text
    assert english(page) == []


def test_without_our_script_it_is_told_in_english(page: Page, server: Server) -> None:
    page.route("**/aset/words.js*", lambda route: route.abort())
    enter(page, server, "Sari", "Netralitas ASN")
    assert english(page) != []
    assert "Connection error" in _killed(page, server)


def test_a_page_of_other_roles_is_refused_in_words(page: Page, standing: Server) -> None:
    enter(page, standing, "Sari", "Netralitas ASN")
    page.goto(f"{standing.url}/pegawai")
    expect(page.get_by_role("dialog")).to_contain_text("Halaman ini bukan untuk peran Anda.")
    expect(page.get_by_role("heading", level=1, name="Netralitas ASN", include_hidden=True)).to_be_attached()


def _words_of_ours() -> set[str]:
    """Every word that our own code, templates, content and example data can put on a screen."""
    texts = [path.read_text("utf-8") for path in (*ROOT.glob("web/templates/*"), *ROOT.glob("*/content/**/*.*"))]
    script = (ROOT / "web/assets/words.js").read_text("utf-8")
    for told in (r':\s+"([^"]*)"', r'/,\s+"([^"]*)"\]', r"`([^`]*)`"):
        texts += re.findall(told, script)
    for room in ("web", "people", "quizzes", "certificates", "reports", "modules", "demo"):
        for path in (ROOT / room).rglob("*.py"):
            texts += _strings(ast.parse(path.read_text("utf-8")))
    return {word.lower() for text in texts for word in WORD.findall(text)}


def _strings(tree: ast.AST) -> Iterator[str]:
    """Yield every text in a file but its docstrings."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def _poke(page: Page) -> list[str]:
    """Touch whatever says more when it is touched; return what the page says then."""
    said = [page.evaluate(SPOKEN)]

    def read() -> None:
        page.wait_for_timeout(150)  # what a touch brings is drawn at once, or is not drawn
        said.append(page.evaluate(SPOKEN))

    for box in page.locator("input[role=combobox]").all():
        box.click()
        read()
        box.press_sequentially("zzzz")
        read()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    for field in page.locator('[data-testid="stDateInput"], [data-testid="stNumberInput"]').all():
        field.locator("input, [role=spinbutton]").first.click()
        read()
        page.keyboard.press("Escape")
    for field in page.get_by_test_id("stDateInput").all():
        field.get_by_role("button", name="Pilih tanggal").click()
        page.get_by_test_id("stDateInputCalendar").wait_for()
        read()
        page.keyboard.press("Enter")
        read()
    for field in page.get_by_test_id("stDateInput").all()[:1]:
        field.get_by_role("spinbutton").first.click()
        page.keyboard.type("31121900")  # no such year in this calendar
        field.get_by_role("alert").wait_for()
        read()
        page.keyboard.press("Escape")
    for field in page.locator('[data-testid="stTextInput"] input, [data-testid="stTextArea"] textarea').all():
        field.press_sequentially("zz")
        read()
    for files in page.locator('input[type="file"]').all():
        for name, content in (("roster.exe", b"MZ"), ("roster.csv", b"x" * (6 * 1024 * 1024))):
            files.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
            page.get_by_text(name).first.wait_for()
            read()
    for summary in page.locator('[data-testid="stExpander"] summary').all()[:2]:
        summary.click()
        read()
    for menu in page.locator('[data-testid="stMainMenu"] button, [data-testid="stTooltipHoverTarget"]').all()[:4]:
        if menu.is_visible():
            menu.hover()
            read()
            menu.click()
            read()
        page.keyboard.press("Escape")
    return said


def test_every_page_speaks_indonesian(page: Page, standing: Server) -> None:
    """Read and touched, for the one of the cast who opens it: no English word, and none that nobody of us wrote."""
    ours, english, unknown = _words_of_ours() | NOT_OURS, {}, {}
    for who, title, paths in ROUNDS:
        enter(page, standing, who, title)
        for path in paths:
            page.goto(standing.url + path)
            settle(page)
            text = FILE.sub("", "\n".join(_poke(page)))
            english[path] = sorted({line for line in text.split("\n") if ENGLISH.search(line)})
            unknown[path] = sorted({word.lower() for word in WORD.findall(text)} - ours)
    assert {path for _, _, paths in ROUNDS for path in paths} == PAGES
    assert {path: words for path, words in english.items() if words} == {}
    assert {path: words for path, words in unknown.items() if words} == {}


def test_calendars_are_indonesian_on_a_phone_set_to_english(context: BrowserContext, standing: Server) -> None:
    assert context.browser is not None
    page = context.browser.new_context(viewport={"width": 360, "height": 740}, locale="en-US").new_page()
    enter(page, standing, "Administrator", "Netralitas ASN")
    page.goto(f"{standing.url}/penyelesaian")
    settle(page)
    page.get_by_role("button", name="Pilih tanggal").first.click()
    expect(page.get_by_role("dialog").get_by_role("button", name=re.compile("^Senin, ")).first).to_be_visible()
    assert english(page) == []
    page.context.close()


def test_a_busy_server_is_told_in_indonesian(page: Page, server: Server) -> None:
    """While a run waits for the database, and when it has waited in vain."""
    enter(page, server, "Sari", "Netralitas ASN")
    page.goto(f"{server.url}/bagian")
    settle(page)
    with sqlite3.connect(server.data_dir / "sinetral.db", isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        page.reload()
        expect(page.locator('[data-testid="stApp"][data-test-script-state="running"]')).to_be_attached()
        assert english(page) == []
        expect(page.get_by_text("Sistem sedang sibuk.")).to_be_visible()
        assert english(page) == []
        holder.execute("ROLLBACK")

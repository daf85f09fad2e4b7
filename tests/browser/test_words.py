"""Streamlit's own English on the screen: killed server, fields and menus, read as a person reads them."""

import ast
import re
import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.steps import heading
from tests.conftest import ROOT
from tests.server import Server
from web.middleware import PAGES
from web.middleware.gate import UPLOADS_PER_HOUR

# Words are the same at every width.
pytestmark = pytest.mark.parametrize("context", [PHONE], ids=["360"], indirect=True)

ENGLISH = re.compile(
    r"\b(connection|error|streamlit|responding|connected|running|please|choose|select|upload|browse|drag|drop|file|press"
    r"|(?<!tekan )enter(?! untuk)|submit|apply|close|clear|open|skip|main|content|expand|collapse|sidebar|loading|icon"
    r"|results?|request|failed|cannot|module|cancel|remove|first|last|available|outside|between|shortcut|empty|today"
    r"|january|february|march|may|june|july|august|october|december|sunday|monday|saturday|dd|mm|yyyy)\b",
    re.IGNORECASE,
)
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


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One installation for the tests that change nothing in it."""
    running = Server(tmp_path_factory.mktemp("home") / "data").start()
    yield running
    running.stop()


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


def test_a_page_of_other_roles_is_refused_in_words(page: Page, standing: Server) -> None:
    _enter(page, standing, "Sari", "Netralitas ASN")
    page.goto(f"{standing.url}/pegawai")
    expect(page.get_by_role("dialog")).to_contain_text("Halaman ini bukan untuk peran Anda.")
    expect(page.get_by_role("heading", level=1, name="Netralitas ASN", include_hidden=True)).to_be_attached()


def _settle(page: Page) -> None:
    expect(page.get_by_test_id("stMain").locator("h1, [data-testid=stAlert]").first).to_be_visible()
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached()


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
        _enter(page, standing, who, title)
        for path in paths:
            page.goto(standing.url + path)
            _settle(page)
            text = FILE.sub("", "\n".join(_poke(page)))
            english[path] = sorted({line for line in text.split("\n") if ENGLISH.search(line)})
            unknown[path] = sorted({word.lower() for word in WORD.findall(text)} - ours)
    assert {path for _, _, paths in ROUNDS for path in paths} == PAGES
    assert {path: words for path, words in english.items() if words} == {}
    assert {path: words for path, words in unknown.items() if words} == {}


# What a proxy, Streamlit or our gates may answer to a file, and what is told then.
REFUSALS = {
    400: "Muat ulang halaman, lalu pilih berkas itu lagi.",
    401: "Sesi Anda berakhir. Masuk lagi.",
    403: "Anda tidak berwenang mengirim berkas.",
    404: "Muat ulang halaman, lalu pilih berkas itu lagi.",
    413: "Berkas terlalu besar. Pilih berkas yang lebih kecil.",
    418: "Berkas belum terkirim (kode 418). Coba lagi;",
    429: "Terlalu banyak berkas dalam satu jam. Coba lagi nanti.",
    500: "Terjadi gangguan di server.",
    502: "Tunggu sebentar, lalu pilih berkas itu lagi.",
    503: "Tunggu sebentar, lalu pilih berkas itu lagi.",
    504: "Tunggu sebentar, lalu pilih berkas itu lagi.",
    507: "Penyimpanan server penuh.",
}
UPLOADED = "**/_stcore/upload_file/**"


def _choose(page: Page, name: str) -> Locator:
    """Choose a small file, and return where it stands when its sending is over."""
    file = {"name": name, "mimeType": "text/csv", "buffer": b"NIP,Nama,Unit Kerja\n"}
    page.locator('input[type="file"]').set_input_files(file)
    chip = page.get_by_test_id("stFileChip").filter(has_text=name)
    expect(chip.get_by_role("button", name=f"Hapus {name}")).to_be_visible()
    return chip


def test_a_refused_file_says_why_and_what_to_do(page: Page, standing: Server) -> None:
    _enter(page, standing, "Hadi", "Netralitas ASN")
    page.goto(f"{standing.url}/pegawai")
    _settle(page)
    for _ in range(UPLOADS_PER_HOUR):
        sent = page.request.put(f"{standing.url}/_stcore/upload_file/a/b", headers={"Origin": standing.url})
        assert sent.status != 429
    expect(_choose(page, "lebih.csv").get_by_role("alert")).to_have_text(f"Perhatian: {REFUSALS[429]}")
    codes = iter(REFUSALS)
    page.route(UPLOADED, lambda route: route.fulfill(status=next(codes)))
    for code, told in REFUSALS.items():
        expect(_choose(page, f"{code}.csv").get_by_role("alert")).to_contain_text(told)
    page.unroute(UPLOADED)
    page.route(UPLOADED, lambda route: route.abort())
    expect(_choose(page, "putus.csv").get_by_role("alert")).to_contain_text("Sambungan terputus. Periksa jaringan Anda")
    assert _english(page) == []
    page.unroute(UPLOADED)
    page.route(UPLOADED, lambda _route: None)
    file = {"name": "lama.csv", "mimeType": "text/csv", "buffer": b"NIP"}
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_role("button", name="Batalkan pengiriman lama.csv")).to_be_visible()


# What Firefox and Safari call it, in the box that Streamlit draws.
BOX = """(text) => document.querySelector("form, .stForm").insertAdjacentHTML("beforeend",
  `<div role="alert" data-testid="stAlertContainer"><div><strong>TypeError: </strong>${text}<pre
  data-testid="stErrorElementStack"><code>e@http://127.0.0.1/static/js/Radio.js:1</code></pre></div></div>`)"""


def test_a_part_that_never_arrived_offers_to_load_the_page_again(page: Page, standing: Server) -> None:
    _enter(page, standing, "Sari", "Netralitas ASN")
    page.route("**/static/js/Radio*", lambda route: route.abort())
    page.goto(f"{standing.url}/bagian")
    boxes = page.get_by_role("alert").filter(has_text="Bagian halaman ini belum termuat.")
    expect(boxes).to_have_count(1)
    for text in ("error loading dynamically imported module: http://127.0.0.1/", "Importing a module script failed."):
        page.evaluate(BOX, text)
    expect(boxes).to_have_count(3)
    for box in boxes.all():
        assert box.inner_text().split("\n") == ["Bagian halaman ini belum termuat.", "Muat ulang halaman"]
    assert _english(page) == []
    page.unroute("**/static/js/Radio*")
    boxes.first.get_by_role("button", name="Muat ulang halaman").click()
    expect(page.get_by_role("radiogroup")).to_be_visible()
    expect(boxes).to_have_count(0)


def test_a_refused_connection_is_told_in_indonesian(page: Page, standing: Server) -> None:
    _enter(page, standing, "Sari", "Netralitas ASN")
    page.route("**/_stcore/health", lambda route: route.fulfill(status=403))
    page.goto(f"{standing.url}/bagian")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Server menolak sambungan ini (kode 403). Muat ulang halaman;")
    expect(dialog.get_by_role("link")).to_have_count(0)
    assert _english(page) == []


def test_calendars_are_indonesian_on_a_phone_set_to_english(context: BrowserContext, standing: Server) -> None:
    assert context.browser is not None
    page = context.browser.new_context(viewport=PHONE, locale="en-US").new_page()
    _enter(page, standing, "Administrator", "Netralitas ASN")
    page.goto(f"{standing.url}/penyelesaian")
    _settle(page)
    page.get_by_role("button", name="Pilih tanggal").first.click()
    expect(page.get_by_role("dialog").get_by_role("button", name=re.compile("^Senin, ")).first).to_be_visible()
    assert _english(page) == []
    page.context.close()


def test_a_busy_server_is_told_in_indonesian(page: Page, server: Server) -> None:
    """While a run waits for the database, and when it has waited in vain."""
    _enter(page, server, "Sari", "Netralitas ASN")
    page.goto(f"{server.url}/bagian")
    _settle(page)
    with sqlite3.connect(server.data_dir / "sinetral.db", isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        page.reload()
        expect(page.locator('[data-testid="stApp"][data-test-script-state="running"]')).to_be_attached()
        assert _english(page) == []
        expect(page.get_by_text("Sistem sedang sibuk.")).to_be_visible()
        assert _english(page) == []
        holder.execute("ROLLBACK")

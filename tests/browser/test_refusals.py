"""What the network, a proxy or a gate refuses, told in Indonesian and with a way on."""

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.spoken import english, enter, settle
from tests.server import Server
from web.middleware.gate import UPLOADS_PER_HOUR

# Words are the same at every width.
pytestmark = pytest.mark.parametrize("context", [PHONE], ids=["360"], indirect=True)

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


def _csv(name: str) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": b"NIP,Nama,Unit Kerja\n"}


def _choose(page: Page, name: str) -> Locator:
    """Choose a small file, and return where it stands when its sending is over."""
    page.locator('input[type="file"]').set_input_files(_csv(name))
    chip = page.get_by_test_id("stFileChip").filter(has_text=name)
    expect(chip.get_by_role("button", name=f"Hapus {name}")).to_be_visible()
    return chip


def test_a_refused_file_says_why_and_what_to_do(page: Page, standing: Server) -> None:
    enter(page, standing, "Hadi", "Netralitas ASN")
    page.goto(f"{standing.url}/pegawai")
    settle(page)
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
    assert english(page) == []
    page.unroute(UPLOADED)
    page.route(UPLOADED, lambda _route: None)
    page.locator('input[type="file"]').set_input_files(_csv("lama.csv"))
    expect(page.get_by_role("button", name="Batalkan pengiriman lama.csv")).to_be_visible()


# What Firefox and Safari call it, in the box that Streamlit draws.
BOX = """(text) => document.querySelector("form, .stForm").insertAdjacentHTML("beforeend",
  `<div role="alert" data-testid="stAlertContainer"><div><strong>TypeError: </strong>${text}<pre
  data-testid="stErrorElementStack"><code>e@http://127.0.0.1/static/js/Radio.js:1</code></pre></div></div>`)"""


def test_a_part_that_never_arrived_offers_to_load_the_page_again(page: Page, standing: Server) -> None:
    enter(page, standing, "Sari", "Netralitas ASN")
    page.route("**/static/js/Radio*", lambda route: route.abort())
    page.goto(f"{standing.url}/bagian")
    boxes = page.get_by_role("alert").filter(has_text="Bagian halaman ini belum termuat.")
    expect(boxes).to_have_count(1)
    for text in ("error loading dynamically imported module: http://127.0.0.1/", "Importing a module script failed."):
        page.evaluate(BOX, text)
    expect(boxes).to_have_count(3)
    for box in boxes.all():
        assert box.inner_text().split("\n") == ["Bagian halaman ini belum termuat.", "Muat ulang halaman"]
    assert english(page) == []
    page.unroute("**/static/js/Radio*")
    boxes.first.get_by_role("button", name="Muat ulang halaman").click()
    expect(page.get_by_role("radiogroup")).to_be_visible()
    expect(boxes).to_have_count(0)


def test_a_refused_connection_is_told_in_indonesian(page: Page, standing: Server) -> None:
    enter(page, standing, "Sari", "Netralitas ASN")
    page.route("**/_stcore/health", lambda route: route.fulfill(status=403))
    page.goto(f"{standing.url}/bagian")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Server menolak sambungan ini (kode 403). Muat ulang halaman;")
    expect(dialog.get_by_role("link")).to_have_count(0)
    assert english(page) == []

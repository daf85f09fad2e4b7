"""Makes the pictures of the README and the guides from the example data: `make screenshots`."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from demo.cast import Key
from tests.browser.conftest import DESK, PHONE, chromium
from tests.server import ROOT, Server

PICTURES = ROOT / "docs" / "pictures"


def _enter(page: Page, url: str, key: Key) -> None:
    page.goto(f"{url}/mulai")
    page.locator(f"button[value={key}]").click()
    _settled(page)


def _settled(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=60_000)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0)
    expect(page.locator("[data-test-script-state=running]")).to_have_count(0)
    page.wait_for_function("document.fonts.status === 'loaded' && [...document.images].every(one => one.complete)")


def _keep(page: Page, name: str) -> None:
    _settled(page)
    page.screenshot(path=PICTURES / f"{name}.png")


def _learner(page: Page, url: str) -> None:
    _enter(page, url, "sari")
    _keep(page, "beranda-360")
    page.goto(f"{url}/bagian?bagian=boleh-dan-tidak-boleh/media-sosial")
    _keep(page, "bagian-360")
    page.goto(f"{url}/memilah")
    _keep(page, "memilah-360")
    page.goto(f"{url}/hasil?langkah=tes-awal")
    _keep(page, "hasil-360")
    page.goto(f"{url}/keluar")
    page.get_by_role("button", name="Keluar").click()
    page.goto(f"{url}/masuk")
    _keep(page, "masuk-360")


def _quiz(page: Page, url: str) -> None:
    _enter(page, url, "ratna")
    page.goto(f"{url}/kuis?langkah=tes-awal")
    page.get_by_role("button", name="Mulai kuis").click()
    _answer_one(page)
    page.reload()  # from the top, with the answer that the database holds
    _keep(page, "soal-360")


def _answer_one(page: Page) -> None:
    """Answer the first question that is one choice, and go on; which questions come is drawn anew each time."""
    for number in range(1, 10):
        expect(page.get_by_role("heading", level=1, name=f"Soal {number} dari 10")).to_be_visible()
        choice = page.get_by_test_id("stRadio")
        if choice.count() == 1:
            choice.locator("label").last.click()
            page.get_by_role("button", name="Simpan dan lanjut").click()
            expect(page.get_by_role("heading", level=1, name=f"Soal {number + 1} dari 10")).to_be_visible()
            return
        page.get_by_role("button", name="Lewati soal ini").click()


def _hr(page: Page, url: str) -> None:
    _enter(page, url, "hadi")
    page.goto(f"{url}/penyelesaian")
    expect(page.get_by_role("link", name="CONTOH").first).to_be_visible()
    _keep(page, "penyelesaian-1280")
    page.goto(f"{url}/pegawai")
    _keep(page, "pegawai-1280")
    page.goto(f"{url}/penyelesaian")
    link = page.get_by_role("link", name="CONTOH").first
    address = str(link.get_attribute("href"))
    picture = page.request.get(url + address.replace(".pdf", ".png"))
    (PICTURES / "sertifikat.png").write_bytes(picture.body())
    page.goto(url + "/kelonggaran")
    _keep(page, "kelonggaran-1280")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.body())))
    page.goto(code.text)
    _keep(page, "periksa-1280")


SCENES: list[tuple[Callable[[Page, str], None], dict[str, int]]] = [(_learner, PHONE), (_quiz, PHONE), (_hr, DESK)]


def main() -> None:
    """Start an installation with example data and take every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "data").start()
        try:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            for scene, size in SCENES:
                _take(browser, server.url, scene, size)
            browser.close()
        finally:
            server.stop()


def _take(browser: Browser, url: str, scene: Callable[[Page, str], None], size: dict[str, int]) -> None:
    context = browser.new_context(viewport=size, locale="id-ID", timezone_id="Asia/Jakarta")  # type: ignore[arg-type]
    context.set_default_timeout(30_000)
    scene(context.new_page(), url)
    context.close()


if __name__ == "__main__":
    main()

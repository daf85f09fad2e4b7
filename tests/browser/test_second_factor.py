"""The first administrator's way in, in a real browser: activation, second factor, recovery codes, asked again."""

import re

from playwright.sync_api import Page, expect
from pyotp import TOTP
from sqlalchemy import insert, update

from storage.engine import open_database
from storage.tables import login_session, totp, unit
from tests.browser import steps
from tests.browser.test_accessibility import _serious, _wider_than_screen
from tests.server import Server


def _look(page: Page, title: str) -> None:
    """See that a light page says its title, is accessible and fits the screen."""
    steps.heading(page, title)
    assert _serious(page) == []
    assert _wider_than_screen(page) == 0


def _code(key: str, server: Server) -> str:
    """The code of now, which counts as never used before."""
    database = open_database(f"sqlite:///{server.data_dir / 'sinetral.db'}")
    with database.write() as transaction:
        db = transaction.db
        db.execute(update(totp).values(last_step=0))
        db.execute(update(login_session).values(proved_at=None))
        made = TOTP(key).at(transaction.now)
    database.engine.dispose()
    return made


def _add_unit(server: Server) -> None:
    database = open_database(f"sqlite:///{server.data_dir / 'sinetral.db'}")
    with database.write() as transaction:
        transaction.db.execute(insert(unit).values(name="Dinas Komunikasi dan Informatika"))
    database.engine.dispose()


def test_the_first_administrator_comes_in_with_two_factors(page: Page, server: Server) -> None:
    link = re.search(r"http\S+/aktivasi#\S+", server.output())
    assert link is not None
    page.goto(link[0])
    page.get_by_label("Buat kata sandi").fill(steps.PASSWORD)
    page.get_by_role("button", name="Aktifkan akun").click()
    _look(page, "Pasang verifikasi dua langkah")
    page.goto(f"{server.url}/peran")  # no way around
    steps.heading(page, "Pasang verifikasi dua langkah")
    key = page.locator("#kunci").inner_text().replace(" ", "")
    page.get_by_label("Kode dari aplikasi").fill(_code(key, server))
    page.get_by_role("button", name="Pasang").click()
    _look(page, "Simpan kode pemulihan")
    recovery = page.locator(".recovery li").first.inner_text()
    page.get_by_role("link", name="Sudah saya simpan").click()
    steps.heading(page, "Peran")
    page.goto(f"{server.url}/keluar")
    page.get_by_role("button", name="Keluar").click()
    page.get_by_label("NIP atau ID pegawai").fill("admin")
    page.locator("#sandi").fill(steps.PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    _look(page, "Verifikasi dua langkah")
    page.get_by_label("Kode dari aplikasi").fill(recovery)
    page.get_by_role("button", name="Lanjutkan").click()
    steps.heading(page, re.compile("."))
    typed = _code(key, server)
    page.goto(f"{server.url}/peran")
    page.get_by_role("link", name="Pastikan identitas").click()
    _look(page, "Pastikan identitas Anda")
    page.locator("#sandi").fill(steps.PASSWORD)
    page.get_by_label("Kode dari aplikasi").fill(typed)
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_role("button", name="Buka pendaftaran").click()
    expect(page.get_by_text("Pendaftaran mandiri dibuka.")).to_be_visible()
    page.goto(f"{server.url}/akun")
    page.get_by_role("link", name="Buat kode pemulihan baru").click()
    _look(page, "Buat kode pemulihan baru")
    page.get_by_role("button", name="Buat kode pemulihan baru").click()
    _look(page, "Simpan kode pemulihan")
    expect(page.locator(".recovery li")).to_have_count(10)
    expect(page.get_by_text(recovery)).to_have_count(0)
    page.get_by_role("link", name="Sudah saya simpan").click()
    steps.heading(page, "Akun")
    _add_unit(server)
    page.goto(f"{server.url}/daftar")
    _look(page, "Daftar")
    page.get_by_label("NIP atau ID pegawai").fill("HON-7")
    page.get_by_label("Nama dengan gelar").fill("Orang Baru")
    page.get_by_label("Unit kerja").select_option(index=1)
    page.locator("#sandi").fill("lumbung ketapang 7 angsa")
    page.get_by_role("button", name="Daftar").click()
    _look(page, "Pendaftaran diterima")

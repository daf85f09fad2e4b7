"""The whole way of one person: activation, module, quiz with a killed server, pledge, PDF, verification, HR, XLSX."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import BrowserContext, Page, expect
from python_calamine import CalamineWorkbook
from sqlalchemy import insert

from demo.walking import Walk
from people import codes, signin
from people.roles import Actor
from quizzes.content import Library, load_library
from storage.engine import Database, open_database
from storage.tables import person, role_grant, unit
from tests.browser import steps
from tests.conftest import ROOT
from tests.server import Server

NIP = "199001012015032901"
NAME = "Dr. Ir. Sari Wulandari, S.Sos., M.Si."


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The shipped content with an issuer and a signatory of its own."""
    root = tmp_path / "content"
    for part in ("modules/content", "quizzes/content"):
        shutil.copytree(ROOT / part, root / part)
    program = root / "modules/content/netralitas/program.yaml"
    program.write_text(re.sub(r"  placeholder: .*\n", "", program.read_text()))
    return root


@pytest.fixture
def server(tmp_path: Path, content: Path) -> Iterator[Server]:
    """A real installation: no example data."""
    (tmp_path / "home").mkdir()
    running = Server(tmp_path / "home/data", SINETRAL_CONTENT_DIR=str(content)).start()
    yield running
    running.stop()


@pytest.fixture
def library(content: Path) -> Library:
    return load_library(content)


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{server.data_dir / 'sinetral.db'}")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def sari(database: Database) -> tuple[Actor, str]:
    """Sari on the roster, with her activation code."""
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        unit_id = db.execute(insert(unit).values(name="Dinas Kominfo").returning(unit.c.id)).scalar_one()
        values = {"nip": NIP, "name": NAME, "kind": "pns", "unit_id": unit_id, "created_at": now, "updated_at": now}
        person_id = db.execute(insert(person).values(**values).returning(person.c.id)).scalar_one()
        code = codes.issue(db, person_id=person_id, created_by=None, now=now)
    return Actor(person_id, NAME, nip=NIP, unit_id=unit_id, assurance="code"), code


def _hadi_cookie(database: Database, unit_id: int) -> dict[str, str]:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        values = {"nip": "198304042008011904", "name": "Hadi Susilo", "kind": "pns", "unit_id": unit_id}
        person_id = db.execute(
            insert(person).values(**values, created_at=now, updated_at=now).returning(person.c.id)
        ).scalar_one()
        db.execute(insert(role_grant).values(person_id=person_id, role="hr", unit_id=unit_id, granted_at=now))
        token = signin.open_session(db, person_id=person_id, assurance="code", now=now, factors="totp")
    return {"name": "sinetral", "value": token}


def _walk(database: Database, library: Library, actor: Actor, first: str, last: str) -> None:
    """Go through the steps from `first` up to, not including, `last` without a browser."""
    program = library.catalog.program("netralitas")
    names = [step.id for step in program.head.steps]
    with database.write() as transaction:
        walk = Walk(transaction.db, library, program, Random(1), "http://127.0.0.1")
        walk.set_out(transaction.now, transaction.now)
        for step in program.head.steps[names.index(first) : names.index(last)]:
            walk.take(actor, step, 1.0)


def test_from_activation_to_the_list_of_hr(
    page: Page,
    context: BrowserContext,
    server: Server,
    database: Database,
    library: Library,
    sari: tuple[Actor, str],
    tmp_path: Path,
) -> None:
    actor, code = sari
    program = library.catalog.program("netralitas")
    steps.activate(page, server.url, NIP, code)
    assert page.evaluate("document.documentElement.lang") == "id"
    _walk(database, library, actor, "tes-awal", "mengapa-netral")
    page.reload()
    page.get_by_role("button", name="Lanjutkan").click()
    steps.read_module(page, program, program.module("mengapa-netral"))
    _walk(database, library, actor, "berakhlak", "kuis-akhir")
    _final_quiz(page, server, library)
    page.get_by_role("button", name="Lanjutkan ke pakta integritas").click()
    steps.heading(page, re.compile("[Pp]akta"))
    page.get_by_text("Saya telah membaca dan menyetujui pakta integritas ini.").click()
    page.get_by_role("button", name="Setujui dan terbitkan sertifikat").click()
    page.get_by_role("button", name="Lihat sertifikat").click()
    link = _certificate(page, tmp_path)
    page.goto(link)
    expect(page.get_by_text("Sertifikat sah")).to_be_visible()
    expect(page.get_by_text(NAME)).to_be_visible()
    assert NIP not in page.content()
    context.clear_cookies()
    context.add_cookies([{**_hadi_cookie(database, actor.unit_id or 0), "url": server.url}])  # type: ignore[typeddict-item]
    _hr(page, server, tmp_path)


def _final_quiz(page: Page, server: Server, library: Library) -> None:
    size = library.quiz("netralitas", "kuis-akhir").size
    page.goto(f"{server.url}/kuis?langkah=kuis-akhir")
    page.get_by_role("button", name="Mulai kuis").click()
    for number in range(1, size // 2):
        steps.answer(page, library, number, size)
    server.kill()
    server.start()
    page.goto(f"{server.url}/kuis?langkah=kuis-akhir")
    for number in range(size // 2, size + 1):
        steps.answer(page, library, number, size)
    page.get_by_role("button", name="Kumpulkan kuis").click()
    expect(page.get_by_text("Anda lulus dengan nilai 100.")).to_be_visible(timeout=30_000)


def _certificate(page: Page, folder: Path) -> str:
    """Download the PDF; return the link that its QR code carries, which the text carries too."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Unduh PDF").click()
    file = folder / "sertifikat.pdf"
    waiting.value.save_as(file)
    document = pypdfium2.PdfDocument(file)
    text = "".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))
    image = document[0].render(scale=3).to_pil()
    (code,) = zxingcpp.read_barcodes(image)
    assert len(document) == 2
    assert NAME in text
    assert "CONTOH" not in text
    return code.text


def _hr(page: Page, server: Server, folder: Path) -> None:
    page.goto(f"{server.url}/penyelesaian")
    row = page.get_by_role("row").filter(has_text=NAME)
    expect(row).to_contain_text("Bersertifikat")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Unduh XLSX").click()
    file = folder / "penyelesaian.xlsx"
    waiting.value.save_as(file)
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("Rekap").to_python()
    sari = next(row for row in rows if row[1] == NAME)
    assert (sari[0], sari[4], sari[5]) == (NIP, "Bersertifikat", 100)

"""/v/<code> as anyone meets it: no sign-in, every printed field, no whole NIP, and a comparison of files."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from certificates import codes, files, renewing, revoking
from certificates.records import Certificate
from modules.catalog import Program
from storage.engine import Database
from storage.tables import certificate, person
from tests.certificates.conftest import certified, with_issuer
from tests.conftest import Cast
from web import current, faults
from web.middleware import MIDDLEWARE
from web.routes import ROUTES

HERE = "http://127.0.0.1:8501"
PDF = "application/pdf"


@pytest.fixture(scope="module")
def program() -> Program:
    return with_issuer(current.program())


@pytest.fixture
def browser(database: Database) -> Iterator[TestClient]:
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE, exception_handlers=faults.HANDLERS)
    with TestClient(app, base_url=HERE, follow_redirects=False) as client:
        client.headers["Origin"] = HERE
        yield client


@pytest.fixture
def issued(database: Database, cast: Cast, program: Program) -> Certificate:
    with database.write() as transaction:
        return certified(transaction, cast.sari, program)


def _fields(page: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.S)
    return {html.unescape(label): html.unescape(words) for label, words in found}


def _state(page: str) -> tuple[str, str]:
    found = re.search(r'<div class="state (\w+)"><h1>(.*?)</h1>', page)
    assert found
    return found[1], html.unescape(found[2])


def test_valid_certificate_shows_every_printed_field_and_no_whole_nip(
    browser: TestClient, cast: Cast, issued: Certificate
) -> None:
    reply = browser.get(f"/v/{issued.record.code}")
    record, shown = issued.record, _fields(reply.text)
    assert reply.status_code == 200
    assert _state(reply.text) == ("ok", "Sertifikat sah")
    assert shown["Nama"] == "Sari Wulandari, S.Sos."
    assert shown["NIP"] == "1990…901"
    assert shown["Nomor sertifikat"] == record.number
    assert shown["Program"] == record.program_title
    assert shown["Penerbit"] == f"{record.issuer_unit}, {record.issuer_name}"
    assert shown["Jam pelajaran"] == f"{record.jp} ({record.jp_words}) JP"
    for printed in (record.unit, record.city, record.signatory_name, record.signatory_office, record.score_class):
        assert html.escape(printed) in reply.text
    for row in record.materials:
        assert f"{row.title} ({row.jp} JP)" in shown["Materi"]
    assert str(cast.sari.nip) not in reply.text
    assert record.signatory_nip not in reply.text
    assert "Pastikan alamat situs ini <strong>127.0.0.1:8501</strong>" in reply.text


def test_page_is_light_keeps_no_copy_and_runs_no_script(browser: TestClient, issued: Certificate) -> None:
    reply = browser.get(f"/v/{issued.record.code}")
    assert len(reply.content) <= 20_000
    assert reply.headers["cache-control"] == "no-store"
    assert "<script" not in reply.text


def test_head_tells_the_same_as_get(browser: TestClient, issued: Certificate) -> None:
    assert browser.head(f"/v/{issued.record.code}").status_code == 200
    assert browser.head(f"/v/{codes.new_code()}").status_code == 404


@pytest.mark.parametrize("form", ["/v/{lower}", "/V/{code}", "/v/{grouped}"])
def test_code_is_found_in_any_case_and_by_the_address_of_the_qr_code(
    browser: TestClient, issued: Certificate, form: str
) -> None:
    code = issued.record.code
    address = form.format(code=code, lower=code.lower(), grouped=f"{code[:13]}-{code[13:]}")
    assert browser.get(address).text == browser.get(f"/v/{code}").text


def test_wrong_code_running_number_and_nonsense_get_the_same_reply(browser: TestClient, issued: Certificate) -> None:
    wrong = browser.get(f"/v/{codes.new_code()}")
    assert wrong.status_code == 404
    assert _state(wrong.text) == ("bad", "Tidak ditemukan. Periksa kembali kodenya.")
    for typed in (issued.record.number, issued.id, "x", "a/b/c", "%3Cscript%3E", "9" * 2000):
        assert browser.get(f"/v/{typed}").content == wrong.content


def test_revoked_certificate_says_when_and_why_and_still_shows_its_fields(
    browser: TestClient, database: Database, cast: Cast, issued: Certificate
) -> None:
    with database.write() as transaction:
        revoking.revoke(
            transaction.db,
            actor=cast.hadi,
            certificate_id=issued.id,
            reason="Terbit <ganda>",
            now=transaction.now,
        )
    reply = browser.get(f"/v/{issued.record.code}")
    kind, words = _state(reply.text)
    assert kind == "bad"
    assert re.fullmatch(r"Dicabut pada \d+ \w+ \d{4}: Terbit <ganda>", words)
    assert _fields(reply.text)["Nama"] == "Sari Wulandari, S.Sos."


def test_expired_certificate_says_since_when(browser: TestClient, database: Database, issued: Certificate) -> None:
    with database.write() as transaction:
        past = transaction.now - timedelta(days=1)
        transaction.db.execute(update(certificate).values(expires_at=past))
    kind, words = _state(browser.get(f"/v/{issued.record.code}").text)
    assert kind == "warn"
    assert words.startswith("Kedaluwarsa sejak ")


def test_example_says_that_it_is_not_valid(browser: TestClient, database: Database, cast: Cast) -> None:
    with database.write() as transaction:
        transaction.db.execute(update(person).where(person.c.id == cast.bima.person_id).values(is_example=True))
        example = certified(transaction, cast.bima, current.program())
    reply = browser.get(f"/v/{example.record.code}")
    assert _state(reply.text) == ("warn", "Sertifikat contoh, tidak berlaku.")


def test_names_that_look_like_markup_are_shown_as_names(
    browser: TestClient, database: Database, cast: Cast, program: Program
) -> None:
    name = "<img src=x onerror=alert(1)> & {{ 7 * 7 }}"
    with database.write() as transaction:
        transaction.db.execute(update(person).where(person.c.id == cast.bima.person_id).values(name=name))
        issued = certified(transaction, cast.bima, program)
    page = browser.get(f"/v/{issued.record.code}").text
    assert "<img src=x" not in page
    assert _fields(page)["Nama"] == name


def _upload(browser: TestClient, code: str, content: bytes) -> tuple[int, tuple[str, str]]:
    reply = browser.post(f"/v/{code}/berkas", files={"berkas": ("sertifikat.pdf", content, PDF)})
    return reply.status_code, _state(reply.text)


def test_genuine_file_is_the_same_and_an_altered_one_is_not(browser: TestClient, issued: Certificate) -> None:
    genuine, code = files.file(issued).content, issued.record.code
    reply = browser.post(f"/v/{code}/berkas", files={"berkas": ("a.pdf", genuine, PDF)})
    assert "Berkas ini sama persis dengan yang diterbitkan." in reply.text
    assert _state(reply.text)[0] == "ok"
    altered = genuine[:-1] + b" "
    assert _upload(browser, code, altered) == (200, ("bad", "Berkas ini berbeda dari yang diterbitkan."))
    assert _upload(browser, code, b"%PDF-1.4") == (
        200,
        ("bad", "Berkas ini tidak memuat kode sertifikat yang dikenal."),
    )
    assert _upload(browser, code, b"") == (200, ("warn", "Pilih berkas PDF dahulu."))


def test_genuine_file_of_a_revoked_certificate_does_not_look_valid(
    browser: TestClient, database: Database, cast: Cast, issued: Certificate
) -> None:
    with database.write() as transaction:
        revoking.revoke(
            transaction.db, actor=cast.admin, certificate_id=issued.id, reason="Terbit ganda", now=transaction.now
        )
    _, (kind, words) = _upload(browser, issued.record.code, files.file(issued).content)
    assert kind == "bad"
    assert words.startswith("Dicabut pada")


def test_genuine_file_of_another_certificate_is_told_apart(
    browser: TestClient, database: Database, cast: Cast, program: Program, issued: Certificate
) -> None:
    with database.write() as transaction:
        other = certified(transaction, cast.bima, program)
    _, (kind, words) = _upload(browser, issued.record.code, files.file(other).content)
    assert (kind, words) == ("warn", f"Berkas ini milik sertifikat lain, nomor {other.record.number}.")


def test_file_over_five_megabytes_is_refused(browser: TestClient, issued: Certificate) -> None:
    content = bytes(5 * 1024 * 1024 + 1)
    assert _upload(browser, issued.record.code, content)[1][0] == "bad"
    reply = browser.post(f"/v/{issued.record.code}/berkas", files={"berkas": ("a.pdf", content * 2, PDF)})
    assert reply.status_code == 413


def test_upload_from_another_site_is_refused(browser: TestClient, issued: Certificate) -> None:
    for origin in ("https://lain.example", "null", ""):
        reply = browser.post(
            f"/v/{issued.record.code}/berkas", files={"berkas": ("a.pdf", b"x", PDF)}, headers={"Origin": origin}
        )
        assert reply.status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_other_methods_are_refused(browser: TestClient, issued: Certificate, method: str) -> None:
    assert browser.request(method, f"/v/{issued.record.code}").status_code in (404, 405)


def test_reload_of_a_comparison_leads_back_to_the_certificate(browser: TestClient, issued: Certificate) -> None:
    reply = browser.get(f"/v/{issued.record.code}/berkas")
    assert (reply.status_code, reply.headers["location"]) == (303, f"/v/{issued.record.code}")


def test_superseded_certificate_names_the_one_that_replaced_it(
    browser: TestClient, database: Database, cast: Cast, program: Program, issued: Certificate
) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        db.execute(update(certificate).values(expires_at=now - timedelta(days=1)))
        renewing.begin(db, actor=cast.sari, program=program, now=now)
        new = certified(transaction, cast.sari, program)
    old = browser.get(f"/v/{issued.record.code}")
    assert _state(old.text) == ("warn", f"Digantikan oleh {new.record.number}")
    assert _fields(old.text)["Nomor sertifikat"] == issued.record.number
    assert _state(browser.get(f"/v/{new.record.code}").text) == ("ok", "Sertifikat sah")

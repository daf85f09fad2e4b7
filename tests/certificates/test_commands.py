"""`certificates verify` and `certificates zip`: the exit code says it all."""

import json
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

import cli
from certificates import codes, files, renewing
from certificates.records import Certificate
from modules.catalog import Program
from storage.engine import Database
from storage.tables import certificate
from tests.certificates.conftest import Issue
from tests.conftest import Cast


@pytest.fixture
def issued(database: Database, cast: Cast, certify: Issue) -> list[Certificate]:
    """The certificates of Sari and Bima."""
    with database.write() as transaction:
        return [certify(transaction, actor) for actor in (cast.sari, cast.bima)]


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, ["certificates", *arguments])
    return result.exit_code, result.output.strip()


def test_verify_by_code_and_by_file(issued: list[Certificate], tmp_path: Path) -> None:
    record = issued[0].record
    path = tmp_path / "sertifikat.pdf"
    path.write_bytes(files.file(issued[0]).content)
    said = f"valid · {record.number} · {record.name} · Sertifikat sah"
    assert _run("verify", record.code.lower()) == (0, said)
    assert _run("verify", str(path)) == (0, said)


def test_verify_of_anything_else_fails(issued: list[Certificate], tmp_path: Path) -> None:
    record = issued[0].record
    altered, foreign = tmp_path / "altered.pdf", tmp_path / "foreign.pdf"
    altered.write_bytes(files.file(issued[0]).content.replace(b"BKPSDM", b"BKPSDN"))
    altered.write_bytes(altered.read_bytes() + b"\n")
    foreign.write_bytes(b"%PDF-1.4\n%%EOF")
    for what, state in (
        (str(altered), "altered"),
        (str(foreign), "unknown"),
        (codes.new_code(), "unknown"),
        (record.number, "unknown"),
    ):
        code, said = _run("verify", what, "--json")
        assert (code, json.loads(said)["state"]) == (1, state)
    code, said = _run("verify", str(tmp_path / "missing.pdf"))
    assert code == 1
    assert "Give a PDF" in said


def test_zip_holds_all_or_one_unit(issued: list[Certificate], tmp_path: Path) -> None:
    names = [files.file(certificate).name for certificate in issued]
    assert _run("zip", str(tmp_path / "all.zip"))[0] == 0
    said = _run("zip", str(tmp_path / "one.zip"), "--unit", "Dinas Pendidikan")
    assert said == (0, f"{tmp_path / 'one.zip'}: 1 certificate written")
    with ZipFile(tmp_path / "all.zip") as zipped:
        assert zipped.namelist() == names
    with ZipFile(tmp_path / "one.zip") as zipped:
        assert zipped.namelist() == names[1:]
    assert _run("zip", str(tmp_path / "none.zip"), "--unit", "Tidak Ada")[0] == 1
    assert not (tmp_path / "none.zip").exists()


def test_verify_of_what_has_ended_fails_and_says_why(
    database: Database, issued: list[Certificate], certify: Issue, cast: Cast, program: Program
) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        past = {"expires_at": now - timedelta(days=1)}
        db.execute(update(certificate).values(**past))
        renewing.begin(db, actor=cast.sari, program=program, now=now)
        new = certify(transaction, cast.sari)
    for one, code, state, reason in (
        (issued[0], 1, "superseded", f"Digantikan oleh {new.record.number}"),
        (issued[1], 1, "expired", "Kedaluwarsa sejak"),
        (new, 0, "valid", "Sertifikat sah"),
    ):
        exit_code, said = _run("verify", one.record.code, "--json")
        answer = json.loads(said)
        assert (exit_code, answer["state"], answer["number"]) == (code, state, one.record.number)
        assert answer["reason"].startswith(reason)
    assert _run("revoke", new.record.number, "--reason", "Terbit ganda")[0] == 0
    exit_code, said = _run("verify", new.record.code)
    assert exit_code == 1
    assert said.startswith(f"revoked · {new.record.number}")

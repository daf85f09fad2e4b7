"""Commands: same actions as the pages, exit codes that scripts can trust, one line that says what to do next."""

import json
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update
from typer.testing import CliRunner

import cli
from people import roster
from storage.engine import Database
from storage.tables import person, unit
from tests.conftest import ROOT, Cast
from web import current

SAMPLE = ROOT / "tests/people/samples/daftar_asn_excel_id.csv"


def _run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, [str(one) for one in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def _write_something() -> None:
    with current.database().write() as transaction:
        transaction.db.execute(update(person).values(phone="1"))


def _people(database: Database) -> int:
    with database.read() as transaction:
        return int(transaction.db.execute(select(func.count()).select_from(person)).scalar_one())


def test_a_refused_row_stops_the_import_unless_told_otherwise(database: Database) -> None:
    code, said = _run("roster", "import", SAMPLE)
    assert code == 1
    assert "row 5" in said
    assert "1 row refused; nothing written" in said
    assert _people(database) == 0
    code, said = _run("roster", "import", SAMPLE, "--skip-refused", "--json")
    found = json.loads(said)
    assert code == 0
    assert {name: len(rows) for name, rows in found.items()} == {
        "new": 4,
        "moved": 0,
        "changed": 0,
        "gone": 0,
        "unchanged": 0,
        "refused": 1,
    }
    assert _people(database) == 4
    assert len(json.loads(_run("roster", "import", SAMPLE, "--skip-refused", "--json")[1])["unchanged"]) == 4


def test_a_dry_run_writes_nothing(database: Database) -> None:
    _run("roster", "import", SAMPLE, "--skip-refused", "--dry-run")
    assert _people(database) == 0


def test_the_text_says_what_is_odd_and_what_is_not_read(cast: Cast, tmp_path: Path) -> None:
    head, file = "NIK;NIP;Nama;Unit Kerja;Email", tmp_path / "x.csv"
    rows = (
        "1;199001012020121999;Ani;Dinas Kominfo;bukan",
        "3;199001012020121998;Cici;Dinas Baru;",
        "2;19900101;Budi;B;",
    )
    file.write_text("\n".join((head, *rows)), "utf-8")
    said = _run("roster", "import", file, "--dry-run", "--skip-refused")[1]
    assert "note: the NIK column is not read" in said
    assert "note: new units: Dinas Baru" in said
    assert "note: 1 row with warnings, taken all the same" in said
    assert f"note: absent, but not judged gone while they hold a role: {cast.ratna.name}, {cast.hadi.name}" in said
    assert "warning: row 2: Ani: alamat email tidak dikenali dan tidak disimpan. Periksa alamat email." in said
    assert "refused: row 4, column NIP: NIP harus terdiri atas 18 angka." in said


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_others_write_while_a_file_is_read(
    database: Database, monkeypatch: pytest.MonkeyPatch, dry: tuple[str]
) -> None:
    original = roster.read

    def another() -> None:
        with ThreadPoolExecutor() as pool:
            pool.submit(_write_something).result(timeout=5)

    def meanwhile(data: bytes, *, today: date) -> roster.Table:
        another()
        return original(data, today=today)

    monkeypatch.setattr(roster, "read", meanwhile)
    code, _ = _run("roster", "import", SAMPLE, "--skip-refused", *dry)
    assert (code, _people(database)) == (0, 0 if dry else 4)
    # Control: while a transaction that writes is open, SQLite lets nobody else write.
    if database.engine.dialect.name == "sqlite":
        with ThreadPoolExecutor() as pool, current.database().write():
            assert wait([pool.submit(_write_something)], timeout=0.3).done == set()


def test_a_missing_file_is_named(database: Database) -> None:
    code, said = _run("roster", "import", "tidak-ada.csv")
    assert (code, "tidak-ada.csv" in said) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["completions", "x.pdf"], ".xlsx or .csv"),
        (["completions", "x.csv", "--status", "lulus"], "certified"),
        (["completions", "x.csv", "--unit", "Tidak ada"], "Dinas Kominfo"),
        (["completions", "x.csv", "--program", "lain"], "netralitas"),
        (["certificates", "revoke", "800/0001/X/2026", "--reason", "salah nama"], "no certificate"),
        (["demo"], "holds people"),
    ],
)
def test_a_mistake_is_answered_with_what_is_known(cast: Cast, arguments: list[str], said: str) -> None:
    code, output = _run(*arguments)
    assert code == 1
    assert said in output


def test_completions_hold_everyone(cast: Cast, tmp_path: Path) -> None:
    code, said = _run("completions", tmp_path / "x.csv", "--unit", "Dinas Pendidikan")
    assert (code, said) == (0, f"{tmp_path / 'x.csv'}: 1 row written\n")
    assert (tmp_path / "x.csv").read_text("utf-8-sig").count("\n") == 2
    assert "Bima Pratama" in (tmp_path / "x.csv").read_text("utf-8-sig")


def test_the_audit_log_is_intact(cast: Cast) -> None:
    code, output = _run("audit", "verify", "--json")
    assert (code, json.loads(output)["intact"]) == (0, True)


def test_an_audit_log_that_another_secret_sealed_is_told_apart_and_sealed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = _run("audit", "seal")
    assert (code, "Nothing to seal" in said) == (1, True)
    monkeypatch.setenv("SINETRAL_COOKIE_SECRET", "y" * 40)
    current.settings.cache_clear()
    code, said = _run("audit", "verify")
    assert (code, "Another secret sealed this audit log" in said) == (1, True)
    assert _run("audit", "seal") == (0, "sealed: 0 rows\n")
    code, said = _run("audit", "verify")
    assert (code, said.startswith("intact: 1 row")) == (0, True)


def test_check_counts_the_shipped_content() -> None:
    code, output = _run("check", "--json")
    found = json.loads(output)
    assert code == 0
    assert found["scored"] >= 60
    # The dates of the law are seen from this machine's day: tests/quizzes/test_check_dates.py hands the day in.
    dated = ("as-of-future", "as-of-old", "basis-ended")
    assert [one for one in found["findings"] if one["rule"] not in dated] == []
    assert [note.split(":")[0].split("/")[-2] for note in found["notes"]] == ["netralitas", "penyegaran"]


def test_units_of_one_name_are_asked_for_by_their_path(database: Database, cast: Cast, tmp_path: Path) -> None:
    with database.write() as transaction:
        for parent, who in ((cast.kominfo, cast.sari), (cast.pendidikan, cast.bima)):
            added = insert(unit).values(name="Sekretariat", parent_id=parent).returning(unit.c.id)
            below = transaction.db.execute(added).scalar_one()
            transaction.db.execute(update(person).where(person.c.id == who.person_id).values(unit_id=below))
    file = tmp_path / "x.csv"
    code, said = _run("completions", file, "--unit", "Sekretariat")
    assert (code, file.exists()) == (1, False)
    assert "Dinas Kominfo › Sekretariat, Dinas Pendidikan › Sekretariat" in said
    assert _run("completions", file, "--unit", "Dinas Pendidikan › Sekretariat")[0] == 0
    assert [name in file.read_text("utf-8") for name in ("Bima", "Sari")] == [True, False]

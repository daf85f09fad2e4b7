"""F15: backups while people answer; each restores to a consistent state with all that was acknowledged before it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import backup, soundness
from storage.engine import Database, open_database
from tests.faults import ledger
from tests.faults.crowd import SECRET
from tests.faults.ledger import Count, Worker
from tests.figures import count, figure
from tests.postgres import administer, named, programs

BACKUPS = count(3, 20)
WRITERS = count(30, 200)


@pytest.fixture
def elsewhere(database: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of another, empty database of the same kind."""
    if database.engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'sinetral.db'}"
        return
    server, name = request.getfixturevalue("postgres_server"), f"elsewhere_{tmp_path.name[-12:].lower()}"
    administer(server, f'CREATE DATABASE "{name}"')
    yield named(server, name)
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.figure
def test_every_backup_under_load_restores_what_was_acknowledged_before_it(
    database: Database, elsewhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", programs())
    url = database.engine.url.render_as_string(hide_password=False)
    worker = Worker(url, tmp_path / "answers.log", threads=WRITERS, think=0.5)
    good, total, megabytes = 0, Count(), 0.0
    for number in range(BACKUPS):
        worker.wait_for(ledger.lines(worker.log) + 40)
        before = ledger.read(worker.log)
        made = backup.backup(database, tmp_path / f"cadangan-{number}")
        written = ledger.lines(worker.log) - len(before)
        backup.restore(elsewhere, made.file, aside_folder=tmp_path / "aside", secret=SECRET)
        restored = open_database(elsewhere, SECRET)
        found = ledger.check(restored, before)
        file = soundness.sqlite_file(restored)
        restored.engine.dispose()
        good += found.clean and not (file and soundness.faults_in(file, thorough=True)) and written >= 0
        total, megabytes = total + found, max(megabytes, made.megabytes)
    worker.kill()
    what = f"backups under load restored whole; {total.kept} of {total.acknowledged} answers; up to {megabytes:.1f} MB"
    figure(f"F15 {database.engine.dialect.name}", good, BACKUPS, what)
    assert (good, total.clean) == (BACKUPS, True), total


def test_control_of_f15_a_plain_copy_of_the_file_is_not_enough(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `cp` takes lacks everything that still stands in the write-ahead log."""
    database = open_database(f"sqlite:///{tmp_path / 'sinetral.db'}", SECRET)
    (tmp_path / "sinetral.db").write_bytes(sqlite_template.read_bytes())
    worker = Worker(str(database.engine.url), tmp_path / "answers.log")
    worker.wait_for(60)
    before = ledger.read(worker.log)
    (tmp_path / "copy.db").write_bytes((tmp_path / "sinetral.db").read_bytes())
    worker.kill()
    copied = open_database(f"sqlite:///{tmp_path / 'copy.db'}", SECRET)
    found = ledger.check(copied, before)
    figure("F15 control", found.kept, found.acknowledged, "answers in a plain copy of the file")
    assert found.lost > 0

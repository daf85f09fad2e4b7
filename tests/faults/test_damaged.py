"""F14: a damaged SQLite file is found at the start, left as it is, and replaced by the last backup."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from secrets import token_hex

import pytest
from sqlalchemy import func, insert, select

from storage import audit, backup, migrating
from storage.engine import Database, open_database
from storage.tables import audit as audit_rows
from storage.tables import unit
from storage.troubles import StorageError
from tests.conftest import SECRET
from tests.figures import figure
from tests.server import Server

PAGE = 4096


@dataclass(frozen=True)
class Installation:
    """A database in its own folder, with a backup of all but its last row."""

    file: Path
    backup: Path

    @property
    def database(self) -> Database:
        """Opened anew, as a start does."""
        return open_database(f"sqlite:///{self.file}", SECRET)


def _add(database: Database, count: int) -> None:
    for _ in range(count):
        with database.write() as transaction:
            transaction.db.execute(insert(unit).values(name=f"Dinas {token_hex(4)} {'x' * 200}"))
            audit.record(transaction.db, now=transaction.now, actor="system:test", action="x", object="unit:1")


@pytest.fixture(scope="module")
def original(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """What a killed server leaves: a file, and a write-ahead log with rows that stand nowhere else."""
    folder = tmp_path_factory.mktemp("original")
    made = Installation(folder / "sinetral.db", folder / "cadangan.db")
    shutil.copy(sqlite_template, made.file)
    database = made.database
    migrating.prepare(database)
    _add(database, 20)
    backup.backup(database, made.backup)
    with database.engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    _add(database, 3)
    for end in ("-wal", "-shm"):
        shutil.copy(f"{made.file}{end}", folder / f"kept{end}")
    shutil.copy(made.file, folder / "kept")
    database.engine.dispose()
    for end in ("", "-wal", "-shm"):
        shutil.copy(folder / f"kept{end}", f"{made.file}{end}")
    return made


def _copy_of(original: Installation, folder: Path) -> Installation:
    folder.mkdir(exist_ok=True)
    for path in (*original.file.parent.glob("sinetral.db*"), original.backup):
        shutil.copy(path, folder / path.name)
    return Installation(folder / original.file.name, folder / original.backup.name)


@pytest.fixture
def installation(original: Installation, tmp_path: Path) -> Installation:
    """A copy of it that a test may damage."""
    return _copy_of(original, tmp_path / "copy")


def _without_log(file: Path) -> None:
    """As after an orderly end, so that what we damage is what counts."""
    database = open_database(f"sqlite:///{file}")
    with database.engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()


def _overwrite(share: float, content: Callable[[Random], bytes]) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        _without_log(file)
        page = int(share * (file.stat().st_size // PAGE - 1))
        with file.open("r+b") as handle:
            handle.seek(page * PAGE)
            handle.write(content(Random(page)))

    return damage


def _truncate(share: float) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        _without_log(file)
        with file.open("r+b") as handle:
            handle.truncate(int(share * file.stat().st_size))

    return damage


def _remove(file: Path) -> None:
    _without_log(file)
    file.unlink()


def _noise(random: Random) -> bytes:
    return random.randbytes(PAGE)


def _zeros(_random: Random) -> bytes:
    return bytes(PAGE)


def _header(_random: Random) -> bytes:
    return b"bukan basis data"


REFUSED: dict[str, Callable[[Path], None]] = {
    **{f"noise-{share}": _overwrite(share, _noise) for share in (0, 0.1, 0.3, 0.5, 0.7, 0.9, 1)},
    **{f"zeros-{share}": _overwrite(share, _zeros) for share in (0, 0.4, 1)},
    "header": _overwrite(0, _header),
    **{f"cut-{share}": _truncate(share) for share in (0, 0.001, 0.25, 0.5, 0.99)},
    "removed": _remove,
}


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("sinetral.db*")}


def _rows(database: Database) -> int:
    with database.read() as transaction:
        return int(transaction.db.execute(select(func.count()).select_from(unit)).scalar_one())


def _refusal(file: Path) -> str:
    try:
        migrating.prepare(open_database(f"sqlite:///{file}"))
    except StorageError as error:
        return str(error)
    return ""


@pytest.mark.figure
def test_a_damaged_file_is_refused_untouched_and_the_backup_brings_it_back(
    original: Installation, tmp_path: Path
) -> None:
    good, bad = 0, []
    for name, damage in REFUSED.items():
        made = _copy_of(original, tmp_path / name)
        damage(made.file)
        before = _snapshot(made.file.parent)
        found = "Restore the last backup: python cli.py restore FILE" in _refusal(made.file)
        untouched = _snapshot(made.file.parent) == before
        backup.restore(f"sqlite:///{made.file}", made.backup, aside_folder=made.file.parent, secret=SECRET)
        back = _refusal(made.file) == "" and _rows(made.database) == 20
        good += found and untouched and back
        bad += [] if found and untouched and back else [(name, found, untouched, back)]
    figure("F14", good, len(REFUSED), "damaged files found at the start, left untouched, and restored")
    assert bad == []


# --- the log and its index ------------------------------------------------------------------------------------


def _no_log(file: Path) -> None:
    file.with_name("sinetral.db-wal").unlink()


def _noise_in_log(file: Path) -> None:
    with file.with_name("sinetral.db-wal").open("r+b") as handle:
        handle.seek(PAGE)
        handle.write(Random(1).randbytes(PAGE))


def _half_a_log(file: Path) -> None:
    with file.with_name("sinetral.db-wal").open("r+b") as handle:
        handle.truncate(handle.seek(0, 2) // 2)


def _foreign_log(file: Path) -> None:
    file.with_name("sinetral.db-wal").write_bytes(Random(2).randbytes(9 * PAGE))


def _foreign_index(file: Path) -> None:
    file.with_name("sinetral.db-shm").write_bytes(Random(3).randbytes(8 * PAGE))


def _no_index(file: Path) -> None:
    file.with_name("sinetral.db-shm").unlink()


LOST = {"no-log": _no_log, "noise-in-log": _noise_in_log, "half-a-log": _half_a_log, "foreign-log": _foreign_log}
HARMLESS = {"foreign-index": _foreign_index, "no-index": _no_index}


def _consistent(database: Database) -> bool:
    """Each unit was written together with an audit row: both or neither."""
    with database.read() as transaction:
        noted = transaction.db.execute(select(func.count()).select_from(audit_rows)).scalar_one()
        return audit.verify(transaction.db).intact and noted == _rows(database)


@pytest.mark.parametrize("name", LOST)
def test_a_lost_log_costs_its_rows_but_leaves_no_half_ones(installation: Installation, name: str) -> None:
    """SQLite cannot know of a log that is gone: what stood in it is lost, whole transactions at a time."""
    LOST[name](installation.file)
    migrating.prepare(installation.database)
    assert _rows(installation.database) < 23
    assert _consistent(installation.database)


@pytest.mark.parametrize("name", HARMLESS)
def test_the_index_of_the_log_is_made_anew(installation: Installation, name: str) -> None:
    HARMLESS[name](installation.file)
    migrating.prepare(installation.database)
    assert _rows(installation.database) == 23
    assert _consistent(installation.database)


def test_the_app_does_not_start_on_a_damaged_file(installation: Installation) -> None:
    REFUSED["noise-0.5"](installation.file)
    server = Server(installation.file.parent)
    with pytest.raises(AssertionError, match=r"Restore the last backup: python cli\.py restore FILE"):
        server.start()
    assert "Traceback" not in server.output()


def test_a_new_installation_is_not_taken_for_a_lost_one(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'new' / 'sinetral.db'}")
    assert migrating.prepare(database) is True
    assert migrating.prepare(database) is False
    database.engine.dispose()

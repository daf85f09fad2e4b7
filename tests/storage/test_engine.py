"""Transactions: kept whole or not at all, with the database's clock."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, text

from storage import migrating
from storage.engine import Database
from storage.tables import metadata, unit


def _fail_midway(database: Database) -> None:
    with database.write() as transaction:
        transaction.db.execute(insert(unit).values(name="Dinas"))
        raise LookupError


def test_write_is_rolled_back_when_the_action_fails(database: Database) -> None:
    with pytest.raises(LookupError):
        _fail_midway(database)
    with database.read() as transaction:
        assert transaction.db.execute(select(func.count()).select_from(unit)).scalar() == 0


def test_clock_is_the_databases_and_in_utc(database: Database) -> None:
    with database.write() as transaction:
        assert transaction.now.tzinfo is UTC
        assert abs(transaction.now - datetime.now(UTC)) < timedelta(seconds=5)


def test_sqlite_connections_keep_every_commit_through_a_power_cut(database: Database) -> None:
    if database.engine.dialect.name == "postgresql":
        with database.read() as transaction:
            assert transaction.db.execute(text("SHOW synchronous_commit")).scalar() == "on"
        return
    with database.read() as transaction:
        assert transaction.db.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert transaction.db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert transaction.db.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_schema_after_migrations_equals_the_tables(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.engine.connect() as db:
        difference = compare_metadata(MigrationContext.configure(db), metadata)
    assert difference == []


def test_upgrade_does_nothing_at_head(database: Database) -> None:
    assert migrating.upgrade(database) is False

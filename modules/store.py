"""SQL of the modules room."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import card_response, check_response, place, section_progress


def _upsert(db: Connection, table: Any) -> Any:
    return (postgresql if db.dialect.name == "postgresql" else sqlite).insert(table)


def sections_of(db: Connection, person_id: int, program_id: str) -> Iterable[Row[*tuple[Any, ...]]]:
    """Return (module_id, section_id, opened_at, completed_at) of every section a person opened."""
    columns = section_progress.c.module_id, section_progress.c.section_id, section_progress.c.completed_at
    mine = section_progress.c.person_id == person_id, section_progress.c.program_id == program_id
    return db.execute(select(*columns).where(*mine)).all()


def cards_of(db: Connection, person_id: int, program_id: str) -> Iterable[Row[*tuple[Any, ...]]]:
    """Return (module_id, card_id, ruling, correct), oldest first."""
    columns = card_response.c.module_id, card_response.c.card_id, card_response.c.ruling, card_response.c.correct
    mine = card_response.c.person_id == person_id, card_response.c.program_id == program_id
    return db.execute(select(*columns).where(*mine).order_by(card_response.c.id)).all()


def last_check(db: Connection, key: dict[str, Any]) -> int | None:
    """Return the choice last given at a section's check."""
    query = select(check_response.c.choice).filter_by(**key).order_by(check_response.c.id.desc()).limit(1)
    return db.execute(query).scalar()


def open_section(db: Connection, key: dict[str, Any], now: datetime) -> None:
    """Note that a section was opened; the first time stays."""
    db.execute(_upsert(db, section_progress).values(**key, opened_at=now).on_conflict_do_nothing())


def complete_section(db: Connection, key: dict[str, Any], now: datetime) -> None:
    """Note that a section is done; the first time stays."""
    query = update(section_progress).filter_by(**key)
    db.execute(query.where(section_progress.c.completed_at.is_(None)).values(completed_at=now))


def add_check(db: Connection, values: dict[str, Any]) -> None:
    """Append an answer to a section's check."""
    db.execute(insert(check_response), values)


def add_card(db: Connection, values: dict[str, Any]) -> None:
    """Append an answer to a card."""
    db.execute(insert(card_response), values)


def set_place(db: Connection, values: dict[str, Any]) -> None:
    """Remember where a person is in a programme."""
    statement = _upsert(db, place).values(**values)
    kept = {name: statement.excluded[name] for name in ("step_id", "detail", "at")}
    db.execute(statement.on_conflict_do_update(index_elements=["person_id", "program_id"], set_=kept))


def place_of(db: Connection, person_id: int, program_id: str) -> Row[*tuple[Any, ...]] | None:
    """Return (step_id, detail, at) of where a person was last."""
    query = select(place.c.step_id, place.c.detail, place.c.at)
    return db.execute(query.where(place.c.person_id == person_id, place.c.program_id == program_id)).one_or_none()

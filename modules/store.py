"""SQL of the modules room. Statements are built once: a page reads them on every run."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import begun, card_response, check_response, place, section_progress

Rows = Iterable[Row[*tuple[Any, ...]]]
_MODULES = {"postgresql": postgresql, "sqlite": sqlite}


def _where(table: Any, *names: str) -> Any:
    return [table.c[name] == bindparam(f"b_{name}") for name in names]


def _bound(key: dict[str, Any]) -> dict[str, Any]:
    return {f"b_{name}": value for name, value in key.items()}


_SECTION = ("person_id", "program_id", "module_id", "section_id")
_SECTIONS = select(section_progress.c.module_id, section_progress.c.section_id, section_progress.c.completed_at).where(
    *_where(section_progress, "person_id", "program_id")
)
_CARDS = (
    select(card_response.c.module_id, card_response.c.card_id, card_response.c.ruling, card_response.c.correct)
    .where(*_where(card_response, "person_id", "program_id"))
    .order_by(card_response.c.id)
)
_LAST_CHECK = (
    select(check_response.c.choice)
    .where(*_where(check_response, *_SECTION))
    .order_by(check_response.c.id.desc())
    .limit(1)
)
_COMPLETE = (
    update(section_progress)
    .where(*_where(section_progress, *_SECTION), section_progress.c.completed_at.is_(None))
    .values(completed_at=bindparam("now"))
)
_PLACE = select(place.c.step_id, place.c.detail, place.c.at).where(*_where(place, "person_id", "program_id"))
_OPEN = {name: module.insert(section_progress).on_conflict_do_nothing() for name, module in _MODULES.items()}
_BEGIN = {name: module.insert(begun).on_conflict_do_nothing() for name, module in _MODULES.items()}


def _upsert_place(module: Any) -> Any:
    statement = module.insert(place)
    kept = {name: statement.excluded[name] for name in ("step_id", "detail", "at")}
    return statement.on_conflict_do_update(index_elements=["person_id", "program_id"], set_=kept)


_SET_PLACE = {name: _upsert_place(module) for name, module in _MODULES.items()}


def sections_of(db: Connection, person_id: int, program_id: str) -> Rows:
    """Return (module_id, section_id, completed_at) of every section a person opened."""
    return db.execute(_SECTIONS, {"b_person_id": person_id, "b_program_id": program_id}).all()


def cards_of(db: Connection, person_id: int, program_id: str) -> Rows:
    """Return (module_id, card_id, ruling, correct), oldest first."""
    return db.execute(_CARDS, {"b_person_id": person_id, "b_program_id": program_id}).all()


def last_check(db: Connection, key: dict[str, Any]) -> int | None:
    """Return the choice last given at a section's check."""
    return db.execute(_LAST_CHECK, _bound(key)).scalar()


def open_section(db: Connection, key: dict[str, Any], now: datetime) -> None:
    """Note that a section was opened; the first time stays."""
    # Whoever opened this very section before has begun: no second statement on each run of a page.
    if db.execute(_OPEN[db.dialect.name], {**key, "opened_at": now}).rowcount:
        begin(db, key["person_id"], key["program_id"])


def begin(db: Connection, person_id: int, program_id: str) -> None:
    """Note that a person has begun a programme."""
    db.execute(_BEGIN[db.dialect.name], {"program_id": program_id, "person_id": person_id})


def complete_section(db: Connection, key: dict[str, Any], now: datetime) -> None:
    """Note that a section is done; the first time stays."""
    db.execute(_COMPLETE, {**_bound(key), "now": now})


def add_check(db: Connection, values: dict[str, Any]) -> None:
    """Append an answer to a section's check."""
    db.execute(insert(check_response), values)


def add_card(db: Connection, values: dict[str, Any]) -> None:
    """Append an answer to a card."""
    db.execute(insert(card_response), values)


def set_place(db: Connection, values: dict[str, Any]) -> None:
    """Remember where a person is in a programme."""
    db.execute(_SET_PLACE[db.dialect.name], values)


def place_of(db: Connection, person_id: int, program_id: str) -> Row[*tuple[Any, ...]] | None:
    """Return (step_id, detail, at) of where a person was last."""
    return db.execute(_PLACE, {"b_person_id": person_id, "b_program_id": program_id}).one_or_none()

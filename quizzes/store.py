"""SQL of the quizzes room. Statements are built once: an answer pays for running them, not for building them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import attempt, attempt_item, content_version, decision, response

Rows = list[Row[*tuple[Any, ...]]]

_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}


def _insert_new(table: Any, *returning: Any) -> dict[str, Any]:
    """An insert that leaves an existing row alone, for each database."""
    plain = {name: dialect.insert(table).on_conflict_do_nothing() for name, dialect in _DIALECTS.items()}
    return {name: statement.returning(*returning) if returning else statement for name, statement in plain.items()}


# --- attempts -------------------------------------------------------------------------------------------------

_part = attempt_item.alias("part")
_size = (
    select(func.count()).where(_part.c.attempt_id == attempt.c.id).correlate(attempt).scalar_subquery().label("size")
)
_ATTEMPTS = (
    select(
        attempt,
        func.count(case((response.c.complete, response.c.position)).distinct()).label("answered"),
        func.max(response.c.answered_at).label("saved_at"),
        _size,
    )
    .outerjoin(response, response.c.attempt_id == attempt.c.id)
    .where(attempt.c.person_id == bindparam("person_id"), attempt.c.program_id == bindparam("program_id"))
    .group_by(attempt.c.id)
    .order_by(attempt.c.quiz_id, attempt.c.number)
)
_OWN = select(attempt).where(attempt.c.id == bindparam("attempt_id"), attempt.c.person_id == bindparam("person_id"))
_LOCK = _OWN.with_only_columns(attempt.c.id).with_for_update()
_LAST = (
    select(attempt)
    .where(
        attempt.c.person_id == bindparam("person_id"),
        attempt.c.program_id == bindparam("program_id"),
        attempt.c.quiz_id == bindparam("quiz_id"),
    )
    .order_by(attempt.c.number.desc())
    .limit(1)
)
_OVERDUE = (
    select(attempt)
    .where(attempt.c.state == "open", attempt.c.deadline_at < bindparam("before"))
    .order_by(attempt.c.id)
    .with_for_update(skip_locked=True)
)
_ADD_ATTEMPT = _insert_new(attempt, attempt.c.id)


def attempts_of(db: Connection, person_id: int, program_id: str) -> Rows:
    """Return a person's attempts in a programme with answered, saved_at and size, by quiz and number."""
    return list(db.execute(_ATTEMPTS, {"person_id": person_id, "program_id": program_id}))


def lock_attempt(db: Connection, attempt_id: int, person_id: int) -> None:
    """Hold an attempt until the transaction ends; SQLite's write transactions are alone anyway."""
    if db.dialect.name == "postgresql":
        db.execute(_LOCK, {"attempt_id": attempt_id, "person_id": person_id})


def own_attempt(db: Connection, attempt_id: int, person_id: int) -> Row[*tuple[Any, ...]] | None:
    """Return an attempt of this very person."""
    return db.execute(_OWN, {"attempt_id": attempt_id, "person_id": person_id}).one_or_none()


def last_attempt(db: Connection, person_id: int, program_id: str, quiz_id: str) -> Row[*tuple[Any, ...]] | None:
    """Return a person's newest attempt at a quiz."""
    return db.execute(_LAST, {"person_id": person_id, "program_id": program_id, "quiz_id": quiz_id}).one_or_none()


def overdue(db: Connection, before: datetime) -> Rows:
    """Return open attempts whose deadline lies before a time; those that another transaction holds are left to it."""
    return list(db.execute(_OVERDUE, {"before": before}))


def add_attempt(db: Connection, values: dict[str, Any]) -> int | None:
    """Store a new open attempt; None when the person has one already or its number is taken."""
    return db.execute(_ADD_ATTEMPT[db.dialect.name], values).scalar()


def change_attempt(db: Connection, attempt_id: int, **values: Any) -> None:
    """Close, reopen or extend an attempt."""
    db.execute(update(attempt).where(attempt.c.id == attempt_id).values(**values))


def keep(db: Connection) -> None:
    """Commit what a refusal leaves behind (its audit row, an expiry) although an exception follows."""
    db.commit()


# --- items and responses --------------------------------------------------------------------------------------

_newest = (
    select(func.max(response.c.sequence))
    .where(response.c.attempt_id == attempt_item.c.attempt_id, response.c.position == attempt_item.c.position)
    .correlate(attempt_item)
    .scalar_subquery()
)
_answers = and_(
    response.c.attempt_id == attempt_item.c.attempt_id,
    response.c.position == attempt_item.c.position,
    response.c.sequence == _newest,
)
_question = (
    attempt_item.c.position,
    attempt_item.c.kind.label("part"),
    attempt_item.c.option_order,
    content_version.c.content,
    response.c.sequence,
    response.c.choice,
    response.c.confidence,
    response.c.complete,
    response.c.answered_at,
)
_given = response.alias("given")
_of_attempt = _given.c.attempt_id == attempt.c.id
_VIEW = (
    select(
        *(
            attempt.c.id,
            attempt.c.program_id,
            attempt.c.quiz_id,
            attempt.c.kind,
            attempt.c.number,
            attempt.c.state,
            attempt.c.deadline_at,
        ),
        *(attempt.c.pass_mark, attempt.c.score, attempt.c.passed),
        _size,
        select(func.count(_given.c.position.distinct()))
        .where(_of_attempt, _given.c.complete)
        .scalar_subquery()
        .label("answered"),
        select(func.max(_given.c.answered_at)).where(_of_attempt).scalar_subquery().label("saved_at"),
        *_question,
    )
    .select_from(attempt)
    .outerjoin(
        attempt_item,
        and_(
            attempt_item.c.attempt_id == attempt.c.id,
            attempt_item.c.position.in_([bindparam("position"), bindparam("other_position")]),
        ),
    )
    .outerjoin(content_version, content_version.c.version == attempt_item.c.version)
    .outerjoin(response, _answers)
    .where(attempt.c.id == bindparam("attempt_id"), attempt.c.person_id == bindparam("person_id"))
)
_MAP = (
    select(attempt_item.c.position, func.max(case((response.c.complete, response.c.id))).label("response_id"))
    .outerjoin(
        response,
        and_(response.c.attempt_id == attempt_item.c.attempt_id, response.c.position == attempt_item.c.position),
    )
    .where(attempt_item.c.attempt_id == bindparam("attempt_id"))
    .group_by(attempt_item.c.position)
    .order_by(attempt_item.c.position)
)
_PAPER = (
    select(attempt_item.c.version, attempt_item.c.weight, *_question)
    .select_from(attempt_item)
    .join(content_version, content_version.c.version == attempt_item.c.version)
    .outerjoin(response, _answers)
    .where(attempt_item.c.attempt_id == bindparam("attempt_id"))
    .order_by(attempt_item.c.position)
)
_SEEN = (
    select(attempt_item.c.item_id, func.count().label("times"))
    .join(attempt, attempt.c.id == attempt_item.c.attempt_id)
    .where(attempt.c.person_id == bindparam("person_id"))
    .group_by(attempt_item.c.item_id)
)
_ANSWERED = (
    select(attempt.c.quiz_id, attempt.c.passed, attempt_item.c.item_id, *_question)
    .select_from(attempt_item)
    .join(attempt, attempt.c.id == attempt_item.c.attempt_id)
    .join(content_version, content_version.c.version == attempt_item.c.version)
    .outerjoin(response, _answers)
    .where(
        attempt.c.person_id == bindparam("person_id"),
        attempt_item.c.kind == "item",
        attempt.c.closed_at.is_not(None),
    )
    .order_by(attempt.c.closed_at, attempt.c.id)
)
_TOKEN = select(response.c.id).where(
    response.c.attempt_id == bindparam("attempt_id"), response.c.token == bindparam("token")
)
_ADD_VERSION = _insert_new(content_version)
_ADD_RESPONSE = _insert_new(response, response.c.id)


def view(db: Connection, attempt_id: int, person_id: int, position: int, other_position: int = 0) -> Rows:
    """Return this person's attempt with at most two of its questions, one a row; nothing for a foreign attempt."""
    key = {"attempt_id": attempt_id, "person_id": person_id, "position": position, "other_position": other_position}
    return list(db.execute(_VIEW, key))


def positions(db: Connection, attempt_id: int) -> list[tuple[int, int | None]]:
    """Return every position of an attempt with the id of its newest response."""
    return [(row.position, row.response_id) for row in db.execute(_MAP, {"attempt_id": attempt_id})]


def paper(db: Connection, attempt_id: int) -> Rows:
    """Return every item of an attempt with its content and newest response, for marking."""
    return list(db.execute(_PAPER, {"attempt_id": attempt_id}))


def seen_items(db: Connection, person_id: int) -> dict[str, int]:
    """Return how often a person has met each item or scenario, in any quiz or step."""
    return {row.item_id: row.times for row in db.execute(_SEEN, {"person_id": person_id})}


def answered_items(db: Connection, person_id: int) -> Rows:
    """Return the items of a person's closed quiz attempts with their newest responses, in the order of closing."""
    return list(db.execute(_ANSWERED, {"person_id": person_id}))


def add_items(db: Connection, versions: Sequence[dict[str, Any]], items: Sequence[dict[str, Any]]) -> None:
    """Store an attempt's items and the versions they pin; known versions stay."""
    # In one order for everybody, or two starts could wait for each other's versions.
    ordered = sorted(versions, key=lambda values: str(values["version"]))
    db.execute(_ADD_VERSION[db.dialect.name], ordered)
    db.execute(attempt_item.insert(), list(items))


def has_token(db: Connection, attempt_id: int, token: str) -> bool:
    """Tell whether an answer with this token was stored."""
    return db.execute(_TOKEN, {"attempt_id": attempt_id, "token": token}).scalar() is not None


def add_response(db: Connection, values: dict[str, Any]) -> int | None:
    """Append a response and return its id; None when its token or its sequence is stored already."""
    return db.execute(_ADD_RESPONSE[db.dialect.name], values).scalar()


# --- scenario runs --------------------------------------------------------------------------------------------

_DECISIONS = (
    select(decision.c.sequence, decision.c.node_id, decision.c.choice_id)
    .where(decision.c.attempt_id == bindparam("attempt_id"))
    .order_by(decision.c.sequence)
)
_ADD_DECISION = _insert_new(decision, decision.c.id)


def decisions(db: Connection, attempt_id: int) -> Rows:
    """Return the decisions of a scenario run, oldest first."""
    return list(db.execute(_DECISIONS, {"attempt_id": attempt_id}))


def add_decision(db: Connection, values: dict[str, Any]) -> int | None:
    """Append a decision and return its id; None when its sequence is stored already."""
    return db.execute(_ADD_DECISION[db.dialect.name], values).scalar()

"""Fills an empty database: units, people, and what they did, in every state and always the same for one seed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal, get_args

from sqlalchemy import Connection

from demo import store
from demo.cast import BIMA, CAST, NEWCOMERS, Key, Part
from demo.names import invent
from demo.walking import Walk
from people.roles import Actor
from quizzes.content import Library

AGENCY = "Pemerintah Kabupaten Telaga Jernih"
UNITS = (
    "Dinas Komunikasi dan Informatika",
    "Dinas Pendidikan",
    "Badan Kepegawaian dan Pengembangan SDM",
    "Dinas Kesehatan",
    "Sekretariat Daerah",
    "Satuan Polisi Pamong Praja",
)
Aim = Literal["nothing", "reading", "failed", "passed", "waiting", "certified", "expired", "renewed", "revoked"]
_AIMS: tuple[Aim, ...] = get_args(Aim)
_WEIGHTS = (8, 10, 6, 5, 1, 12, 1, 1, 0)
PROGRAM = "netralitas"
REFRESHER = "penyegaran"


class NotEmpty(Exception):
    """The database holds people; example data are never mixed with real ones."""


@dataclass(frozen=True)
class Filled:
    """What was made."""

    people: int
    """Those of the completion list; a few more registered themselves."""
    units: int
    by_aim: dict[Aim, int]


def fill(
    db: Connection,
    *,
    library: Library,
    now: datetime,
    public_url: str,
    people: int = 60,
    units: int = 3,
    seed: int = 2026,
) -> Filled:
    """Fill an empty database with `people` invented persons in `units` units. Raises NotEmpty."""
    if store.has_people(db):
        raise NotEmpty
    random = Random(seed)  # noqa: S311 - invented people need no secrecy, but the same ones each time
    agency = store.add_unit(db, AGENCY, None)
    names = [UNITS[number] if number < len(UNITS) else f"Unit Kerja {number + 1}" for number in range(max(3, units))]
    unit_ids = [store.add_unit(db, name, agency) for name in names]
    # Chance of its own: how people fare changes nothing for who they are.
    walk = Walk(db, library, library.catalog.program(PROGRAM), Random(seed + 2), public_url)  # noqa: S311
    refreshing = _refreshing(walk, seed)
    made = dict.fromkeys(_AIMS, 0)
    parts: list[tuple[Part, Aim]] = [(CAST["sari"], "reading"), (BIMA, "certified")]
    parts += [(CAST[key], "nothing") for key in ("ratna", "hadi", "admin")]
    for part, aim in parts:
        actor = _add_part(db, part, unit_ids, now)
        walk.go(actor, aim, now - timedelta(days=6), now)
        refreshing.refresh(actor, aim, now - timedelta(days=3), now)
        made[aim] += 1
    for number in range(len(parts), max(people, len(parts))):
        # The first few show each state once, in the unit of Hadi: no small installation lacks one, and HR sees all.
        first, unit_id = number - len(parts), random.choice(unit_ids)
        own = unit_ids[CAST["hadi"].unit] if first < len(_AIMS) else unit_id
        actor = _add_invented(db, random, number, own, now)
        aim = _AIMS[first] if first < len(_AIMS) else random.choices(_AIMS, weights=_WEIGHTS)[0]
        walk.go(actor, aim, now - timedelta(days=random.randint(4, 60), minutes=random.randint(0, 600)), now)
        refreshing.refresh(actor, aim, now - timedelta(days=3), now)
        made[aim] += 1
    for days, part in enumerate(NEWCOMERS, start=1):
        _add_part(db, part, unit_ids, now - timedelta(days=days), assurance="declared")
    store.mark(db)
    return Filled(sum(made.values()), len(unit_ids), made)


def _refreshing(walk: Walk, seed: int) -> Walk:
    # Chance of its own: who refreshes changes nothing for the main programme.
    return replace(walk, program=walk.library.catalog.program(REFRESHER), random=Random(seed + 1))  # noqa: S311


def _add_part(
    db: Connection, part: Part, unit_ids: list[int], now: datetime, *, assurance: Literal["code", "declared"] = "code"
) -> Actor:
    identity = {"nip": part.identifier} if part.identifier.isdigit() else {"employee_id": part.identifier}
    kind = "pns" if part.identifier.isdigit() else "non_asn"
    values = {**identity, "name": part.name, "kind": kind, "position": part.position, "unit_id": unit_ids[part.unit]}
    person_id = store.add_person(db, {**values, "assurance": assurance}, now)
    if part.role is not None:
        store.add_role(db, person_id, part.role, unit_ids[part.unit] if part.role == "hr" else None, now)
    return Actor(person_id, part.name, unit_id=unit_ids[part.unit], assurance=assurance, is_example=True)


def _add_invented(db: Connection, random: Random, number: int, unit_id: int, now: datetime) -> Actor:
    values = {**invent(random, number).__dict__, "unit_id": unit_id}
    person_id = store.add_person(db, values, now)
    return Actor(person_id, values["name"], unit_id=unit_id, assurance="code", is_example=True)


def person_id(db: Connection, key: Key) -> int | None:
    """Return the id of one of the cast; None where there are no example data."""
    return store.person_by_key(db, CAST[key].identifier)


def only_examples(db: Connection) -> bool:
    """Tell whether the database holds example data and nobody real who works with it."""
    return store.is_marked(db) and not store.has_real_account(db) and not store.has_real_people(db)


def is_empty(db: Connection) -> bool:
    """Tell whether nobody is stored yet."""
    return not store.has_people(db)

"""The roster: HR's list of people, read from a file, compared with the database, and written as it was shown.

`read` a file, `plan` what it would change, show that, then `apply` the same plan in one transaction.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from people import lifting, roster_store, units
from people.comparing import Entry, Plan, plan
from people.reading import Table, read
from people.roles import Scope
from people.rows import RefusedRow, RosterRow
from people.sheets import FileRefused
from people.units import Place
from storage import audit

__all__ = [
    "Entry",
    "FileRefused",
    "Plan",
    "RefusedRow",
    "RosterRow",
    "RowsRefused",
    "StalePlan",
    "Table",
    "apply",
    "plan",
    "read",
]


class RowsRefused(Exception):
    """Rows are refused and the caller did not say that they may be skipped; nothing was written."""


class StalePlan(Exception):
    """The database or the file has changed since the plan was shown; nothing was written."""


def apply(
    db: Connection,
    *,
    shown: Plan,
    scope: Scope,
    actor: str,
    skip_refused: bool = False,
    example: bool = False,
    now: datetime,
) -> dict[str, int]:
    """Write the plan that was shown; return its counts. All in the caller's transaction.

    `example`: whoever imports belongs to the example data, and so does whoever is new.
    Raises RowsRefused while a row is refused (unless skip_refused), StalePlan when the plan no longer holds.
    """
    roster_store.lock(db)
    fresh = plan(db, scope=scope, table=shown.table)
    if fresh.fingerprint != shown.fingerprint:
        raise StalePlan
    if fresh.refused and not skip_refused:
        raise RowsRefused
    writes = [*fresh.new, *fresh.moved, *fresh.changed]
    places = {entry.place for entry in writes}
    made = units.make(db, [place for place in (*places, *(one.above for one in fresh.adopted)) if place.missing])
    for one in fresh.adopted:
        roster_store.put_below(db, one.unit_id, made[one.above.key] if one.above.missing else one.above.unit_id)
    homes = {place: made[place.key] if place.missing else place.unit_id for place in places}
    added = [_new_person(each.source, homes[each.place], example) for each in fresh.new if each.source]
    roster_store.add_people(db, added, now)
    lifted = [each.person_id for each in (*fresh.moved, *fresh.changed) if "assurance" in each.changes]
    lifting.begin_anew(db, person_ids=[person_id for person_id in lifted if person_id], now=now)
    roster_store.change_people(db, [_changed_person(each, homes, now) for each in (*fresh.moved, *fresh.changed)])
    roster_store.mark_gone(db, [entry.person_id for entry in fresh.gone if entry.person_id], now)
    detail = {
        **fresh.counts,
        "new_units": len(fresh.new_units),
        "adopted": len(fresh.adopted),
        "skip_refused": skip_refused,
    }
    audit.record(db, now=now, actor=actor, action="roster.import", object="roster:file", detail=detail)
    return fresh.counts


def _new_person(row: RosterRow, unit_id: int | None, example: bool) -> list[Any]:
    details = (row.details.get(name, "") for name in ("position", "email", "phone"))
    return [row.nip, row.employee_id, row.name, row.kind, *details, unit_id, "roster", example]


def _changed_person(entry: Entry, homes: Mapping[Place, int | None], now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {name: new for name, (_, new) in entry.changes.items() if name != "unit"}
    if "unit" in entry.changes:
        values["unit_id"] = homes[entry.place]
    return {**values, "updated_at": now, "key_id": entry.person_id}

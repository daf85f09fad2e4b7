"""Downloads: a row says what a person asked for; the file is made when fetched, with the rights of that moment."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Literal

from sqlalchemy import Connection

from modules.catalog import Program
from people import roles
from people.roles import Actor, Scope, see_completions
from reports import completion, spreadsheet, store
from reports.rows import Completion, Filter
from storage import audit

Kind = Literal["xlsx", "csv"]


def find(db: Connection, *, actor: Actor, kind: Kind, program_id: str, wanted: Filter) -> str | None:
    """Return the id of the same download asked for before."""
    see_completions(actor)
    return store.export_id(db, actor.person_id, kind, _arguments(program_id, wanted))


def prepare(db: Connection, *, actor: Actor, kind: Kind, program_id: str, wanted: Filter, now: datetime) -> str:
    """Return the id under which `/unduh/<id>` gives this list; asking twice gives the same id. Raises Refused."""
    known = find(db, actor=actor, kind=kind, program_id=program_id, wanted=wanted)
    if known is not None:
        return known
    new = token_urlsafe(16)
    values = {"id": new, "person_id": actor.person_id, "kind": kind, "arguments": _arguments(program_id, wanted)}
    store.add_export(db, {**values, "created_at": now})
    return new


def _arguments(program_id: str, wanted: Filter) -> str:
    return json.dumps({"program": program_id, **asdict(wanted)}, default=str, sort_keys=True)


def asked(db: Connection, *, actor: Actor, export_id: str) -> tuple[Kind, str, Filter]:
    """Return (kind, programme id, filter) of the actor's own export. Raises LookupError for any other id."""
    row = store.export_of(db, actor.person_id, export_id)
    if row is None:
        raise LookupError(export_id)
    values = json.loads(row.arguments)
    program_id = values.pop("program")
    for name in ("day_from", "day_to"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    return row.kind, program_id, Filter(**values)


def note_download(db: Connection, *, actor: Actor, kind: Kind, program_id: str, now: datetime) -> None:
    """Note in the audit log that personal data left the database. Raises Refused, ProofNeeded."""
    see_completions(actor)
    roles.require_proof(actor, now=now)
    audit.record(db, now=now, actor=actor.reference, action="completions.export", object=f"program:{program_id}:{kind}")


def stream(
    db: Connection, *, scope: Scope, program: Program, wanted: Filter, kind: Kind, now: datetime, link: str
) -> Iterator[bytes]:
    """Yield the file. `link` is the public address before /v/."""
    people: Iterator[Completion] = completion.rows(db, scope=scope, program=program, wanted=wanted, now=now)
    if kind == "csv":
        return spreadsheet.csv_chunks(people)
    tallied = completion.tally(db, scope=scope, program=program, wanted=wanted, now=now)
    summary = [one for one in tallied if wanted.status in (None, one.status)]
    return spreadsheet.xlsx_chunks(people, summary, title=program.head.title, now=now, link=link)

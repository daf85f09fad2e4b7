"""Composes a record from programme, holder and result: pure, no database, no clock."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from certificates import codes, wording
from certificates.pledge import Signed
from certificates.printable import tidy
from certificates.records import Material, Record
from modules.catalog import Program

EXAMPLE_SERIES = "CONTOH-"


@dataclass(frozen=True)
class Holder:
    """The person as the roster has them at issue."""

    name: str
    nip: str | None
    employee_id: str | None
    position: str
    unit: str
    is_example: bool


@dataclass(frozen=True)
class Completion:
    """What was completed: the first activity in the programme, the passed attempt and its result.

    `renews` is the certificate that this completion replaces; it then began with the attempt. `lapsed` are titles of
    other quizzes whose pass counts for a time only, and no longer.
    """

    attempt_id: int
    started_at: datetime
    completed_at: datetime
    score: int
    pass_mark: int
    renews: str | None = None
    lapsed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grounds:
    """Why there may be a certificate: who, for what, with which pledge, and how surely we know the person."""

    holder: Holder
    completion: Completion
    pledge: Signed
    assurance: str


@dataclass(frozen=True)
class Slot:
    """The place in a number series that a certificate takes, and its public code."""

    series: str
    year: int
    sequence: int
    code: str


def series(program: Program, *, is_example: bool) -> str:
    """Name the number series: examples have their own, so that real numbers have no gaps."""
    return (EXAMPLE_SERIES if is_example else "") + program.head.issuer.code


def valid_until(issued_on: date, months: int | None) -> date | None:
    """Return the last day of validity: the same day so many months later, or that month's last; None for ever."""
    if months is None:
        return None
    year, month = divmod(issued_on.year * 12 + issued_on.month - 1 + months, 12)
    return date(year, month + 1, min(issued_on.day, monthrange(year, month + 1)[1]))


def expires_at(last_day: date | None, zone: str) -> datetime | None:
    """Return the first moment after the last day of validity."""
    if last_day is None:
        return None
    return datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def free_texts(program: Program, holder: Holder) -> dict[str, str]:
    """Return every printed field that people wrote, tidied."""
    issuer, signatory = program.head.issuer, program.head.signatory
    fields = {
        "name": holder.name,
        "employee_id": holder.employee_id or "",
        "position": holder.position,
        "unit": holder.unit,
        "program_title": program.head.certificate_title,
        "issuer_name": issuer.name,
        "issuer_unit": issuer.unit,
        "city": issuer.city,
        "signatory_name": signatory.name,
        "signatory_office": signatory.office,
    }
    return {field: tidy(text) for field, text in fields.items()}


def printed_texts(program: Program, holder: Holder) -> dict[str, str]:
    """Return the same with the materials: everything that must be printable before a number is taken."""
    materials = {f"materials.{index}": tidy(row.title) for index, row in enumerate(program.head.materials, start=1)}
    return free_texts(program, holder) | materials


def record(program: Program, grounds: Grounds, slot: Slot, *, as_of: date, now: datetime, public_url: str) -> Record:
    """Compose the record of a new certificate; `as_of` is the date of the legal registry."""
    head, zone, completion = program.head, program.head.issuer.zone, grounds.completion
    texts: dict[str, Any] = free_texts(program, grounds.holder)
    return Record(
        **texts | {"employee_id": texts["employee_id"] or None},
        number=head.number_format.format(sequence=slot.sequence, year=slot.year, code=slot.series),
        code=slot.code,
        link=codes.link(public_url, slot.code),
        nip=grounds.holder.nip,
        program_id=program.id,
        started_at=completion.started_at,
        completed_at=completion.completed_at,
        issued_at=now,
        valid_until=valid_until(wording.local_day(now, zone), head.validity_months),
        zone=zone,
        jp=program.jp,
        jp_words=wording.in_words(program.jp),
        pass_mark=completion.pass_mark,
        score_class=wording.score_class(completion.score),
        materials=tuple(Material(title=tidy(row.title), jp=row.jp) for row in head.materials),
        issuer_code=head.issuer.code,
        signatory_nip=head.signatory.nip,
        regulations_as_of=as_of,
        pledge_version=grounds.pledge.text_version,
        pledge_hash=grounds.pledge.text_hash,
        pledge_signed_at=grounds.pledge.signed_at,
        assurance=grounds.assurance,
        is_example=grounds.holder.is_example,
    )

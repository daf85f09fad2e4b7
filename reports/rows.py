"""What a completion list holds, and what it may be narrowed to."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

Status = Literal["not_started", "under_way", "failed", "passed", "waiting", "certified", "expired", "revoked"]

STATUSES: dict[Status, str] = {
    "not_started": "Belum mulai",
    "under_way": "Sedang berjalan",
    "failed": "Belum lulus",
    "passed": "Lulus tanpa pakta",
    "waiting": "Menunggu penerbitan",
    "certified": "Bersertifikat",
    "expired": "Kedaluwarsa",
    "revoked": "Dicabut",
}


class Tally(NamedTuple):
    """How many people of a unit have a status; `unit` is its path in words."""

    unit_id: int
    unit: str
    status: Status
    people: int


@dataclass(frozen=True)
class Filter:
    """What to show: a unit with all below it, a status, and days (inclusive) of passing or issue."""

    unit_id: int | None = None
    status: Status | None = None
    day_from: date | None = None
    day_to: date | None = None
    text: str = ""


@dataclass(frozen=True)
class Completion:
    """One person's standing in one programme at one moment.

    `finished_at` is the issue of the certificate, else the passing; `expires_at` the moment after the last day of
    validity. A certificate that was revoked or has expired is still named, unless the person has passed anew.
    """

    person_id: int
    identifier: str
    name: str
    position: str
    unit: str
    zone: str
    status: Status
    score: int | None
    finished_at: datetime | None
    certificate_id: str | None
    number: str
    expires_at: datetime | None

"""What a certificate says, field by field. A record never changes; PDF and picture are functions of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

State = Literal["valid", "revoked", "superseded", "expired"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Material(_Frozen):
    """A row of the back page."""

    title: str
    jp: int


class Record(_Frozen):
    """Every printed field. Moments are UTC, shown in `zone`, the issuer's; `layout` names the way it is drawn."""

    layout: Literal[1] = 1
    number: str
    code: str
    link: str
    name: str
    nip: str | None
    employee_id: str | None
    position: str
    unit: str
    program_id: str
    program_title: str
    started_at: datetime
    completed_at: datetime
    issued_at: datetime
    valid_until: date | None
    zone: str
    jp: int
    jp_words: str
    pass_mark: int
    score_class: str
    materials: tuple[Material, ...]
    issuer_name: str
    issuer_unit: str
    issuer_code: str
    city: str
    signatory_name: str
    signatory_office: str
    signatory_nip: str
    regulations_as_of: date
    pledge_version: int
    pledge_hash: str
    pledge_signed_at: datetime
    assurance: str
    is_example: bool


@dataclass(frozen=True)
class Standing:
    """How a certificate stands now: since when, and why or by which number it was replaced."""

    state: State
    since: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Certificate:
    """An issued certificate with its holder's place in the roster and its standing."""

    id: str
    person_id: int
    unit_id: int | None
    record: Record
    pdf_sha256: str
    standing: Standing


def standing(events: list[tuple[str, str, datetime]], expires_at: datetime | None, now: datetime) -> Standing:
    """Derive the standing from events (state, reason, at). Revoked outweighs superseded, superseded expired."""
    for wanted in ("revoked", "superseded"):
        for state, reason, at in events:
            if state == wanted:
                return Standing("revoked" if wanted == "revoked" else "superseded", at, reason)
    if expires_at is not None and now >= expires_at:
        return Standing("expired", expires_at)
    return Standing("valid")

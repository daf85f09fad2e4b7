"""Activation codes on paper: made for a unit or for one person, shown once, printed as slips."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from people import codes, directory, roles, units
from people.codes import Slip, Waiting
from people.roles import Actor, ProofNeeded
from web import current
from web.forms import posted
from web.html import page
from web.middleware.addresses import proof
from web.routes.signin import entered

SIGN_IN = "/masuk?next=%2Fpegawai"


def _number(text: str) -> int:
    """Return an id from the address. Raises 404 for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise HTTPException(404)
    return int(text)


def show(request: Request) -> Response:
    """Choose a unit, or confirm the unit or person that the address names; makes nothing."""
    actor = entered(request)
    if actor is None:
        return RedirectResponse(SIGN_IN, 303)
    unit, person = (request.query_params.get(name, "") for name in ("unit", "person"))
    return _confirm_person(actor, _number(person)) if person else _confirm_unit(actor, _number(unit) if unit else 0)


def _confirm_unit(actor: Actor, unit_id: int, *, sent_again: bool = False, seen: int = 0) -> Response:
    try:
        with current.read() as transaction:
            db = transaction.db
            choices = units.choices(db, scope=roles.issue_codes(actor))
            waiting = codes.waiting(db, actor=actor, unit_id=unit_id) if unit_id else Waiting(0)
    except codes.UnknownUnit as error:
        raise HTTPException(404) from error
    return page(
        "kode-pilih.html",
        status=409 if sent_again else 200,
        title="Cetak kode aktivasi",
        choices=choices,
        unit_id=unit_id,
        waiting=waiting,
        most=codes.MOST,
        sent_again=sent_again,
        made_since=waiting.seen > seen,
        zone=actor.zone,
    )


def _confirm_person(actor: Actor, person_id: int, *, sent_again: bool = False) -> Response:
    with current.read() as transaction:
        db = transaction.db
        found = directory.person(db, scope=roles.issue_codes(actor), person_id=person_id)
        waiting = codes.waiting_person(db, actor=actor, person_id=person_id)
    if found is None:
        raise HTTPException(404)
    return page(
        "kode-orang.html",
        status=409 if sent_again else 200,
        title="Kode baru",
        person=found,
        waiting=waiting,
        sent_again=sent_again,
        zone=actor.zone,
    )


def make(request: Request, fields: Mapping[str, str]) -> Response:
    """Make the codes and show them, this once. The same form sent again makes nothing and asks instead."""
    actor = entered(request)
    if actor is None:
        return RedirectResponse(SIGN_IN, 303)
    unit, person, seen = (fields.get(name, "") for name in ("unit", "person", "seen"))
    known = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 20 else -1
    try:
        with current.write() as transaction:
            db, now = transaction.db, transaction.now
            if person:
                slips = [codes.issue_for_person(db, actor=actor, person_id=_number(person), now=now, seen=known)]
            else:
                slips = codes.issue_for_unit(db, actor=actor, unit_id=_number(unit), now=now, seen=known)
    except (codes.UnknownPerson, codes.UnknownUnit) as error:
        raise HTTPException(404) from error
    except ProofNeeded:
        there = proof(f"/kode-aktivasi?person={_number(person)}")
        return RedirectResponse(there, 303, headers={"Cache-Control": "no-store"})
    except codes.TooMany:
        return _confirm_unit(actor, _number(unit))
    except codes.AlreadyMade:
        if person:
            return _confirm_person(actor, _number(person), sent_again=True)
        return _confirm_unit(actor, _number(unit), sent_again=True, seen=known)
    return _sheet(slips)


def _sheet(slips: list[Slip]) -> Response:
    address = f"{current.settings().public_url}/aktivasi"
    return page("kode-aktivasi.html", title="Kode aktivasi", slips=slips, address=address)


ROUTES = [
    Route("/kode-aktivasi", show),
    Route("/kode-aktivasi", posted(make), methods=["POST"]),
]

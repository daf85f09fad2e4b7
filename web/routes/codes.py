"""Activation codes on paper: made for a unit or for one person, shown once, printed as slips."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from people import codes, directory, roles, units
from people.codes import Slip
from people.roles import Actor
from web import current
from web.forms import posted
from web.html import page
from web.routes.signin import signed_in

SIGN_IN = "/masuk?next=%2Fpegawai"


def _number(text: str) -> int:
    """Return an id from the address. Raises 404 for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise HTTPException(404)
    return int(text)


def show(request: Request) -> Response:
    """Choose a unit, or confirm the unit or person that the address names; makes nothing."""
    actor = signed_in(request)
    if actor is None:
        return RedirectResponse(SIGN_IN, 303)
    unit, person = (request.query_params.get(name, "") for name in ("unit", "person"))
    return _confirm_person(actor, _number(person)) if person else _confirm_unit(actor, _number(unit) if unit else 0)


def _confirm_unit(actor: Actor, unit_id: int) -> Response:
    try:
        with current.read() as transaction:
            choices = units.choices(transaction.db, scope=roles.issue_codes(actor))
            waiting = codes.waiting(transaction.db, actor=actor, unit_id=unit_id) if unit_id else 0
    except codes.UnknownUnit as error:
        raise HTTPException(404) from error
    title = "Cetak kode aktivasi"
    return page("kode-pilih.html", title=title, choices=choices, unit_id=unit_id, waiting=waiting, most=codes.MOST)


def _confirm_person(actor: Actor, person_id: int) -> Response:
    with current.read() as transaction:
        found = directory.person(transaction.db, scope=roles.issue_codes(actor), person_id=person_id)
    if found is None:
        raise HTTPException(404)
    return page("kode-orang.html", title="Kode baru", person=found)


def make(request: Request, fields: Mapping[str, str]) -> Response:
    """Make the codes and show them, this once."""
    actor = signed_in(request)
    if actor is None:
        return RedirectResponse(SIGN_IN, 303)
    unit, person = fields.get("unit", ""), fields.get("person", "")
    try:
        with current.write() as transaction:
            db, now = transaction.db, transaction.now
            if person:
                slips = [codes.issue_for_person(db, actor=actor, person_id=_number(person), now=now)]
            else:
                slips = codes.issue_for_unit(db, actor=actor, unit_id=_number(unit), now=now)
    except (codes.UnknownPerson, codes.UnknownUnit) as error:
        raise HTTPException(404) from error
    except codes.TooMany:
        return _confirm_unit(actor, _number(unit))
    return _sheet(slips)


def _sheet(slips: list[Slip]) -> Response:
    address = f"{current.settings().public_url}/aktivasi"
    return page("kode-aktivasi.html", title="Kode aktivasi", slips=slips, address=address)


ROUTES = [
    Route("/kode-aktivasi", show),
    Route("/kode-aktivasi", posted(make), methods=["POST"]),
]

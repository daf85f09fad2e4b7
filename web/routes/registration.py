"""/daftar: people register themselves where an administrator has opened it; elsewhere it says that it is closed."""

from collections.abc import Mapping
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from people import passwords, registration, words
from people.registration import Claim, ClaimRefused, Closed
from people.throttle import Throttled
from web import current
from web.forms import posted
from web.html import page
from web.routes.signin import Fields, too_many, until

CLOSED = (
    "Pendaftaran mandiri tidak dibuka. Minta SDM unit Anda mencatat Anda pada daftar pegawai dan memberi kode aktivasi."
)
SHORT = "Ketik paling sedikit 3 huruf dari nama unit kerja Anda."
NOT_FOUND = "Tidak ada unit dengan nama itu. Periksa ejaannya, atau ketik satu kata saja dari namanya."
UNKNOWN = "Unit itu tidak ada. Cari unit kerja Anda."
_TYPED = ("nip", "nama", "unit", "cari")
_FIELDS = {"identifier": "nip", "name": "nama", "unit": "unit"}


def show(request: Request) -> Response:
    """The form, while it is open; where there are many units, the search for one's own comes first."""
    asked = {name: request.query_params.get(name, "") for name in ("unit", "cari")}
    try:
        return _form(asked, {}, ask_first=True)
    except Closed:
        return _closed()


def _closed() -> Response:
    return page("message.html", status=404, title="Pendaftaran ditutup", text=CLOSED)


def _form(fields: Fields, errors: Mapping[str, str], *, status: int = 200, ask_first: bool = False) -> Response:
    with current.read() as transaction:
        places = registration.places(transaction.db)
        place = registration.place(transaction.db, _unit_id(fields)) if places is None else None
    if ask_first and places is None and place is None:
        return _search(fields)
    typed = {name: fields.get(name, "")[:200] for name in _TYPED}
    shown = {"nip": "", "nama": "", "unit": "", "sandi": "", **errors}
    return page("daftar.html", status=status, title="Daftar", typed=typed, errors=shown, places=places, place=place)


def _search(asked: Fields) -> Response:
    text = asked["cari"][:80]
    with current.read() as transaction:
        found, total = registration.search(transaction.db, text=text)
    if asked["unit"]:
        error = UNKNOWN
    elif not text:
        error = ""
    else:
        error = SHORT if registration.is_short(text) else "" if found else NOT_FOUND
    status = 404 if asked["unit"] else 200
    return page("daftar-unit.html", status=status, title="Daftar", text=text, error=error, found=found, total=total)


def register(_request: Request, fields: Fields) -> Response:
    """Store whoever is new. The reply is the same for everybody (threats T01)."""
    try:
        return _registered(fields)
    except Closed:
        return _closed()
    except ClaimRefused as refused:
        return _form(fields, {_FIELDS[refused.field]: words.sentence(refused.code)}, status=422)
    except Throttled as throttled:
        return too_many(_form(fields, {"nip": until(throttled)}, status=429))


def _registered(fields: Fields) -> Response:
    password = fields.get("sandi", "")
    with current.read() as transaction:
        registration.require_open(transaction.db)  # closed: nothing of what was typed is looked at
        claim = _claim(fields, transaction.now.date())
    if refusal := passwords.refusal(password, identifier=claim.identifier, name=claim.name):
        return _form(fields, {"sandi": words.sentence(refusal, least=passwords.SHORTEST)}, status=422)
    key = current.settings().secret.encode()
    with current.write() as transaction:
        registration.begin(transaction.db, claim=claim, key=key, now=transaction.now)
    password_hash = passwords.hashed(password)
    with current.write() as transaction:
        registration.register(transaction.db, claim=claim, password_hash=password_hash, now=transaction.now)
    return page("daftar-selesai.html", title="Pendaftaran diterima")


def _claim(fields: Fields, today: date) -> Claim:
    identifier, name = fields.get("nip", "")[:60], fields.get("nama", "")
    return registration.read(identifier=identifier, name=name, unit_id=_unit_id(fields), today=today)


def _unit_id(fields: Fields) -> int:
    unit = fields.get("unit", "")
    return int(unit) if unit.isascii() and unit.isdecimal() and len(unit) < 10 else 0


ROUTES = [Route("/daftar", show), Route("/daftar", posted(register), methods=["POST"])]

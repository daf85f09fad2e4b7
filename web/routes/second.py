"""/masuk/dua-langkah: after the password, staff enrol a second factor once and show it at every sign-in.
/masuk/kode-pemulihan: whoever has one makes recovery codes anew."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from people import directory, second, totp
from people.roles import Actor, require_proof
from people.second import Opened
from people.throttle import Throttled
from web import current, phrases, qr
from web.forms import posted
from web.html import page
from web.middleware.addresses import RECOVERY
from web.routes.signin import Fields, entered, own_page, signed_in, token_of, too_many, until

WRONG = "Kode tidak cocok. Tunggu kode berikutnya pada aplikasi, lalu ketik enam angkanya."


def _key() -> bytes:
    return current.settings().secret.encode()


def _half_open(request: Request, target: str) -> Actor | Response:
    """Return whoever still has to show a second factor; everybody else is sent on."""
    actor = signed_in(request)
    if actor is None:
        return RedirectResponse("/masuk", 303)
    return actor if actor.owes_factor else RedirectResponse(target, 303)


def show(request: Request) -> Response:
    """Ask for the code, or offer a key to whoever has none; makes nothing."""
    target = own_page(request.query_params.get("next", ""))
    actor = _half_open(request, target)
    return actor if isinstance(actor, Response) else _page(request, actor, target)


def _page(request: Request, actor: Actor, target: str, *, status: int = 200, error: str = "") -> Response:
    with current.read() as transaction:
        enrolled = second.is_enrolled(transaction.db, person_id=actor.person_id)
        me = directory.myself(transaction.db, actor=actor)
    shown = {"target": target, "error": error, "title": "Verifikasi dua langkah"}
    if enrolled:
        return page("dua-langkah.html", status=status, **shown)
    secret = totp.secret_of(token_of(request), key=_key())
    picture = qr.svg(totp.address(secret, name=phrases.masked_nip(me.nip) if me.nip else me.identifier))
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return page("dua-langkah-pasang.html", status=status, qr=picture, secret=" ".join(groups), **shown)


def enter(request: Request, fields: Fields) -> Response:
    """Check the code, and go on with a two-factor session under a new token."""
    target = own_page(fields.get("next", ""))
    actor = _half_open(request, target)
    if isinstance(actor, Response):
        return actor
    try:
        with current.write() as transaction:
            opened = second.complete(
                transaction.db,
                actor=actor,
                token=token_of(request),
                typed=fields.get("kode", ""),
                key=_key(),
                now=transaction.now,
            )
    except Throttled as throttled:
        return too_many(_page(request, actor, target, status=429, error=until(throttled)))
    if opened is None:
        return _page(request, actor, target, status=401, error=WRONG)
    return _opened(opened, target)


def _opened(opened: Opened, target: str) -> Response:
    answer: Response
    if opened.recovery_codes:
        answer = _codes(opened.recovery_codes, target)
    else:
        answer = RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})
    current.set_cookie(answer, opened.token)
    return answer


def _codes(codes: tuple[str, ...], target: str, *, renewed: bool = False) -> Response:
    return page("pemulihan.html", title="Kode pemulihan", codes=codes, target=target, renewed=renewed)


def _enrolled(request: Request) -> Actor | Response:
    """Return whoever has a second factor; everybody else is sent on."""
    actor = entered(request)
    if actor is None:
        return RedirectResponse("/masuk", 303)
    with current.read() as transaction:
        enrolled = second.is_enrolled(transaction.db, person_id=actor.person_id)
    return actor if enrolled else RedirectResponse("/akun", 303)


def show_renewal(request: Request) -> Response:
    """Ask before new recovery codes are made; makes nothing. Raises ProofNeeded."""
    actor = _enrolled(request)
    if isinstance(actor, Response):
        return actor
    with current.read() as transaction:
        require_proof(actor, now=transaction.now)
        left = second.codes_left(transaction.db, actor=actor)
    return page("pemulihan-baru.html", title="Kode pemulihan baru", left=left)


def renew(request: Request, _fields: Fields) -> Response:
    """Make new recovery codes and show them, this once; the old ones no longer work. Raises ProofNeeded."""
    actor = _enrolled(request)
    if isinstance(actor, Response):
        return actor
    with current.write() as transaction:
        codes = second.renew_codes(transaction.db, actor=actor, now=transaction.now)
    return _codes(codes, "/akun", renewed=True)


ROUTES = [
    Route(current.SECOND_FACTOR, show),
    Route(current.SECOND_FACTOR, posted(enter), methods=["POST"]),
    Route(RECOVERY, show_renewal),
    Route(RECOVERY, posted(renew), methods=["POST"]),
]

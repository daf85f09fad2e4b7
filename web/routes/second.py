"""/masuk/dua-langkah: after the password, staff enrol a second factor once and show it at every sign-in."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from people import directory, second, throttle, totp
from people.roles import Actor
from people.second import Opened
from people.throttle import Throttled
from web import current, phrases, qr
from web.forms import posted
from web.html import page
from web.routes.signin import TOO_MANY, Fields, own_page, signed_in, token_of

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
    if opened.recovery_codes:
        answer: Response = page("pemulihan.html", title="Kode pemulihan", codes=opened.recovery_codes, target=target)
    else:
        answer = RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})
    current.set_cookie(answer, opened.token)
    return answer


def until(throttled: Throttled) -> str:
    """Say when the next try counts: the minute after, so that it then does."""
    return TOO_MANY.format(until=phrases.clock(throttled.until + timedelta(minutes=1), "Asia/Jakarta"))


def too_many(answer: Response) -> Response:
    """Say the same to machines."""
    answer.headers["Retry-After"] = str(int(throttle.WINDOW.total_seconds()))
    return answer


ROUTES = [
    Route(current.SECOND_FACTOR, show),
    Route(current.SECOND_FACTOR, posted(enter), methods=["POST"]),
]

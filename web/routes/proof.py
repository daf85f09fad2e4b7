"""/masuk/ulang: who changes roles, revokes or exports shows again who they are, and goes back."""

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from people import passwords, proof, second
from people.entry import NotMatching
from people.roles import Actor
from people.throttle import Throttled
from web import current
from web.forms import posted
from web.html import page
from web.middleware import PAGES, second_factor
from web.middleware.addresses import PROOF, RECOVERY
from web.routes.signin import Fields, device_of, signed_in, too_many, until

NOT_MATCHING = "Kata sandi atau kode tidak cocok. Periksa kembali."
_CODE = re.compile(r"/kode-aktivasi\?person=[0-9]{1,9}")
_DOWNLOAD = re.compile(r"/unduh/[A-Za-z0-9_-]{1,64}")


def back(path: str) -> str:
    """Return where to go on: a page of ours, codes, or a download; the home page for anything else (threats T19)."""
    return path if path in (*PAGES, RECOVERY) or _CODE.fullmatch(path) or _DOWNLOAD.fullmatch(path) else "/"


def _mine(request: Request, target: str) -> Actor | Response:
    actor = signed_in(request)
    if actor is None:
        return RedirectResponse("/masuk", 303)
    if actor.owes_factor:
        return RedirectResponse(second_factor("/"), 303)
    return RedirectResponse(target, 303) if actor.is_example else actor


def show(request: Request) -> Response:
    """Ask for the password, and for the code where there is one."""
    target = back(request.query_params.get("next", ""))
    actor = _mine(request, target)
    return actor if isinstance(actor, Response) else _page(actor, target)


def _page(actor: Actor, target: str, *, status: int = 200, error: str = "") -> Response:
    with current.read() as transaction:
        enrolled = second.is_enrolled(transaction.db, person_id=actor.person_id)
    agency = current.settings().oidc_name if actor.factors == "sso" else ""
    shown = {"target": target, "error": error, "enrolled": enrolled, "agency": agency}
    return page("ulang.html", status=status, title="Pastikan identitas Anda", **shown)


def prove(request: Request, fields: Fields) -> Response:
    """Check both, and go back."""
    target = back(fields.get("next", ""))
    actor = _mine(request, target)
    if isinstance(actor, Response):
        return actor
    try:
        proved = _proved(request, actor, fields)
    except Throttled as throttled:
        return too_many(_page(actor, target, status=429, error=until(throttled)))
    except NotMatching:
        proved = False
    if not proved:
        return _page(actor, target, status=401, error=NOT_MATCHING)
    return done(target)


def done(target: str) -> Response:
    """Go back after the proof."""
    if _DOWNLOAD.fullmatch(target):
        # A download leaves the page as it is: this one then says what to do.
        return page("ulang-unduh.html", title="Identitas dipastikan", target=target)
    return RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})


def _proved(request: Request, actor: Actor, fields: Fields) -> bool:
    key = current.settings().secret.encode()
    with current.write() as transaction:
        attempt = proof.begin(transaction.db, actor=actor, device=device_of(request), key=key, now=transaction.now)
    if not passwords.matches(attempt.password_hash, fields.get("sandi", "")):
        return False
    with current.write() as transaction:
        typed = fields.get("kode", "")
        return proof.finish(transaction.db, actor=actor, attempt=attempt, typed=typed, key=key, now=transaction.now)


ROUTES = [Route(PROOF, show), Route(PROOF, posted(prove), methods=["POST"])]

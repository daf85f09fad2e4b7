"""/masuk/instansi and /masuk/kembali: signing in at the agency. What it says is proof for minutes; then our own session
begins, which can be ended like any other."""

import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from people import sealing, sso
from people.roles import Actor
from people.sso import Identity, NotAccepted
from settings import Settings
from web import current, oidc
from web.oidc import Unreachable, Untrusted
from web.routes.proof import back, done
from web.routes.signin import entered, own_page, signin_page, token_of

log = logging.getLogger("sinetral")
REFUSED = (
    "Masuk dengan {name} tidak berhasil. Pastikan NIP Anda tercatat pada daftar pegawai, lalu coba lagi atau masuk "
    "dengan kata sandi."
)
AWAY = "Masuk dengan {name} sedang terganggu. Masuk dengan NIP dan kata sandi, atau coba lagi beberapa menit lagi."
_PURPOSE = "sign-in at the agency"
_LONGEST = 4_000


@dataclass(frozen=True)
class Flow:
    """One way there and back, sealed into a cookie of this browser. `login_id`: who shows again who they are, or 0."""

    state: str
    nonce: str
    verifier: str
    target: str
    login_id: int
    began: float


def _settings() -> Settings:
    settings = current.settings()
    if not settings.oidc_metadata_url:
        raise HTTPException(404)
    return settings


def _cookie() -> str:
    return f"{current.cookie_name()}_instansi"


def begin(request: Request) -> Response:
    """Send somebody to the agency, with a way back that works once, in this browser, for ten minutes."""
    settings, asked = _settings(), request.query_params.get("next", "")
    actor = entered(request) if "ulang" in request.query_params else None
    with current.read() as transaction:
        now = transaction.now
    flow = Flow(
        state=token_urlsafe(32),
        nonce=token_urlsafe(32),
        verifier=token_urlsafe(48),
        target=back(asked) if actor else own_page(asked),
        login_id=actor.login_id if actor else 0,
        began=now.timestamp(),
    )
    try:
        there = oidc.address(
            settings, state=flow.state, nonce=flow.nonce, verifier=flow.verifier, again=bool(flow.login_id)
        )
    except Unreachable as error:
        return _away(settings, error)
    answer = RedirectResponse(there, 303, headers={"Cache-Control": "no-store"})
    sealed = sealing.seal(json.dumps(asdict(flow)), purpose=_PURPOSE, key=settings.secret.encode())
    seconds = int(sso.FLOW_VALID.total_seconds())
    answer.set_cookie(
        _cookie(), sealed, max_age=seconds, path="/", secure=settings.secure, httponly=True, samesite="lax"
    )
    return answer


def _flow(request: Request, now: datetime) -> Flow:
    """Return the way that this browser set out on. Raises NotAccepted."""
    sealed = request.cookies.get(_cookie(), "")[:_LONGEST]
    text = sealing.unseal(sealed, purpose=_PURPOSE, key=current.settings().secret.encode())
    if text is None:
        raise NotAccepted("no way there from this browser")
    flow = Flow(**json.loads(text))
    if not hmac.compare_digest(flow.state.encode(), request.query_params.get("state", "").encode()):
        raise NotAccepted("another state")
    if now.timestamp() - flow.began >= sso.FLOW_VALID.total_seconds():
        raise NotAccepted("too late")
    return flow


def finish(request: Request) -> Response:
    """Come back: check everything, and go on with a login session of our own."""
    settings = _settings()
    try:
        answer = _finished(request, settings)
    except Unreachable as error:
        answer = _away(settings, error)
    except (Untrusted, NotAccepted) as error:
        log.warning("sign-in at the agency refused: " + str(error))  # own words; arguments stay out
        text = REFUSED.format(name=settings.oidc_name)
        answer = signin_page("/", status=401, error=text)
    answer.delete_cookie(_cookie(), path="/", secure=settings.secure, httponly=True, samesite="lax")
    return answer


def _finished(request: Request, settings: Settings) -> Response:
    with current.read() as transaction:
        now = transaction.now
    flow = _flow(request, now)
    code = request.query_params.get("code", "")
    if not code or len(code) > _LONGEST:
        raise NotAccepted("no code")
    claims = oidc.claims(settings, code=code, nonce=flow.nonce, verifier=flow.verifier, now=now)
    identity = _identity(claims, settings)
    if flow.login_id:
        return _proved(_same(request, flow, claims), identity, flow)
    with current.write() as transaction:
        token = sso.enter(
            transaction.db, identity=identity, state=flow.state, old_token=token_of(request), now=transaction.now
        )
    answer = RedirectResponse(flow.target, 303, headers={"Cache-Control": "no-store"})
    current.set_cookie(answer, token)
    return answer


def _identity(claims: Mapping[str, Any], settings: Settings) -> Identity:
    name = settings.oidc_nip_claim
    if any(claims.get(each, True) is not True for each in ("email_verified", f"{name}_verified")):
        raise NotAccepted("not verified there")
    number, subject = claims.get(name), claims.get("sub")
    if not isinstance(number, str) or not isinstance(subject, str) or not subject:
        raise NotAccepted("claim missing")
    return Identity(str(claims["iss"]), subject, number)


def _same(request: Request, flow: Flow, claims: Mapping[str, Any]) -> Actor:
    """Return the person of the session that set out, who has signed in there anew. Raises NotAccepted."""
    actor = entered(request)
    if actor is None or actor.login_id != flow.login_id:
        raise NotAccepted("another session")
    signed_in_at = claims.get("auth_time")
    if not isinstance(signed_in_at, int | float) or signed_in_at < flow.began - oidc.LEEWAY:
        raise NotAccepted("not signed in anew there")
    return actor


def _proved(actor: Actor, identity: Identity, flow: Flow) -> Response:
    with current.write() as transaction:
        sso.prove(transaction.db, actor=actor, identity=identity, state=flow.state, now=transaction.now)
    return done(flow.target)


def _away(settings: Settings, error: Unreachable) -> Response:
    log.warning("sign-in at the agency is away: " + str(error))
    return signin_page("/", status=503, error=AWAY.format(name=settings.oidc_name))


ROUTES = [Route("/masuk/instansi", begin), Route("/masuk/kembali", finish)]

"""A newcomer is inside in a minute: example data, and sign-in as one of its cast with one click."""

from ipaddress import ip_address
from typing import TypeGuard

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from demo import filling
from demo.cast import CAST, Key
from people import signin
from web import current
from web.html import page

_HOSTS = ("localhost", "127.0.0.1", "[::1]")


def local_request(request: Request) -> bool:
    """Tell whether a request comes from this very machine, without any proxy between.

    Each condition stands for itself: no base URL is set, the peer is loopback, the Host is a loopback name, and no
    header says that somebody forwarded it.
    """
    if current.settings().base_url or request.client is None:
        return False
    return (
        _is_loopback(request.client.host)
        and request.headers.get("host", "").rsplit(":", 1)[0].lower() in _HOSTS
        and not _is_forwarded(request.headers)
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_forwarded(headers: Headers) -> bool:
    names = (name.lower() for name in headers)
    return any(name in ("forwarded", "via", "x-real-ip") or name.startswith("x-forwarded-") for name in names)


def offered(request: Request, db: Connection) -> bool:
    """Tell whether this visitor may start with, or go on in, example data."""
    return local_request(request) and (filling.is_empty(db) or filling.only_examples(db))


def welcome(request: Request) -> Response:
    """Offer the four people of the example data; elsewhere this page does not exist."""
    with current.read() as transaction:
        if not offered(request, transaction.db):
            raise HTTPException(404)
        empty = filling.is_empty(transaction.db)
    return page("mulai.html", title="Mulai dengan data contoh", cast=CAST, empty=empty)


async def enter(request: Request) -> Response:
    """Fill the empty database with example data when it still is empty, and sign in as the part asked for."""
    form = await request.form()
    return await run_in_threadpool(_enter, request, str(form.get("peran", "")))


def _enter(request: Request, key: str) -> Response:
    if not _is_key(key):
        raise HTTPException(404)
    with current.write() as transaction:
        db, now = transaction.db, transaction.now
        if not offered(request, db):
            raise HTTPException(404)
        if filling.is_empty(db):
            filling.fill(db, library=current.library(), now=now, public_url=current.settings().public_url)
        person_id = filling.person_id(db, key)
        if person_id is None:
            raise HTTPException(404)
        token = signin.open_session(db, person_id=person_id, assurance="code", now=now)
    answer = RedirectResponse("/", 303)
    current.set_cookie(answer, token)
    return answer


def _is_key(text: str) -> TypeGuard[Key]:
    return text in CAST


ROUTES = [Route("/mulai", welcome), Route("/mulai", enter, methods=["POST"])]

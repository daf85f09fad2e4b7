"""What a page or route works with right now: settings, database, content, and the person behind the cookie."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from threading import local

import streamlit as st
from starlette.responses import Response
from streamlit.runtime.scriptrunner import get_script_run_ctx

import settings as settings_module
from modules.catalog import Program
from people import signin
from people.roles import Actor
from quizzes.content import Library, load_library
from settings import Settings
from storage.engine import Database, Transaction, open_database
from web import phrases, tabs

COOKIE = "sinetral"
USUAL = "netralitas"
SECOND_FACTOR = "/masuk/dua-langkah"
# One script run = one thread; cleared when the run ends, so nobody inherits it.
_run = local()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings, read once per process."""
    return settings_module.load()


@lru_cache(maxsize=4)
def _database(url: str, secret: str) -> Database:
    return open_database(url, secret)


def database() -> Database:
    """The database, opened once per URL."""
    return _database(settings().database, settings().secret)


@lru_cache(maxsize=1)
def library() -> Library:
    """All content, read once per process. Raises ContentError."""
    return load_library(settings().content_dir)


def program(program_id: str = "") -> Program:
    """A programme by id; without one the usual programme: the shipped main one, else the first. Raises KeyError."""
    programs = {program.id: program for program in library().catalog.programs}
    return programs[program_id or (USUAL if USUAL in programs else next(iter(programs)))]


@contextmanager
def write() -> Iterator[Transaction]:
    """One action's transaction; what the page shows comes after it."""
    with database().write() as transaction:
        yield transaction


@contextmanager
def read() -> Iterator[Transaction]:
    """One consistent view for a page."""
    with database().read() as transaction:
        yield transaction


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host; browsers accept it over https alone."""
    return f"__Host-{COOKIE}" if settings().secure else COOKIE


def token_in(cookie_header: str) -> str:
    """Return the session token that a Cookie header carries, or an empty string."""
    try:
        morsel = SimpleCookie(cookie_header).get(cookie_name())
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def actor_of(token: str) -> Actor | None:
    """Return the person behind a token as the database has them now, and note the use once a minute."""
    if not token:
        return None
    with read() as transaction:
        found = signin.resolve(transaction.db, token=token, now=transaction.now)
    if found is None:
        return None
    if found.stale:
        with write() as transaction:
            signin.note_use(transaction.db, actor=found.actor, now=transaction.now)
    return found.actor


def visitor() -> Actor | None:
    """Return the person of this script run, from the cookies of its WebSocket handshake."""
    return actor_of(st.context.cookies.get(cookie_name(), ""))


def person() -> Actor:
    """Return the person of this run: the one the frame admitted, else (a fragment alone) read again."""
    actor = getattr(_run, "actor", None) or visitor()
    if actor is None:
        st.error(phrases.SESSION_ENDED, icon=":material/lock:")
        st.link_button("Masuk", "/masuk")
        st.stop()
    if actor.owes_factor:
        st.info(phrases.SECOND_FACTOR, icon=":material/lock:")
        st.link_button("Lanjutkan masuk", SECOND_FACTOR)
        st.stop()
    return actor


@contextmanager
def admitted() -> Iterator[Actor]:
    """Read who visits, once per run, and hold it while the page runs. Another person's state is cleared first."""
    _run.actor = None
    actor = person()
    if st.session_state.get("person_id", actor.person_id) != actor.person_id:
        st.session_state.clear()
    st.session_state["person_id"] = actor.person_id
    if context := get_script_run_ctx(suppress_warning=True):
        tabs.bind(context.session_id, actor.login_id)
    _run.actor = actor
    try:
        yield actor
    finally:
        _run.actor = None


def set_cookie(answer: Response, token: str) -> None:
    """Put a session token into an answer: unreadable to scripts, sent to this host alone."""
    answer.set_cookie(
        cookie_name(),
        token,
        max_age=int(signin.ABSOLUTE.total_seconds()),
        path="/",
        secure=settings().secure,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(answer: Response) -> None:
    """Take the session token away again."""
    answer.delete_cookie(cookie_name(), path="/", secure=settings().secure, httponly=True, samesite="lax")

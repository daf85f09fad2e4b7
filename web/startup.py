"""Start-up: migrates, reads the content, and checks the configuration that is really in force."""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from demo import filling
from people import administrators
from quizzes import attempts
from settings import Settings, SettingsError
from storage import audit, migrating
from web import current, garbage, logs, no_watchers, theme_once
from web.index_page import index
from web.middleware.headers import allowed_scripts

log = logging.getLogger("sinetral")
OVERDUE_SECONDS = 60
HEAD_SECONDS = 24 * 60 * 60
# The systemd unit does not try again after this one (RestartPreventExitStatus).
REFUSED = 3
# A writer gives up the interpreter at every statement; by default a page that runs keeps it 5 ms long (decision 11).
SWITCH_SECONDS = 0.0005

# Safety: start-up refuses any other value. Speed: it warns and names the cost (docs/decisions/0005).
SAFETY: Mapping[str, Any] = {
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.scriptHealthCheckEnabled": False,
    "server.trustedUserHeaders": {},
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.allowedOrigins": [],
    "browser.gatherUsageStats": False,
    # It would print errors with their texts beside the log.
    "logger.enableRich": False,
}
SPEED: Mapping[str, tuple[Any, str]] = {
    "runner.postScriptGC": (False, "a full garbage collection after every run: 14 ms instead of 1.5 ms, and growing"),
    "runner.magicEnabled": (False, "every page is rewritten before it runs"),
    "server.fileWatcherType": ("none", "about 70 ms for every new session"),
    "server.enableWebsocketCompression": (False, "compression of messages too small to gain by it"),
}


def chosen() -> dict[str, Any]:
    """Return the options of this installation; a wrong setting or a port in use ends the process in one line."""
    try:
        settings = current.settings()
        _require_free(settings)
    except SettingsError as error:
        print(f"SiNetral tidak dapat dimulai: {error}", file=sys.stderr, flush=True)  # noqa: T201
        raise SystemExit(REFUSED) from None
    return options(settings)


def _require_free(settings: Settings) -> None:
    """Raise SettingsError when nobody can listen there; what happens afterwards the server itself reports."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            if os.name == "posix":  # as the server does: a port that was let go a moment ago is free
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise SettingsError(
            f"cannot listen on {where} ({error.strerror}). Set SINETRAL_PORT to a free port, such as 8502, "
            "or SINETRAL_HOST to an address of this machine."
        ) from None


def options(settings: Settings) -> dict[str, Any]:
    """Return the Streamlit options that differ by installation."""
    own = settings.public_url
    return {
        "server.address": settings.host,
        "server.port": settings.port,
        "server.corsAllowedOrigins": [own],
        "browser.serverAddress": own.split("://", 1)[1].split(":", 1)[0],
    }


def refusals() -> list[str]:
    """Return what is unsafe in the effective configuration."""
    unsafe = []
    for name, wanted in SAFETY.items():
        found = config.get_option(name)
        if (found or None) != (wanted or None):
            unsafe.append(f"{name} is {found!r}; set it to {wanted!r} in .streamlit/config.toml")
    return unsafe


def warnings() -> list[str]:
    """Return what is slow in the effective configuration, with its cost."""
    slow = [
        f"{name} is not {wanted!r}: {cost}"
        for name, (wanted, cost) in SPEED.items()
        if config.get_option(name) != wanted
    ]
    if find_spec("uvloop") is None:
        slow.append("uvloop is not installed: at least 41 ms more on every answer")
    return slow


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Prepare everything before the first visitor, or say in one line why not and end."""
    logs.configure()
    # Database, secret and copies hold people's data: for this user of the machine alone.
    os.umask(0o077)
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        _prepare()
    except Exception as error:
        log.critical("start refused", exc_info=error)
        print(f"\n  SiNetral tidak dapat dimulai: {error}\n", file=sys.stderr, flush=True)  # noqa: T201
        raise
    garbage.settle()
    watches = [asyncio.create_task(work) for work in (_close_overdue(), _note_daily(), garbage.collect_at_times())]
    try:
        yield {}
    finally:
        for watch in watches:
            watch.cancel()
        log.info("stopped")


async def _close_overdue() -> None:
    """Close attempts whose time is over, also when nobody comes back to them."""
    while True:
        await asyncio.sleep(OVERDUE_SECONDS)
        try:
            await run_in_threadpool(_expire)
        except Exception as error:  # the next minute tries again; one failure must not end the watch
            log.error("overdue attempts not closed", exc_info=error)


async def _note_daily() -> None:
    """Note the head of the audit log once a day: a server runs for months, and what came after its start counts too."""
    while True:
        await asyncio.sleep(HEAD_SECONDS)
        try:
            await run_in_threadpool(_note_head, "audit")
        except Exception as error:  # tomorrow again
            log.error("head of the audit log not noted", exc_info=error)


def _expire() -> None:
    with current.write() as transaction:
        attempts.expire_due(transaction.db, now=transaction.now)


def _prepare() -> None:
    if unsafe := refusals():
        raise SettingsError("Start refused. " + "; ".join(unsafe))
    for line in warnings():
        log.warning(line)
    migrating.prepare(current.database())
    current.library()
    allowed_scripts()
    index()
    # The first visitor of a process would be told that a deep link does not exist: Streamlit takes the folder
    # pages/ beside the frame for its old automatic pages until st.navigation has run once.
    PagesManager.uses_pages_directory = False
    theme_once.install()
    no_watchers.install()
    _note_head("started")
    _offer_first_link(current.settings())


def _note_head(event: str) -> None:
    # Where logs leave the machine, this line notes the head of the audit log out of the reach of whoever edits it.
    with current.read() as transaction:
        rows, head = audit.head(transaction.db)
    log.info(event, extra={"rows": rows, "head": head})


def _offer_first_link(settings: Settings) -> None:
    with current.write() as transaction:
        code = administrators.first_code(transaction.db, now=transaction.now)
        empty, examples = filling.is_empty(transaction.db), filling.only_examples(transaction.db)
    if empty and not settings.base_url:
        print(f"\n  Mulai dengan data contoh: {settings.public_url}/mulai", flush=True)  # noqa: T201
    if settings.base_url or not (empty or examples):
        _warn_of_placeholders()
    if code:
        # After '#', so that no server or proxy log ever holds the code.
        print(f"\n  Administrator pertama: {settings.public_url}/aktivasi#admin.{code}\n", flush=True)  # noqa: T201


def _warn_of_placeholders() -> None:
    if found := [program.id for program in current.library().catalog.programs if program.placeholder]:
        said = f"penerbit atau penanda tangan masih contoh ({', '.join(found)})"
        print(f"\n  Sertifikat belum dapat diterbitkan: {said}. Lihat docs/operating.md, bagian Issuer.", flush=True)  # noqa: T201

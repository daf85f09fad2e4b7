"""The log: one JSON object per line, listed fields only, nobody's name, NIP, cookie, code or answer in it.

A message keeps its constant part; the values that were to be put into it stay out. An error keeps its type and
its place; its text may quote people's data and stays out, except for our own texts and the driver's kind of trouble.
"""

import hmac
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import logger as streamlit_logger

from settings import ROOT, SettingsError
from storage.troubles import StorageError, kind_of
from web import current

FIELDS = ("reference", "person", "method", "route", "status", "ms", "rows", "head")
"""What a line may carry beside time, level, source, event and error. None holds what a person typed."""

_OWN_TEXTS = (SettingsError, StorageError)
_FRAMES = 12
_EVENT = 300
_NUMBERS = re.compile(r"\d{6,}")
_TAKEN_OVER = ("streamlit", "uvicorn", "websockets", "asyncio")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Machines ask these again and again, and Streamlit's own addresses carry session ids.
_UNLOGGED = ("/_stcore/", "/static/", "/aset/", "/healthz", "/readyz", "/metrics")

log = logging.getLogger("sinetral")


def person(person_id: int) -> str:
    """Return a person as the log names them: the same on every line, and nobody's without the secret."""
    digest = hmac.new(current.settings().secret.encode(), f"person:{person_id}".encode(), sha256)
    return digest.hexdigest()[:16]


class JsonLines(logging.Formatter):
    """One record, one line, whatever is in it: JSON escapes line ends, control and non-ASCII characters."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "source": record.name,
            "event": _event(record.msg),
        }
        line |= {name: _plain(getattr(record, name)) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and isinstance(record.exc_info[1], BaseException):
            line |= described(record.exc_info[1])
        return json.dumps(line)


def _event(message: object) -> str:
    first = str(message).strip().partition("\n")[0]
    return _NUMBERS.sub("#", first)[:_EVENT]


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | None) else str(value)[:_EVENT]


def described(error: BaseException) -> dict[str, Any]:
    """Return an error as far as it may be told: its type, its cause's type, where, and the trouble if we know it."""
    found: dict[str, Any] = {"error": _name(error), "where": list(_places(error))}
    if cause := error.__cause__ or error.__context__:
        found["cause"] = _name(cause)
    if kind := kind_of(error):
        found["trouble"] = kind
    if isinstance(error, OSError) and error.strerror:
        found["text"] = error.strerror
    elif isinstance(error, _OWN_TEXTS):
        found["text"] = _NUMBERS.sub("#", str(error))[:_EVENT]
    return found


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _places(error: BaseException) -> Iterator[str]:
    for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]:
        path = Path(frame.filename)
        inside = path.is_relative_to(ROOT) and ".venv" not in path.parts
        yield f"{path.relative_to(ROOT).as_posix() if inside else path.name}:{frame.lineno} {frame.name}"


class Lines(logging.StreamHandler[Any]):
    """The one way out: every logger of the process ends here."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(JsonLines())
        self.addFilter(_wanted)


def _wanted(record: logging.LogRecord) -> bool:
    if record.name == log.name:
        return True
    message = str(record.msg)
    # Told with their references by on_script_error and by the lifespan.
    told = message == "Uncaught app execution" or message.startswith("Traceback")
    return record.levelno >= logging.WARNING and not told


def configure() -> None:
    """Send everything that this process logs through one handler, Streamlit's and uvicorn's lines included."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, Lines)]:
        root.removeHandler(handler)
    root.addHandler(Lines())
    log.setLevel(logging.INFO)
    # Streamlit gives every logger a console of its own, also those it makes later.
    streamlit_logger.setup_formatter = _pass_on
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _TAKEN_OVER:
            _pass_on(logging.getLogger(name))
    threading.excepthook = _of_thread


def _pass_on(logger: logging.Logger) -> None:
    logger.handlers.clear()
    # Its lines carry addresses with their queries. Without a way out uvicorn does not even make them.
    logger.propagate = logger.name != "uvicorn.access"


def _of_thread(caught: threading.ExceptHookArgs) -> None:
    if caught.exc_value is not None:
        log.error("thread ended by an error", exc_info=caught.exc_value)


class AccessLog:
    """One line per request to an own route: its pattern, never its address, and no query, header or body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_UNLOGGED):
            return await self.app(scope, receive, send)
        started, status = perf_counter(), 0

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        finally:
            took = round((perf_counter() - started) * 1000, 1)
            # Whoever makes up a method could write anything here.
            method = scope["method"] if scope["method"] in _METHODS else "-"
            facts = {"method": method, "route": pattern_of(scope), "status": status, "ms": took}
            log.info("request", extra=facts)


def pattern_of(scope: Scope) -> str:
    """Return the pattern of the route that answered, such as /v/{code}; `-` where none of ours did."""
    endpoint = scope.get("endpoint")
    routes = getattr(scope.get("app"), "routes", ())
    found = (route.path for route in routes if endpoint and getattr(route, "endpoint", None) is endpoint)
    return next(found, "-")

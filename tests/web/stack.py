"""The middleware in front of stand-ins for what Streamlit serves, whole or with one guard taken out as a control."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket
from streamlit import file_util
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from web import faults
from web.middleware import MIDDLEWARE
from web.routes import ROUTES

OWN = "http://127.0.0.1:8501"
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]


async def _count(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _fault(_request: Request) -> Response:
    raise RuntimeError("rahasia")


async def _greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


STAND_INS = [
    WebSocketRoute("/_stcore/stream", _greet),
    Route("/_stcore/{rest:path}", _count, methods=METHODS),
    Route("/media/{rest:path}", _count),
    Route("/metrics", _count),
    Route("/v/{code}/berkas", _count, methods=["POST"]),
    Route("/catat", _count, methods=METHODS),
    Route("/rusak", _fault),
]


def client(
    *, without: object = None, peer: str = "127.0.0.1", stand_ins: Sequence[BaseRoute] = STAND_INS, **named: Any
) -> TestClient:
    """Return a client of the whole stack, or of the stack without one guard."""
    middleware = [each for each in MIDDLEWARE if each.cls is not without]
    assert without is None or len(middleware) == len(MIDDLEWARE) - 1
    routes = [*stand_ins, *ROUTES, *create_streamlit_static_assets_routes("")]
    app = Starlette(routes=routes, middleware=middleware, exception_handlers=faults.HANDLERS)
    named = {"base_url": OWN, "follow_redirects": False, "raise_server_exceptions": False, **named}
    return TestClient(app, client=(peer, 50_000), **named)


def static_file(pattern: str) -> Path:
    """Return one of the files that Streamlit ships; their names carry hashes that change with its version."""
    (path,) = (Path(file_util.get_static_dir()) / "static").glob(pattern)
    return path


def static_address(pattern: str) -> str:
    """Return its address."""
    path = static_file(pattern)
    return f"/static/{path.parent.name}/{path.name}"


def in_pieces(size: int) -> Iterator[bytes]:
    """Yield a body whose length nobody announces."""
    for _ in range(size // 1024):
        yield b"x" * 1024

"""Health for machines: /healthz says the process lives, /readyz that its database answers."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from web import current


def healthz(_request: Request) -> Response:
    """Answer while the process lives."""
    return PlainTextResponse("ok")


def readyz(_request: Request) -> Response:
    """Answer while the database does."""
    with current.read():
        return PlainTextResponse("ok")


ROUTES = [Route("/healthz", healthz), Route("/readyz", readyz)]

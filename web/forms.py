"""Forms of our own routes: read on the event loop, handled in the threadpool, where hashing may take its time."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request, Mapping[str, str]], Response]
MOST_FIELDS = 20


def posted(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Turn a plain function of request and fields into an endpoint. Files in a form are refused (400)."""

    async def endpoint(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(handler, request, fields)

    return endpoint

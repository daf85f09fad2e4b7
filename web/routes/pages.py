"""The addresses of the Streamlit pages. Stands last among the routes: every other address is not there."""

from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from web.index_page import index
from web.middleware import PAGES


class _NotStreamlit(Convertor[str]):
    """Any path but those that Streamlit answers itself."""

    # Without a slash /static and /media are no files: Streamlit would send its own index there.
    regex = r"(?!(?:_stcore|auth|oauth2callback)(?:/|$)|(?:media|static)/).*"

    def convert(self, value: str) -> str:
        """Return the path as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Return the path as it is."""
        return value


register_url_convertor("not_streamlit", _NotStreamlit())


async def page(request: Request) -> Response:
    """Send the rewritten index at the address of a page; 404 elsewhere, where Streamlit would send its own index."""
    path = request.url.path
    if path in PAGES:
        return index().response(request.headers, cache="private, no-cache")
    if path.rstrip("/") in PAGES:
        return RedirectResponse(path.rstrip("/"), 308)
    raise HTTPException(404)


ROUTES = [Route("/{path:not_streamlit}", page)]

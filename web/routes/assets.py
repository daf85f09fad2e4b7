"""Our own fonts, styles, scripts and drawings at /aset/."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.static_files import DAY, IMMUTABLE, REVALIDATE, StaticFile, asset

# Fonts keep their name for good (another content gets another name); drawings may be a day old;
# a style or script asked for without its fingerprint is always checked.
CACHING = {".woff2": IMMUTABLE, ".svg": DAY, ".png": DAY}


def _caching(request: Request, file: StaticFile, name: str) -> str:
    if request.query_params.get("v") == file.digest:
        return IMMUTABLE
    suffix = name[name.rfind(".") :]
    return CACHING.get(suffix, REVALIDATE)


async def aset(request: Request) -> Response:
    """Send one file of web/assets; anything else is not there."""
    name = request.path_params["name"]
    try:
        file = asset(name)
    except (OSError, ValueError) as error:
        raise HTTPException(404) from error
    return file.response(request.headers, cache=_caching(request, file, name))


ROUTES = [Route("/aset/{name:path}", aset)]

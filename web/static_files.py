"""Files sent as they are: type, caching, ETag, and brotli or gzip forms made once."""

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response

ASSETS = Path(__file__).resolve().parent / "assets"
IMMUTABLE = "public, max-age=31536000, immutable"
DAY = "public, max-age=86400"
REVALIDATE = "public, no-cache"
TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
TEXT = frozenset({".css", ".js", ".svg", ".txt", ".html"})
CODINGS = ("br", "gzip")


def accepted(header: str) -> tuple[str, ...]:
    """Return which of brotli and gzip an Accept-Encoding header takes, the better one first."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, weight = (text.strip() for text in part.partition(";"))
        try:
            weights[name] = float(weight.removeprefix("q=")) if weight else 1.0
        except ValueError:
            weights[name] = 0.0
    return tuple(coding for coding in CODINGS if weights.get(coding, weights.get("*", 0.0)) > 0)


def compress(content: bytes, coding: str, *, quality: int) -> bytes:
    """Return brotli or gzip of the content; the same bytes every time."""
    if coding == "br":
        made: bytes = brotli.compress(content, quality=quality)
        return made
    return gzip.compress(content, compresslevel=9, mtime=0)


def fingerprint(content: bytes) -> str:
    """Return a short hash that names this very content."""
    return sha256(content).hexdigest()[:16]


@dataclass(frozen=True)
class StaticFile:
    """One file in its codings (`identity` is the plain one), ready to send."""

    media_type: str
    digest: str
    forms: Mapping[str, bytes]

    def response(self, request: Headers, *, cache: str) -> Response:
        """Return the form that the request takes, or 304 when it already holds it."""
        coding = next((name for name in accepted(request.get("accept-encoding", "")) if name in self.forms), "identity")
        etag = f'"{self.digest}-{coding}"'
        headers = {"Cache-Control": cache, "ETag": etag, "Vary": "Accept-Encoding"}
        if etag in _etags(request.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        if coding != "identity":
            headers["Content-Encoding"] = coding
        return Response(self.forms[coding], media_type=self.media_type, headers=headers)


def _etags(header: str) -> Iterable[str]:
    return (tag.strip().removeprefix("W/") for tag in header.split(","))


def static_file(content: bytes, suffix: str, media_type: str) -> StaticFile:
    """Return a file with every form worth sending; small enough to be made at once."""
    forms = {"identity": content}
    if suffix in TEXT:
        forms |= {coding: compress(content, coding, quality=11) for coding in CODINGS}
    return StaticFile(media_type, fingerprint(content), forms)


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int) -> StaticFile:
    return static_file(path.read_bytes(), path.suffix, TYPES[path.suffix])


def asset(name: str) -> StaticFile:
    """Return a file of web/assets, read once until it changes. Raises OSError or ValueError for anything else."""
    path = (ASSETS / name).resolve()
    if path.suffix not in TYPES or not path.is_relative_to(ASSETS) or not path.is_file():
        raise FileNotFoundError(name)
    return _read(path, path.stat().st_mtime_ns)


def asset_url(name: str) -> str:
    """Return an address that changes with the content, so that browsers may keep the file for good."""
    return f"/aset/{name}?v={asset(name).digest}"

"""Streamlit's index.html as people get it from us: in Indonesian, with our emblem, styles and words."""

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from streamlit import file_util

from web.static_files import StaticFile, asset_url, static_file

DESCRIPTION = "Belajar, menguji diri, dan memperoleh sertifikat sosialisasi netralitas ASN."
# Both are on every page; asked for early, they arrive before the first text is drawn.
EARLY_FONTS = ("atkinson-hyperlegible-next-latin-400", "plus-jakarta-sans-latin-800")


class IndexChanged(Exception):
    """Streamlit ships another index.html than the one this rewriting knows."""


def shipped() -> str:
    """Return the index.html that Streamlit ships."""
    return (Path(file_util.get_static_dir()) / "index.html").read_text("utf-8")


def trimmed(style: str) -> str:
    """Return Streamlit's style sheet without its own families, which app.css defines. Raises IndexChanged."""
    families = r"Material Symbols Rounded|Source Sans|Source Serif|Source Code Pro"
    style, count = re.subn(rf"@font-face\{{font-family:(?:{families});[^}}]*\}}", "", style)
    if count != len(families.split("|")) * 2 - 1:
        raise IndexChanged(f"{count} font rules in Streamlit's style sheet: adapt web/index_page.py")
    return style


def _head() -> str:
    fonts = (
        f'<link rel="preload" href="/aset/fonts/{name}.woff2" as="font" type="font/woff2" crossorigin />'
        for name in EARLY_FONTS
    )
    lines = (
        f'<meta name="description" content="{DESCRIPTION}" />',
        '<meta property="og:site_name" content="SiNetral" />',
        '<meta property="og:title" content="SiNetral" />',
        f'<meta property="og:description" content="{DESCRIPTION}" />',
        '<meta property="og:type" content="website" />',
        '<meta property="og:locale" content="id_ID" />',
        '<meta name="theme-color" content="#4B2E94" />',
        *fonts,
        f'<link rel="stylesheet" href="{asset_url("app.css")}" />',
    )
    return "\n    ".join(lines)


def rewritten(html: str) -> str:
    """Return the index as we send it. Raises IndexChanged when a place to change is not there exactly once."""
    noscript = "<noscript><p>Aktifkan JavaScript pada peramban untuk membuka SiNetral.</p></noscript>"
    for pattern, replacement in (
        (r'<html lang="en">', '<html lang="id">'),
        (r"<title>Streamlit</title>", "<title>SiNetral</title>"),
        (r'<link rel="shortcut icon"[^>]*/>', '<link rel="icon" href="/aset/emblem.svg" type="image/svg+xml" />'),
        (r'\s*<link\s+rel="preload"\s+href="[^"]*SourceSans[^>]*/>', ""),
        (r'\s*<!--(?:(?!-->).)*agent API(?:(?!-->).)*-->\s*<link rel="service-desc"[^>]*/>', ""),
        (r"<noscript>.*</noscript>", noscript),
        # Before Streamlit's own script, which asks for the language but once.
        (r'(?=<script type="module")', f'<script src="{asset_url("words.js")}" defer></script>\n    '),
        (r"</head>", f"  {_head()}\n  </head>"),
    ):
        html, count = re.subn(pattern, lambda _match, text=replacement: text, html, flags=re.DOTALL)  # type: ignore[misc]
        if count != 1:
            raise IndexChanged(f"{pattern} stands {count} times in Streamlit's index.html: adapt web/index_page.py")
    return html.replace('"./static/', '"/static/')


def script_hashes(html: str) -> tuple[str, ...]:
    """Return what a Content-Security-Policy must name so that the inline scripts of this page run."""
    bodies = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    return tuple(f"'sha256-{b64encode(sha256(body.encode()).digest()).decode()}'" for body in bodies)


@lru_cache(maxsize=1)
def index() -> StaticFile:
    """The index of every Streamlit page, made once."""
    return static_file(rewritten(shipped()).encode(), ".html", "text/html; charset=utf-8")

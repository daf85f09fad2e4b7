"""Our own drawings, served at /aset/ and shown as Markdown images with their title as text alternative."""

import re
from functools import lru_cache
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent.parent / "assets" / "drawings"


@lru_cache(maxsize=64)
def _title(name: str) -> str:
    found = re.search(r"<title[^>]*>([^<]+)</title>", (_FOLDER / name).read_text("utf-8"))
    return found.group(1) if found else ""


def drawing(name: str) -> None:
    """Draw one of our drawings by file name."""
    st.markdown(f"![{_title(name)}](/aset/drawings/{name})")

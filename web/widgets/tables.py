"""Tables as Markdown: real HTML tables that screen readers read, without pandas on the way."""

from collections.abc import Iterable, Sequence

import streamlit as st

from web import phrases


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: frozenset[int] = frozenset()) -> None:
    """Draw a table; every cell is escaped. `numeric` names columns that stand to the right."""
    marks = ("---:" if column in numeric else ":---" for column in range(len(headers)))
    lines = [_line(headers), _line(marks, escape=False), *(_line(row) for row in rows)]
    st.markdown("\n".join(lines))


def _line(cells: Iterable[str], *, escape: bool = True) -> str:
    return "| " + " | ".join(phrases.plain(cell) if escape else cell for cell in cells) + " |"

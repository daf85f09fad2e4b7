"""Tables as Markdown: real HTML tables that screen readers read, without pandas on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from web import phrases


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere; the address is ours, never a person's text."""

    text: str
    address: str


Cell = str | Link


def table(
    name: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, numeric: frozenset[int] = frozenset()
) -> None:
    """Draw a table in a box of its own, which slides when the table is wider; every text is escaped.

    `name` is the box's, once per page; `numeric` names columns that stand to the right.
    """
    marks = ("---:" if column in numeric else ":---" for column in range(len(headers)))
    lines = [_line(map(_cell, headers)), _line(marks), *(_line(map(_cell, row)) for row in rows)]
    # assets/app.css and assets/words.js know these boxes by their key.
    with st.container(key=f"tabel-{name}"):
        st.markdown("\n".join(lines))


def _cell(cell: Cell) -> str:
    if isinstance(cell, Link):
        return f"[{phrases.plain(cell.text)}]({cell.address})"
    return phrases.plain(cell)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"

"""Rules for the bank as a whole: every topic asked, every tag used; and the coverage table."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from modules.catalog import Phase
from modules.shelf import Shelf
from modules.source import Finding
from quizzes.bank import ItemType, Labels
from quizzes.content import placed_items

TYPE_LETTERS = {"single": "s", "multiple": "m", "true_false": "b", "case": "k", "matching": "j", "ordering": "u"}


def label_use_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield topics without scored items and misconceptions that no option carries."""
    items = [item for _, _, item in placed_items(shelf)]
    asked = {item.topic for item in items if item.scored}
    used = {option.misconception for item in items for option in item.options}
    for source, labels in shelf.of(Labels):
        for topic in labels.topics:
            if topic not in asked:
                message = f"Topik {topic} belum memiliki soal berskor."
                yield source.finding(("topics", topic), "topic-empty", message, "Tulis soalnya atau hapus topik itu.")
        for number, one in enumerate(labels.misconceptions):
            if one.id not in used:
                message = f"Miskonsepsi {one.id} tidak dipakai pada pengecoh mana pun."
                mend = "Pasang pada pengecoh yang sesuai atau hapus."
                yield source.finding(("misconceptions", number, "id"), "misconception-unused", message, mend, "warning")


def table(shelf: Shelf) -> list[str]:
    """Return the coverage of scored items as lines of text: topic by phase, in each cell the count by type."""
    cells = Counter((item.topic, item.phase, item.type) for _, _, item in placed_items(shelf) if item.scored)
    topics = [topic for _, labels in shelf.of(Labels) for topic in labels.topics]
    rows = [["topik", *get_args(Phase), "semua"]]
    for topic in topics:
        counted = [[(kind, cells[topic, phase, kind]) for kind in get_args(ItemType)] for phase in get_args(Phase)]
        total = sum(count for cell in counted for _, count in cell)
        rows.append([topic, *map(_cell, counted), str(total)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    letters = ", ".join(f"{TYPE_LETTERS.get(kind, kind[0])} {kind}" for kind in get_args(ItemType))
    return [*lines, f"({letters}; · kosong)"]


def _cell(counts: list[tuple[str, int]]) -> str:
    return " ".join(f"{count}{TYPE_LETTERS.get(kind, kind[0])}" for kind, count in counts if count) or "·"

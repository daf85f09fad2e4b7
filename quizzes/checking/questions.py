"""Everything that is asked, seen alike: items of the bank, and the check at the end of each section."""

from collections.abc import Iterator
from dataclasses import dataclass

from modules.catalog import Check, Section
from modules.shelf import Shelf
from modules.source import Place, Source
from quizzes.bank import Item
from quizzes.content import placed_items


@dataclass(frozen=True)
class Question:
    """An item or a check, with its place and the name by which an author finds it."""

    source: Source
    place: Place
    name: str
    asked: Item | Check

    @property
    def stem(self) -> str:
        return self.asked.stem

    @property
    def key(self) -> tuple[str, ...]:
        """The texts of the key."""
        if isinstance(self.asked, Item):
            return self.asked.key
        return tuple(option.text for option in self.asked.options if option.correct)

    @property
    def stem_place(self) -> Place:
        return (*self.place, "stem")

    def __str__(self) -> str:
        return f"{self.name} di {self.source.file}:{self.source.position(self.stem_place)[0]}"


def questions(shelf: Shelf) -> Iterator[Question]:
    """Yield the items of the bank, then the checks of all sections."""
    for source, number, item in placed_items(shelf):
        yield Question(source, ("items", number), item.id, item)
    for source, section in shelf.of(Section):
        yield Question(source, ("check",), f"pertanyaan bagian {section.id}", section.check)

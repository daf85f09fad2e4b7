"""Rules for the files themselves: every content file is read by something, invented names stand in their file."""

from collections.abc import Iterator

from pydantic import Field

from modules.shelf import Shelf
from modules.source import Content, Finding

NAMES = "modules/content/tokoh-fiktif.yaml"


class InventedPerson(Content):
    """A person whom cases may name."""

    name: str = Field(min_length=3, max_length=80)
    status: str = Field(min_length=3, max_length=40)
    office: str = Field(min_length=3, max_length=80)


class InventedNames(Content):
    """Every person, party, place and agency that content may name."""

    people: tuple[InventedPerson, ...] = Field(min_length=1)
    given_names: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


def read_names(shelf: Shelf) -> None:
    """Read the file of invented names, where there is one."""
    if shelf.holds(NAMES):
        shelf.yaml(NAMES, InventedNames)


def unused_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield content files that nothing names: a section missing from its module, a file in the wrong folder."""
    for folder in ("modules/content", "quizzes/content"):
        for name in sorted(one for kind in ("yaml", "yml", "md") for one in shelf.names(f"{folder}/**/*.{kind}")):
            if not shelf.tried(name):
                message = "Berkas ini tidak dipakai."
                mend = "Sebutkan di module.yaml atau program.yaml, atau hapus berkas itu."
                yield Finding(name, 1, 1, "warning", "unused-file", message, mend)

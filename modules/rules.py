"""Phases of an election, and the acts of a module with what the law says of each."""

from typing import Annotated, Literal

from pydantic import Field

from modules.source import Content, Whole

Phase = Literal["T", "BC", "C", "MT", "H", "P"]

PHASE_NAMES: dict[Phase, str] = {
    "T": "Setiap saat",
    "BC": "Sebelum penetapan calon",
    "C": "Sesudah penetapan calon",
    "MT": "Masa tenang",
    "H": "Hari pemungutan suara",
    "P": "Sesudah pemungutan suara",
}
SLUG = r"^[a-z0-9-]+$"
Slug = Annotated[str, Field(pattern=SLUG, max_length=80)]


class Rule(Content):
    """One act with what the law says of it: where it is taught, in which phases, why in a line, on which basis."""

    number: Whole = Field(ge=1)
    section: Slug
    ruling: Literal["boleh", "wajib", "anjuran", "hindari", "dilarang"]
    phases: tuple[Phase, ...] = Field(min_length=1)
    text: str = Field(min_length=10, max_length=200)
    why: str = Field(min_length=10, max_length=200)
    basis: tuple[str, ...] = Field(min_length=1)


class Rules(Content):
    """All acts of a module (butir.yaml)."""

    rules: tuple[Rule, ...] = Field(min_length=1)

"""The legal registry: every instrument and article that content may cite."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from modules.source import Content, Finding, Place, Source, read_yaml, validate

Status = Literal["berlaku", "diganti", "dicabut"]


class Basis(Content):
    """One citable provision. `text` paraphrases it; `caveat` is shown wherever it is cited."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    instrument: str = Field(min_length=3)
    article: str = ""
    text: str = Field(min_length=10)
    status: Status = "berlaku"
    in_force_from: date
    in_force_to: date | None = None
    replaced_by: str | None = None
    caveat: str = ""

    @property
    def citation(self) -> str:
        """The citation in words, as a person reads it."""
        return f"{self.instrument}, {self.article}" if self.article else self.instrument


class Registry(Content):
    """All bases, and the one date up to which they were checked."""

    as_of: date
    bases: tuple[Basis, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique_and_known(self) -> "Registry":
        ids = [basis.id for basis in self.bases]
        doubled = {one for one in ids if ids.count(one) > 1}
        if doubled:
            raise ValueError(f"Dasar {sorted(doubled)[0]} tertulis dua kali.")
        for basis in self.bases:
            if basis.replaced_by is not None and basis.replaced_by not in ids:
                raise ValueError(f"Dasar {basis.id} diganti oleh {basis.replaced_by}, yang tidak ada.")
        return self

    def __contains__(self, basis_id: str) -> bool:
        return any(basis.id == basis_id for basis in self.bases)

    def __getitem__(self, basis_id: str) -> Basis:
        for basis in self.bases:
            if basis.id == basis_id:
                return basis
        raise KeyError(basis_id)


def load_registry(root: Path) -> Registry:
    """Read modules/content/dasar-hukum.yaml below the content root. Raises ContentError."""
    return validate(read_yaml(root / "modules/content/dasar-hukum.yaml", root), Registry)


def citation_findings(registry: Registry, source: Source, citations: Iterable[tuple[Place, str]]) -> list[Finding]:
    """Return a finding for every citation that is unknown, revoked or replaced."""
    findings = []
    for place, basis_id in citations:
        if basis_id not in registry:
            mend = "Tambahkan ke dasar-hukum.yaml atau perbaiki namanya."
            findings.append(source.finding(place, "basis-unknown", f"Dasar {basis_id} tidak terdaftar.", mend))
        elif registry[basis_id].status != "berlaku":
            basis = registry[basis_id]
            mend = f"Pakai {basis.replaced_by}." if basis.replaced_by else "Pilih dasar yang masih berlaku."
            findings.append(
                source.finding(place, "basis-not-in-force", f"Dasar {basis_id} sudah {basis.status}.", mend)
            )
    return findings

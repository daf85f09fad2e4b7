"""The legal registry: every instrument and article that content may cite."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from modules.source import Content, Day, Finding, Mistake, Mistaken, Place, Source, place_of

FILE = "modules/content/dasar-hukum.yaml"
Status = Literal["berlaku", "diganti", "dicabut"]


class Basis(Content):
    """One citable provision. `text` paraphrases it; `caveat` is shown wherever it is cited."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    instrument: str = Field(min_length=3)
    article: str = ""
    text: str = Field(min_length=10)
    status: Status = "berlaku"
    in_force_from: Day
    in_force_to: Day | None = None
    replaced_by: str | None = None
    caveat: str = ""

    @property
    def citation(self) -> str:
        """The citation in words, as a person reads it."""
        return f"{self.instrument}, {self.article}" if self.article else self.instrument

    def in_force(self, day: date) -> bool:
        """True while the provision may be cited."""
        ended = self.in_force_to is not None and self.in_force_to < day
        return self.status == "berlaku" and self.in_force_from <= day and not ended


class Registry(Content):
    """All bases, and the one date up to which they were checked."""

    as_of: Day
    bases: tuple[Basis, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique_and_known(self) -> "Registry":
        mistakes = tuple(_mistakes(self.bases))
        if mistakes:
            raise Mistaken(*mistakes)
        return self

    @cached_property
    def _by_id(self) -> dict[str, Basis]:
        return {basis.id: basis for basis in self.bases}

    @cached_property
    def fit(self) -> frozenset[str]:
        """Names of all bases that may be cited."""
        return frozenset(basis.id for basis in self.bases if basis.in_force(self.as_of))

    def __contains__(self, basis_id: str) -> bool:
        return basis_id in self._by_id

    def __getitem__(self, basis_id: str) -> Basis:
        return self._by_id[basis_id]


def _mistakes(bases: tuple[Basis, ...]) -> Iterator[Mistake]:
    known, seen = {basis.id for basis in bases}, set[str]()
    for number, basis in enumerate(bases):
        if basis.id in seen:
            mend = "Beri nama lain pada salah satunya."
            yield Mistake(("bases", number, "id"), "basis-id", f"Dasar {basis.id} tertulis dua kali.", mend)
        seen.add(basis.id)
        place = ("bases", number, "replaced_by")
        if basis.replaced_by is not None and basis.replaced_by not in known - {basis.id}:
            message = f"Dasar {basis.id} diganti oleh {basis.replaced_by}, yang tidak terdaftar."
            yield Mistake(place, "basis-replaced-by", message, "Daftarkan penggantinya atau perbaiki namanya.")
        elif basis.replaced_by is not None and basis.status != "diganti":
            message = f"Dasar {basis.id} diganti oleh {basis.replaced_by}, tetapi statusnya {basis.status}."
            yield Mistake(place, "basis-replaced-by", message, "Tulis status: diganti, atau hapus replaced_by.")
        if basis.status == "diganti" and basis.replaced_by is None:
            message = f"Dasar {basis.id} diganti, tetapi penggantinya tidak disebut."
            yield Mistake(place, "basis-replaced-by", message, "Isi replaced_by, atau tulis status dicabut.")


def unfit_citations(registry: Registry, source: Source) -> Iterator[tuple[Place, str]]:
    """Yield the citations of a file, of whatever kind, that may not stand: entries of each list called `basis`."""
    fit = registry.fit
    for link, holder in source.holders:
        if type(holder) is dict and "basis" in holder:
            for number, basis_id in enumerate(holder["basis"]):
                if basis_id not in fit:
                    yield (*place_of(link), "basis", number), basis_id


def citation_findings(registry: Registry, sources: Iterable[Source]) -> Iterator[Finding]:
    """Yield a finding for every citation that is unknown, revoked, replaced or not yet in force."""
    for source in sources:
        for place, basis_id in unfit_citations(registry, source):
            yield source.finding(place, *refusal(registry, basis_id))


def refusal(registry: Registry, basis_id: str) -> tuple[str, str, str]:
    """Return rule, message and mend for a basis that may not be cited."""
    if basis_id not in registry:
        mend = "Tambahkan ke dasar-hukum.yaml atau perbaiki namanya."
        return "basis-unknown", f"Dasar {basis_id} tidak terdaftar.", mend
    basis = registry[basis_id]
    if basis.status == "berlaku" and basis.in_force_from > registry.as_of:
        message = f"Dasar {basis_id} baru berlaku pada {basis.in_force_from}, sesudah as_of {registry.as_of}."
        return "basis-not-in-force", message, "Pilih dasar yang sudah berlaku, atau perbarui as_of."
    state = "lewat masa berlakunya" if basis.status == "berlaku" else basis.status
    mend = f"Pakai {basis.replaced_by}." if basis.replaced_by else "Pilih dasar yang masih berlaku."
    return "basis-not-in-force", f"Dasar {basis_id} sudah {state}.", mend

"""Programmes and learning modules as they stand in the content folder."""

import re
from math import ceil
from typing import Literal

from pydantic import Field, model_validator

from modules.laws import Registry
from modules.rules import PHASE_NAMES, SLUG, Phase, Rule, Rules, Slug
from modules.source import Content, Flag, Mistake, Mistaken, Whole

# The terms of modules.rules stand in every signature here: whoever works with programmes takes them from here.
__all__ = ["PHASE_NAMES", "SLUG", "Phase", "Rule", "Rules", "Slug"]

Ruling = Literal["boleh", "hindari", "dilarang"]
StepKind = Literal["quiz", "module", "scenario", "pledge", "certificate"]

WORDS_PER_MINUTE = 150


class CheckOption(Content):
    """One answer of a section's check, with its own explanation."""

    text: str = Field(min_length=1, max_length=200)
    correct: Flag = False
    why: str = Field(min_length=10, max_length=400)


class Check(Content):
    """The small question at the end of a section; it is answered at once and never scored."""

    stem: str = Field(min_length=10, max_length=500)
    options: tuple[CheckOption, ...] = Field(min_length=2, max_length=4)

    @model_validator(mode="after")
    def _one_is_correct(self) -> "Check":
        if sum(option.correct for option in self.options) != 1:
            message = "Tepat satu pilihan harus benar."
            raise Mistaken(Mistake(("options",), "key", message, "Tulis correct: true pada satu pilihan saja."))
        return self


class Section(Content):
    """A few minutes of reading: body of 120-250 words in Markdown, its bases, its boxes and one check."""

    id: str = Field(pattern=SLUG)
    title: str = Field(min_length=3, max_length=80)
    body: str = Field(min_length=1)
    basis: tuple[str, ...] = Field(min_length=1)
    drawing: str | None = Field(default=None, pattern=r"^gambar-[a-z0-9-]+\.svg$")
    may: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    caveat: str = ""
    check: Check

    @property
    def words(self) -> int:
        """Words a reader meets: body and boxes."""
        return sum(len(text.split()) for text in (self.body, *self.may, *self.must_not, *self.avoid))

    @property
    def minutes(self) -> float:
        """Honest reading time, plus half a minute for the check."""
        return self.words / WORDS_PER_MINUTE + 0.5


class Card(Content):
    """One card of the sorting activity. `hindari` is advice where the law is contested."""

    id: str = Field(pattern=SLUG)
    text: str = Field(min_length=10, max_length=240)
    phase: Phase
    ruling: Ruling
    why: str = Field(min_length=10, max_length=400)
    basis: tuple[str, ...] = Field(min_length=1)


class Sorting(Content):
    """The activity "Boleh atau tidak boleh?"."""

    title: str = Field(min_length=3, max_length=80)
    intro: str = Field(min_length=10)
    cards: tuple[Card, ...] = Field(min_length=4)


class ModuleHead(Content):
    """What module.yaml says; sections are named in reading order."""

    title: str = Field(min_length=3, max_length=80)
    summary: str = Field(min_length=10)
    objectives: tuple[str, ...] = Field(min_length=1)
    sections: tuple[Slug, ...] = Field(min_length=1)
    takeaways: tuple[str, ...] = Field(min_length=1)


class Module(Content):
    """One learning module with its sections and, where it has one, its sorting activity."""

    id: str = Field(pattern=SLUG)
    head: ModuleHead
    sections: tuple[Section, ...]
    sorting: Sorting | None = None
    rules: tuple[Rule, ...] = ()

    @property
    def title(self) -> str:
        return self.head.title

    @property
    def minutes(self) -> float:
        """Reading time of all sections plus ten seconds per card."""
        cards = len(self.sorting.cards) if self.sorting else 0
        return sum(section.minutes for section in self.sections) + cards / 6

    def section(self, section_id: str) -> Section:
        """Return a section by id. Raises KeyError."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)


class Issuer(Content):
    """Who issues the certificate. `placeholder: true` marks the shipped example: nothing real is issued with it."""

    name: str = Field(min_length=3, max_length=90)
    unit: str = Field(min_length=3, max_length=90)
    code: str = Field(pattern=r"^[A-Z0-9-]{2,20}$")
    city: str = Field(min_length=3)
    zone: Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
    placeholder: Flag = False


class Signatory(Content):
    """Who signs the certificate."""

    name: str = Field(min_length=3, max_length=90)
    office: str = Field(min_length=3, max_length=90)
    nip: str = Field(pattern=r"^\d{18}$")
    placeholder: Flag = False


class Pledge(Content):
    """The pakta integritas: its version changes whenever its text does."""

    version: Whole = Field(ge=1)
    title: str = Field(min_length=3)
    intro: str = Field(min_length=10)
    points: tuple[str, ...] = Field(min_length=3)

    @property
    def text(self) -> str:
        """The whole text, as it is hashed and signed."""
        return "\n".join((self.title, self.intro, *self.points))


class Role(Content):
    """A role that a scenario can be told for; its bearer's status is part of it."""

    id: str = Field(pattern=SLUG, max_length=40)
    title: str = Field(min_length=3, max_length=60)
    summary: str = Field(min_length=10, max_length=160)


class Step(Content):
    """One step of a programme. `ref` names the quiz, module or scenario.

    A passed quiz counts for `valid_days`, where they are set: a refresher belongs to its stage. A scenario told
    `by_role` has one variant for each role of the programme, named `<ref>-<role>`.
    """

    id: str = Field(pattern=SLUG)
    kind: StepKind
    ref: str = Field(default="", pattern=r"^[a-z0-9-]*$")
    title: str = Field(min_length=3, max_length=80)
    minutes: Whole = Field(default=0, ge=0)
    valid_days: Whole | None = Field(default=None, ge=1)
    by_role: Flag = False

    def variant(self, role_id: str) -> str:
        """Return the id of the scenario that this step tells for a role."""
        return f"{self.ref}-{role_id}" if self.by_role else self.ref

    @model_validator(mode="after")
    def _flags_fit_the_kind(self) -> "Step":
        if self.valid_days is not None and self.kind != "quiz":
            message = "Hanya langkah kuis yang dapat memiliki masa berlaku."
            raise Mistaken(Mistake(("valid_days",), "step-validity", message, "Hapus valid_days di sini."))
        if self.by_role and self.kind != "scenario":
            message = "Hanya langkah skenario yang dapat diceritakan menurut peran."
            raise Mistaken(Mistake(("by_role",), "step-role", message, "Hapus by_role di sini."))
        return self


class Material(Content):
    """A row of the certificate's back page."""

    title: str = Field(min_length=3)
    jp: Whole = Field(ge=1)


class ProgramHead(Content):
    """What program.yaml says: rules of the programme as data."""

    title: str = Field(min_length=3, max_length=80)
    certificate_title: str = Field(min_length=3, max_length=110)
    summary: str = Field(min_length=10)
    minutes_per_jp: Whole = Field(default=45, ge=30, le=60)
    validity_months: Whole | None = Field(default=None, ge=1)
    renewal_days: Whole = Field(default=60, ge=0, le=366)
    min_assurance: Literal["declared", "roster", "code", "sso"] = "code"
    number_format: str
    steps: tuple[Step, ...] = Field(min_length=1)
    roles: tuple[Role, ...] = ()
    materials: tuple[Material, ...] = Field(min_length=1)
    issuer: Issuer
    signatory: Signatory
    pledge: Pledge

    @model_validator(mode="after")
    def _number_format_is_unique(self) -> "ProgramHead":
        # A format could reach attributes or ask for a width of gigabytes: only these three fields, none missing.
        rest = re.sub(r"\{(sequence(:0[1-9]d)?|year|code)\}", "", self.number_format)
        complete = "{sequence" in self.number_format and "{year}" in self.number_format
        if not complete or "{" in rest or "}" in rest:
            message = "Isian number_format harus memuat {sequence} dan {year}, dan boleh memuat {code}."
            raise Mistaken(Mistake(("number_format",), "number-format", message, "Contoh: 800/{sequence:04d}/{year}."))
        return self


class Program(Content):
    """One socialization: its rules, its modules and its legal status date."""

    id: str = Field(pattern=SLUG)
    head: ProgramHead
    modules: tuple[Module, ...]

    @property
    def jp(self) -> int:
        """Jam pelajaran printed on the certificate."""
        return sum(material.jp for material in self.head.materials)

    @property
    def placeholder(self) -> bool:
        """True while issuer or signatory is the shipped example."""
        return self.head.issuer.placeholder or self.head.signatory.placeholder

    @property
    def final_quiz(self) -> Step | None:
        """The step whose quiz decides: the last one of all."""
        return next((step for step in reversed(self.head.steps) if step.kind == "quiz"), None)

    def module(self, module_id: str) -> Module:
        """Return a module by id. Raises KeyError."""
        for module in self.modules:
            if module.id == module_id:
                return module
        raise KeyError(module_id)

    def scenarios(self, step: Step) -> tuple[str, ...]:
        """Return the ids of the scenarios that a step can tell: one, or one for each role."""
        return tuple(step.variant(role.id) for role in self.head.roles) if step.by_role else (step.ref,)

    def step_minutes(self, step: Step) -> int:
        """Minutes that one step takes."""
        if step.kind == "module":
            return max(1, ceil(self.module(step.ref).minutes))
        return step.minutes

    @property
    def minutes(self) -> int:
        """Minutes that the whole programme takes."""
        return sum(self.step_minutes(step) for step in self.head.steps)


class Catalog(Content):
    """Everything that can be learnt, and the law it rests on."""

    registry: Registry
    programs: tuple[Program, ...]

    def program(self, program_id: str) -> Program:
        """Return a programme by id. Raises KeyError."""
        for program in self.programs:
            if program.id == program_id:
                return program
        raise KeyError(program_id)

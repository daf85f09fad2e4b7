"""Reads the content folder into a Catalog and finds what is wrong with it."""

from collections.abc import Iterator
from pathlib import Path

from modules.catalog import Card, Catalog, Module, ModuleHead, Program, ProgramHead, Section, Sorting, StepKind
from modules.laws import Registry, citation_findings, load_registry
from modules.source import ContentError, Finding, Place, Source, read_markdown, read_yaml, validate

BODY_WORDS = range(120, 251)


def load_catalog(root: Path) -> Catalog:
    """Read all programmes below `root/modules/content`. Raises ContentError with every finding."""
    registry = load_registry(root)
    findings: list[Finding] = []
    programs = []
    for path in sorted((root / "modules/content").glob("*/program.yaml")):
        try:
            programs.append(_load_program(path, root, registry))
        except ContentError as error:
            findings += error.findings
    if findings:
        raise ContentError(findings)
    return Catalog(registry=registry, programs=tuple(programs))


def _load_program(path: Path, root: Path, registry: Registry) -> Program:
    source = read_yaml(path, root)
    head = validate(source, ProgramHead)
    findings: list[Finding] = []
    modules = []
    for index, step in enumerate(head.steps):
        if step.kind != "module":
            findings += _step_findings(source, index, step.kind, step.ref)
            continue
        try:
            modules.append(_load_module(path.parent / step.ref, root, registry))
        except ContentError as error:
            findings += error.findings
    if findings:
        raise ContentError(findings)
    return Program(id=path.parent.name, head=head, modules=tuple(modules))


def _step_findings(source: Source, index: int, kind: StepKind, ref: str) -> list[Finding]:
    if kind in ("quiz", "scenario") and not ref:
        return [
            source.finding(
                ("steps", index),
                "step-ref",
                "Langkah ini tidak menyebut isinya.",
                "Isi ref dengan nama kuis atau skenario.",
            )
        ]
    return []


def _load_module(folder: Path, root: Path, registry: Registry) -> Module:
    source = read_yaml(folder / "module.yaml", root)
    head = validate(source, ModuleHead)
    findings: list[Finding] = []
    sections = []
    for section_id in head.sections:
        try:
            sections.append(_load_section(folder / f"{section_id}.md", root, registry))
        except ContentError as error:
            findings += error.findings
    sorting = None
    if (folder / "sorting.yaml").exists():
        try:
            sorting = _load_sorting(folder / "sorting.yaml", root, registry)
        except ContentError as error:
            findings += error.findings
    if findings:
        raise ContentError(findings)
    return Module(id=folder.name, head=head, sections=tuple(sections), sorting=sorting)


def _load_section(path: Path, root: Path, registry: Registry) -> Section:
    source = read_markdown(path, root)
    section = validate(source, Section, {"id": path.stem, "body": source.body})
    findings = citation_findings(registry, source, ((("basis", index), one) for index, one in enumerate(section.basis)))
    words = len(section.body.split())
    if words not in BODY_WORDS:
        message = f"Isi bagian {words} kata; yang diminta {BODY_WORDS.start} sampai {BODY_WORDS.stop - 1}."
        findings.append(source.finding((), "section-length", message, "Pecah atau lengkapi bagian ini."))
    if findings:
        raise ContentError(findings)
    return section


def _load_sorting(path: Path, root: Path, registry: Registry) -> Sorting:
    source = read_yaml(path, root)
    sorting = validate(source, Sorting)
    findings = citation_findings(registry, source, _card_citations(sorting.cards))
    if findings:
        raise ContentError(findings)
    return sorting


def _card_citations(cards: tuple[Card, ...]) -> Iterator[tuple[Place, str]]:
    for index, card in enumerate(cards):
        for number, one in enumerate(card.basis):
            yield ("cards", index, "basis", number), one

"""Reads the learning content of a shelf into a Catalog and finds what in it leads nowhere."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TypeVar

from modules.catalog import Catalog, Module, ModuleHead, Program, ProgramHead, Rules, Section, Sorting
from modules.laws import FILE as REGISTRY
from modules.laws import Registry, citation_findings
from modules.shelf import Shelf
from modules.source import ContentError, Finding, Source, word_count

Read = TypeVar("Read")

BODY_WORDS = range(120, 251)
# Drawings come with the product, whatever content folder is in use.
DRAWINGS = Path(__file__).parent.parent / "web" / "assets" / "drawings"


def load_catalog(root: Path) -> Catalog:
    """Read all programmes below `root/modules/content`. Raises ContentError with every finding."""
    shelf = Shelf(root)
    catalog = read_catalog(shelf)
    shelf.findings += catalog_findings(shelf)
    return sound(catalog, shelf.findings)


def sound(read: Read | None, findings: list[Finding]) -> Read:
    """Return what was read. Raises ContentError with all findings when one of them is an error."""
    if read is None or any(finding.severity == "error" for finding in findings):
        raise ContentError(sorted(findings))
    return read


def read_catalog(shelf: Shelf) -> Catalog | None:
    """Read registry and programmes; None when a part cannot be used, and then the shelf's findings say why."""
    registry = shelf.yaml(REGISTRY, Registry)
    names = shelf.names("modules/content/*/program.yaml")
    if not names:
        mend = "Buat folder program dengan berkas program.yaml."
        shelf.findings.append(Finding("modules/content", 1, 1, "error", "missing-file", "Program belum ada.", mend))
    programs = [_program(shelf, name) for name in names]
    if registry is None or not programs or None in programs:
        return None
    return Catalog(registry=registry, programs=tuple(program for program in programs if program))


def catalog_findings(shelf: Shelf) -> list[Finding]:
    """Find citations of unfit bases in every file read so far, and sections of the wrong length or drawing."""
    findings = [found for source, section in shelf.of(Section) for found in _section_findings(source, section)]
    for _, registry in shelf.of(Registry):
        findings += citation_findings(registry, shelf.sources())
    return findings


def _program(shelf: Shelf, name: str) -> Program | None:
    head = shelf.yaml(name, ProgramHead)
    if head is None:
        return None
    source, folder = shelf.source(name), PurePosixPath(name).parent
    modules: list[Module | None] = []
    seen: set[str] = set()
    for index, step in enumerate(head.steps):
        if step.kind != "module":
            continue
        place = ("steps", index, "ref")
        if step.ref in seen:
            message = f"Modul {step.ref} sudah menjadi langkah lain."
            shelf.findings.append(source.finding(place, "step-ref", message, "Sisakan satu langkah saja."))
        elif not step.ref or not shelf.holds(f"{folder}/{step.ref}/module.yaml"):
            message = f"Langkah {step.id} menyebut modul {step.ref}, yang tidak ada."
            shelf.findings.append(source.finding(place, "step-ref", message, "Perbaiki ref langkah itu."))
        else:
            modules.append(_module(shelf, folder / step.ref))
        seen.add(step.ref)
    whole = tuple(module for module in modules if module)
    return Program(id=folder.name, head=head, modules=whole) if len(whole) == len(modules) else None


def _module(shelf: Shelf, folder: PurePosixPath) -> Module | None:
    name = f"{folder}/module.yaml"
    head = shelf.yaml(name, ModuleHead)
    if head is None:
        return None
    sections = list(_sections(shelf, folder, head, shelf.source(name)))
    whole = tuple(section for section in sections if section)
    sorting = f"{folder}/sorting.yaml"
    cards = shelf.yaml(sorting, Sorting) if shelf.holds(sorting) else None
    rules = _rules(shelf, folder, head)
    if len(whole) < len(sections) or (cards is None and shelf.holds(sorting)) or rules is None:
        return None
    return Module(id=folder.name, head=head, sections=whole, sorting=cards, rules=rules.rules)


def _rules(shelf: Shelf, folder: PurePosixPath, head: ModuleHead) -> Rules | None:
    name = f"{folder}/butir.yaml"
    if not shelf.holds(name):
        return Rules.model_construct(rules=())
    found = shelf.yaml(name, Rules)
    for number, rule in enumerate(found.rules if found else ()):
        if rule.section not in head.sections:
            message = f"Butir {rule.number} menyebut bagian {rule.section}, yang tidak ada."
            place = ("rules", number, "section")
            shelf.findings.append(shelf.source(name).finding(place, "section-ref", message, "Perbaiki section."))
        if rule.number != number + 1:
            message = f"Butir ini bernomor {rule.number}; yang diharapkan {number + 1}."
            place = ("rules", number, "number")
            shelf.findings.append(shelf.source(name).finding(place, "rule-number", message, "Urutkan nomornya."))
    return found


def _sections(shelf: Shelf, folder: PurePosixPath, head: ModuleHead, source: Source) -> Iterator[Section | None]:
    for index, section_id in enumerate(head.sections):
        place, name = ("sections", index), f"{folder}/{section_id}.md"
        if section_id in head.sections[:index]:
            message = f"Bagian {section_id} tertulis dua kali."
            shelf.findings.append(source.finding(place, "section-repeated", message, "Sisakan satu saja."))
        elif not shelf.holds(name):
            message = f"Berkas {section_id}.md tidak ada."
            shelf.findings.append(source.finding(place, "missing-file", message, "Buat berkas itu atau hapus namanya."))
            yield None
        else:
            yield shelf.markdown(name, Section)


def _section_findings(source: Source, section: Section) -> Iterator[Finding]:
    words = word_count(section.body)
    if words not in BODY_WORDS:
        message = f"Isi bagian {words} kata; yang diminta {BODY_WORDS.start} sampai {BODY_WORDS.stop - 1}."
        mend = "Pecah atau lengkapi bagian ini."
        yield Finding(source.file, source.body_line, 1, "error", "section-length", message, mend)
    if section.drawing is not None and not (DRAWINGS / section.drawing).is_file():
        message = f"Gambar {section.drawing} tidak ada."
        yield source.finding(("drawing",), "drawing-unknown", message, "Pilih gambar dari web/assets/drawings.")

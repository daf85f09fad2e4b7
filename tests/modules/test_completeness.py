"""The shipped content is whole: every act, every case, every value, every figure with its date, and one status date."""

import re
from pathlib import Path

import pytest

from modules.catalog import PHASE_NAMES, Module
from quizzes.content import Library, load_library
from quizzes.scenarios import Scenario

ROOT = Path(__file__).parent.parent.parent
TEXTS = [path for folder in ("modules", "quizzes") for path in sorted((ROOT / folder / "content").rglob("*.*"))]
ACTS = 62
DUTIES = {2, 34, 35, 41, 54, 57, 58, 59, 61}
ALLOWED = {1, 4, 5, 6, 9, 19, 20, 29, 39, 51, 53, 55}
ADVICE = {7: "hindari", 21: "anjuran", 22: "hindari", 25: "hindari", 43: "anjuran"}
VALUES = ("berorientasi-pelayanan", "akuntabel", "kompeten", "harmonis", "loyal", "adaptif", "kolaboratif")
# The shortest story of each: decisions on its longest path, and choices in all.
BRANCHING = {
    "undangan-reuni": (3, 8),
    "bantuan-bencana": (3, 9),
    "suami-calon": (3, 8),
    "admin-media-sosial": (3, 8),
    "maju-pilkada": (3, 7),
    "grup-rt": (3, 8),
    "satu-ruangan": (2, 6),
    "hari-pemungutan-suara": (3, 6),
}
CONTESTED = {"suami-calon": 1, "grup-rt": 1, "satu-ruangan": 1}
MONTHS = "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
DATED = rf"(?:\d{{1,2}} (?:{MONTHS})|awal) 20\d\d"
OFFICE_HOLDERS = ("Azwar Anas", "Karnavian", "Wibisana", "Pramusinto", "Bagja", "Abhan", "Joko Widodo", "Mahyeldi")
RIGHT = ("UU 20/2023", "PP 94/2021", "ditetapkan", "Pemilu dan Pemilihan", "KASN", "Komunikasi dan Digital")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT)


@pytest.fixture(scope="module")
def acts(library: Library) -> Module:
    return library.catalog.program("netralitas").module("boleh-dan-tidak-boleh")


def test_every_act_is_told_with_its_ruling_and_basis(library: Library, acts: Module) -> None:
    assert [rule.number for rule in acts.rules] == list(range(1, ACTS + 1))
    expected = dict.fromkeys(DUTIES, "wajib") | dict.fromkeys(ALLOWED, "boleh") | ADVICE
    for rule in acts.rules:
        assert rule.ruling == expected.get(rule.number, "dilarang"), rule.number
        assert all(basis in library.catalog.registry for basis in rule.basis)
    assert {rule.section for rule in acts.rules} == {section.id for section in acts.sections}
    assert {phase for rule in acts.rules for phase in rule.phases} == set(PHASE_NAMES)


def test_every_case_stands_in_the_bank(library: Library) -> None:
    told = {item.id[:4]: item for item in library.bank.items if re.match(r"sk\d\d-", item.id)}
    assert sorted(told) == [f"sk{number:02}" for number in range(1, 37)]
    assert {item.type for item in told.values()} == {"case"}
    assert all(item.scored for item in told.values())


def longest(scenario: Scenario, at: str) -> int:
    if at in scenario.endings:
        return 0
    return 1 + max(longest(scenario, choice.next) for choice in scenario.nodes[at].choices)


def test_every_branching_story_is_unshortened(library: Library) -> None:
    for name, (decisions, choices) in BRANCHING.items():
        scenario = library.scenarios[name]
        assert longest(scenario, scenario.start) >= decisions, name
        assert sum(len(node.choices) for node in scenario.nodes.values()) >= choices, name
    for name, count in CONTESTED.items():
        nodes = library.scenarios[name].nodes.values()
        assert sum(not choice.scored for node in nodes for choice in node.choices) >= count, name


def test_the_module_of_cases_holds_ten_and_more(library: Library) -> None:
    program = library.catalog.program("netralitas")
    sections = program.module("studi-kasus").sections
    told = [re.split(r"^### ", section.body, flags=re.MULTILINE)[1:] for section in sections]
    short = [part for parts in told for part in parts if part.startswith("Kasus: ")]
    examples = [part for parts in told for part in parts if part.startswith("Contoh dari meja kerja")]
    checks = {section.check.stem for section in sections}
    assert (len(short), len(examples), len(checks)) == (6, 6, 6)
    for case in short:
        # Who, in which phase, and what to think of it.
        assert re.search("PNS|PPPK|tenaga kontrak", case)
        assert "ditetapkan KPU" in case
        assert "**Penilaian:**" in case
    assert len({step.ref for step in program.head.steps if step.kind == "scenario"} & set(BRANCHING)) >= 3


def test_every_value_has_three_behaviours(library: Library) -> None:
    module = library.catalog.program("netralitas").module("berakhlak")
    for name in VALUES:
        body = module.section(name).body
        listed = body.split("Panduan perilakunya ada tiga:")[1].split("###")[0]
        assert len(re.findall(r"^- ", listed, re.MULTILINE)) == 3, name


def test_the_six_exceptions_and_the_replaced_rules_are_told(library: Library) -> None:
    program = library.catalog.program("netralitas")
    exceptions = program.module("dasar-hukum-dan-sanksi").section("kode-etik-atau-disiplin").body
    assert len(re.findall(r"^- ", exceptions.split("Enam pengecualian")[1], re.MULTILINE)) == 6
    replaced = program.module("tanya-jawab").section("aturan-yang-sudah-berganti").body
    assert [word for word in RIGHT if word not in replaced] == []


def test_figures_come_with_year_and_source_and_are_never_scored(library: Library) -> None:
    section = library.catalog.program("netralitas").module("mengapa-netral").section("angka-dan-sumbernya")
    figures = re.findall(r"^- .*(?:\n(?!- |\n).*)*", section.body, re.MULTILINE)
    assert len(figures) == 5
    for figure in figures:
        # The year in the bold label is the year of the election, not of the figure.
        told = re.split(r"\.\s+(?=[A-Z])", re.sub(r"\*\*.*?\*\*", "", figure))
        assert [sentence for sentence in told if not re.search(DATED, sentence)] == []
        assert re.search(r"Bawaslu|KASN|BKN|Kementerian Dalam Negeri", figure)
    assert "tidak dinilai" in section.caveat
    scored = " ".join(item.stem for item in library.bank.items if item.scored)
    assert re.findall(r"1\.536|1\.194|1\.158|5\.588\.245|\b914\b", scored) == []


def test_what_is_merely_advised_against_forbids_nothing_less(acts: Module) -> None:
    advised = acts.rules[21]
    assert re.search(r"berinteraksi", advised.text, re.IGNORECASE) is None
    assert "dilarang" in advised.why


def test_orders_follow_from_what_is_told(library: Library) -> None:
    items = {item.id: item for item in library.bank.items}
    # The case of the same subject says: leave at once, then keep evidence, then tell the superior.
    added = items["ms-u-dimasukkan-grup"].answers
    assert [word in text for word, text in zip(("segera", "bukti", "atasan"), added, strict=True)] == [True] * 3
    # Whether to remind or to keep evidence first is told nowhere: one step holds both.
    assert re.search("bukti.*mengingatkan", items["ba-u-rekan-menyebar-ajakan"].answers[0])


def test_hours_on_certificates_are_filled_at_honest_minutes(library: Library) -> None:
    for program in library.catalog.programs:
        assert program.minutes >= program.jp * program.head.minutes_per_jp
        for step in program.head.steps:
            if step.kind == "scenario":
                assert step.minutes <= 6, step.id
            elif step.kind == "quiz":
                # About forty seconds for a question, two minutes for a scenario, and the review.
                assert step.minutes <= 1.2 * library.quiz(program.id, step.ref).size, step.id


def test_every_section_has_an_example_and_every_module_what_it_needs(library: Library) -> None:
    for program in library.catalog.programs:
        for module in program.modules:
            assert module.minutes > 1
            assert len(module.head.objectives) >= 2
            assert len(module.head.takeaways) >= 3
            assert any(section.drawing for section in module.sections)
            for section in module.sections:
                assert "### Contoh dari meja kerja" in section.body, section.id


def test_the_status_date_is_written_once() -> None:
    dated = [path.name for path in TEXTS if re.search(r"regulasi per \d", path.read_text("utf-8"), re.IGNORECASE)]
    assert dated == []


def test_offices_are_named_and_never_their_holders() -> None:
    named = [(path.name, name) for path in TEXTS for name in OFFICE_HOLDERS if name in path.read_text("utf-8")]
    assert named == []


def test_no_scored_question_asks_for_rupiah_or_months_of_prison(library: Library) -> None:
    asked = [item.id for item in library.bank.items if item.scored and re.search(r"Rp|rupiah|penjara", item.stem)]
    assert asked == []

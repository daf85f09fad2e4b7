"""A question of order on a phone, answered with keys alone: no click, no tap, from the first Tab to the score."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import insert

from people import signin
from storage.engine import open_database
from storage.tables import person, unit
from tests import every_kind, tiny
from tests.browser.conftest import PHONE
from tests.browser.steps import heading
from tests.server import Server

pytestmark = pytest.mark.parametrize("context", [PHONE], ids=["360"], indirect=True)

LABELS = "quizzes/content/labels.yaml"
QUIZZES = "quizzes/content/netralitas/quizzes.yaml"
RIGHT_ORDER = [f"Langkah {name}" for name in "PQRS"]
MOST_STOPS = 60


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A programme whose first quiz asks for an order and nothing else."""
    root = every_kind.build(tmp_path / "content")
    others, ordering, order = (root / every_kind.BANK).read_text("utf-8").partition("  - id: penanda-soal-ordering")
    (root / every_kind.BANK).write_text(others.replace("topic: sikap", "topic: lain") + ordering + order, "utf-8")
    (root / LABELS).write_text(tiny.FILES[LABELS].replace("topics:\n", "topics:\n  lain: Topik lain\n"), "utf-8")
    quizzes = tiny.FILES["quizzes/content/uji/quizzes.yaml"].replace("count: 2", "count: 1")
    (root / QUIZZES).write_text(quizzes.replace("{topic: sikap, count: 3}", "{topic: lain, count: 3}"), "utf-8")
    return root


@pytest.fixture
def server(tmp_path: Path, content: Path) -> Iterator[Server]:
    """An installation with this programme."""
    (tmp_path / "home").mkdir()
    running = Server(tmp_path / "home/data", SINETRAL_CONTENT_DIR=str(content)).start()
    yield running
    running.stop()


@pytest.fixture
def signed_in(server: Server, context: BrowserContext) -> None:
    """Somebody of the roster, signed in."""
    opened = open_database(f"sqlite:///{server.data_dir / 'sinetral.db'}")
    with opened.write() as transaction:
        db, now = transaction.db, transaction.now
        unit_id = db.execute(insert(unit).values(name="Dinas Kominfo").returning(unit.c.id)).scalar_one()
        values = {"nip": "199001012015032901", "name": "Sari Wulandari", "kind": "pns", "unit_id": unit_id}
        who = insert(person).values(**values, created_at=now, updated_at=now).returning(person.c.id)
        token = signin.open_session(db, person_id=db.execute(who).scalar_one(), assurance="code", now=now)
    opened.engine.dispose()
    context.add_cookies([{"name": "sinetral", "value": token, "url": server.url}])


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus lies on this element or in it."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one.contains(document.activeElement)"):
            return
    raise AssertionError(f"{MOST_STOPS} Tabs did not lead to {wanted}")


def press(page: Page, name: str) -> None:
    """Reach a button by Tab and press Enter on it."""
    tab_to(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")


@pytest.mark.usefixtures("signed_in")
def test_an_order_is_given_by_keyboard_alone(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/kuis?langkah=tes")
    press(page, "Mulai kuis")
    heading(page, "Soal 1 dari 1")
    groups = page.get_by_role("radiogroup")
    expect(groups).to_have_count(len(RIGHT_ORDER))
    for number in range(len(RIGHT_ORDER)):
        group = groups.nth(number)
        place = RIGHT_ORDER.index(group.get_attribute("aria-label") or "")
        tab_to(page, group)
        page.keyboard.press("Space")
        for _ in range(place):
            page.keyboard.press("ArrowRight")
        expect(group.get_by_role("radio", name=str(place + 1), exact=True)).to_be_checked()
    press(page, "Simpan dan lanjut")
    heading(page, "Kumpulkan kuis")
    press(page, "Kumpulkan kuis")
    expect(page.get_by_text("Kuis selesai dengan nilai 100.")).to_be_visible()

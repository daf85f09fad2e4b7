"""What a person does in the browser, as named steps that wait for a state, never for seconds."""

import re

from playwright.sync_api import Locator, Page, expect

from modules.catalog import Module, Program
from quizzes.bank import FEW_TARGETS, Item
from quizzes.content import Library

PASSWORD = "kuda benar baterai staples"


def activate(page: Page, url: str, identifier: str, code: str) -> None:
    """Activate an account with the personal code, and land on the home page."""
    page.goto(f"{url}/aktivasi")
    page.get_by_label("NIP atau ID pegawai").fill(identifier)
    page.get_by_label("Kode aktivasi").fill(code)
    page.get_by_label("Buat kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Aktifkan akun").click()
    heading(page, "Netralitas ASN")


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait until the page's one main heading says this."""
    expect(page.get_by_role("heading", level=1, name=text)).to_be_visible(timeout=30_000)


def read_module(page: Page, program: Program, module: Module) -> None:
    """Read every section of a module and answer every check right."""
    for number, section in enumerate(module.sections, start=1):
        heading(page, section.title)
        expect(page.get_by_text(f"Bagian {number} dari {len(module.sections)}", exact=False).first).to_be_visible()
        right = next(option for option in section.check.options if option.correct)
        page.get_by_role("radiogroup").get_by_text(right.text, exact=True).click()
        page.get_by_role("button", name="Periksa jawaban").click()
        expect(page.get_by_text(right.why, exact=False)).to_be_visible()
        last = number == len(module.sections)
        page.get_by_role("button", name="Ke langkah berikutnya" if last else "Berikutnya").click()
    heading(page, program.head.title)


def item_shown(page: Page, library: Library) -> Item:
    """Return the item on the screen, found by its stem."""
    text = " ".join(page.get_by_test_id("stMain").inner_text().split())
    found = [item for item in library.bank.items if " ".join(item.stem.split()) in text]
    assert found, text
    return max(found, key=lambda item: len(item.stem))


def choose(page: Page, item: Item) -> None:
    """Choose the right options of the item on the screen, or the right place or partner of each of its parts."""
    main = page.get_by_test_id("stMain")
    for number, step in enumerate(item.steps, 1):
        main.get_by_role("radiogroup", name=step.text, exact=True).locator("label").filter(has_text=str(number)).click()
    for pair in item.pairs:
        if len(item.targets) <= FEW_TARGETS:
            side = main.get_by_role("radiogroup", name=pair.left, exact=True)
            side.locator("label").filter(has_text=pair.right).click()
        else:
            pick(page, main.get_by_role("combobox", name=pair.left, exact=True), pair.right)
    for option in item.options:
        if option.correct:
            main.locator("label").filter(has_text=option.text).last.click()


def pick(page: Page, box: Locator, text: str) -> None:
    """Pick an entry of a list, which the click before may just be closing."""
    expect(page.get_by_role("listbox")).to_have_count(0)
    box.click()
    if box.get_attribute("aria-expanded") != "true":
        box.press("ArrowDown")
    page.get_by_role("option", name=text, exact=True).click()
    expect(box).to_have_value(text)


def answer(page: Page, library: Library, number: int, size: int) -> None:
    """Answer question `number` right and wait until the next screen stands."""
    heading(page, f"Soal {number} dari {size}")
    if page.get_by_text("Skenario: ").count():
        decide(page, library, size)
        return
    choose(page, item_shown(page, library))
    page.get_by_role("button", name="Simpan dan lanjut").click()
    heading(page, f"Soal {number + 1} dari {size}" if number < size else "Kumpulkan kuis")
    expect(page.get_by_text(re.compile(r"[Tt]ersimpan \d\d\.\d\d")).first).to_be_visible()


def decide(page: Page, library: Library, size: int) -> None:
    """Decide the scenario on the screen without losing a point, to its end."""
    number = 1
    while not page.get_by_role("heading", level=1, name="Kumpulkan kuis").count():
        heading(page, f"Soal {size} dari {size}")
        expect(page.get_by_role("heading", level=2, name=re.compile(f"Keputusan {number}:"))).to_be_visible()
        text = " ".join(page.get_by_test_id("stMain").inner_text().split())
        nodes = [node for one in library.scenarios.values() for node in one.nodes.values()]
        node = next(node for node in nodes if " ".join(node.text.split()) in text)
        safe = next(choice for choice in node.choices if choice.lost == 0)
        page.get_by_role("radiogroup").locator("label").filter(has_text=safe.text).click()
        page.get_by_role("button", name="Simpan dan lanjut").click()
        number += 1
        after = page.get_by_role("heading", name=re.compile(f"Keputusan {number}:|Kumpulkan kuis"))
        expect(after.first).to_be_visible()

"""The operations guide names every setting and the messages it explains; the deployment files fit the app."""

import re
from pathlib import Path

import pytest

from settings import PREFIX, Settings
from web.middleware.addresses import PAGES

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs" / "operating.md").read_text("utf-8")


def test_every_setting_has_its_row_and_no_other() -> None:
    rows = re.findall(r"^\| `SINETRAL_(\w+)` \|", GUIDE, flags=re.MULTILINE)
    assert {f"{PREFIX}{name}" for name in rows} == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize(
    "text", ["is gone or empty, but was here", "does not know", "It does not answer", "is damaged ("]
)
def test_messages_that_the_guide_explains_are_those_of_the_code(text: str) -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "storage").glob("*.py"))
    assert text in GUIDE
    assert text in code


def test_files_that_the_guide_names_are_there() -> None:
    named = re.findall(r"deploy/[\w.-]+\w", GUIDE)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_proxy_names_every_page_in_its_log() -> None:
    """A page that the list lacks would be logged as `-`: no harm, but nobody could see how it does."""
    pattern = re.search(r'"~\^/\(\?<page>\|([^)]*)\)\$"', (ROOT / "deploy" / "nginx.conf").read_text("utf-8"))
    assert pattern is not None
    assert {page.strip("/") for page in PAGES} - {""} <= set(pattern[1].split("|"))

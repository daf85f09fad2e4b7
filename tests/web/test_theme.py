"""The theme: legible colours, families that app.css defines, and the same message from memory as from the options."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from web.static_files import ASSETS
from web.theme_once import remembered

ROOT = Path(__file__).parent.parent.parent
THEME: dict[str, Any] = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))["theme"]
FAMILIES = ("green", "red", "orange", "yellow", "violet", "blue", "gray")


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG counts it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_colours_are_legible(mode: str) -> None:
    theme = THEME[mode]
    page = theme["backgroundColor"]
    for surface in (page, theme["secondaryBackgroundColor"]):
        for text in ("textColor", "linkColor", "grayTextColor"):
            assert contrast(theme[text], surface) >= 4.5, (text, surface)
    for family in FAMILIES:
        assert contrast(theme[f"{family}TextColor"], page) >= 4.5
        assert contrast(theme[f"{family}TextColor"], theme[f"{family}BackgroundColor"]) >= 4.5
    assert contrast("#FFFFFF", theme["primaryColor"]) >= 4.5
    assert contrast(theme["borderColor"], page) >= 3
    assert contrast("#777777", "#FFFFFF") < 4.5


def test_every_level_of_heading_has_a_size() -> None:
    assert len(THEME["headingFontSizes"]) == len(THEME["headingFontWeights"]) == 6


@pytest.mark.parametrize("option", ["font", "headingFont"])
def test_families_are_defined_and_not_sent_with_every_run(option: str) -> None:
    family = THEME[option].split("'")[1]
    assert f'font-family: "{family}"' in (ASSETS / "app.css").read_text("utf-8")
    assert "fontFaces" not in THEME


SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar")


@pytest.fixture
def own_theme() -> None:
    """Read the options of this app, whatever an earlier test set."""
    config._main_script_path = str(ROOT / "app.py")
    config.get_config_options(force_reparse=True)


@pytest.mark.usefixtures("own_theme")
def test_the_remembered_theme_is_the_same() -> None:
    populate = remembered(app_session._populate_theme_msg)
    for section in (*SECTIONS, *SECTIONS):
        straight, from_memory = CustomThemeConfig(), CustomThemeConfig()
        app_session._populate_theme_msg(straight, section)
        populate(from_memory, section)
        assert from_memory == straight
    parent = CustomThemeConfig()
    populate(parent.sidebar, "theme.sidebar")
    assert not parent.HasField("sidebar")
    populate(parent.dark, "theme.dark")
    assert parent.dark.primary_color == "#7C5FD6"


@pytest.mark.usefixtures("own_theme")
def test_the_theme_is_worked_out_once() -> None:
    asked: list[str] = []

    def populate(msg: CustomThemeConfig, section: str) -> None:
        asked.append(section)
        app_session._populate_theme_msg(msg, section)

    once = remembered(populate)
    for _ in range(3):
        once(CustomThemeConfig(), "theme.light")
    assert asked == ["theme.light"]

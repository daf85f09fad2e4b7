"""Subsets of fonts, committed beside their sources. `python -m web.fonts` makes them anew.

The icon font is cut from the one that Streamlit ships (375 kB). It holds the icons named in icons.txt (our own pages,
with some to spare) and those that Streamlit's widgets draw by themselves. An icon of `web/` that is missing
fails tests/web/test_assets.py: add it to icons.txt, make anew.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit import file_util

from web.static_files import ASSETS, fingerprint

FOLDER = ASSETS / "fonts"
ICONS = FOLDER / "material-symbols-rounded-subset.woff2"
OURS = FOLDER / "icons.txt"
# The light pages carry letters, figures and typographic signs of Indonesian only: 12 kB for both faces.
BASIC = (
    (FOLDER / "plus-jakarta-sans-latin-700.woff2", FOLDER / "plus-jakarta-sans-basic-700.woff2"),
    (FOLDER / "atkinson-hyperlegible-next-latin-400.woff2", FOLDER / "atkinson-hyperlegible-next-basic-400.woff2"),
)
BASIC_TEXT = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0·–—‘’“”…"


def names_in(text: str) -> set[str]:
    """Return the icons that a text names in Streamlit's way, between colons."""
    return set(re.findall(r":material/([a-z0-9_]+)", text))


def streamlits() -> set[str]:
    """Return the icons that Streamlit's own scripts name."""
    scripts = Path(file_util.get_static_dir()).glob("static/js/*.js")
    return set().union(*(names_in(script.read_text("utf-8")) for script in scripts))


def shipped_font() -> Path:
    """Return the whole icon font as Streamlit ships it."""
    (path,) = Path(file_util.get_static_dir()).glob("static/media/MaterialSymbols-Rounded.*.woff2")
    return path


def _ligature_sets(font: Any) -> list[dict[str, list[Any]]]:
    tables = (table for lookup in font["GSUB"].table.LookupList.Lookup for table in lookup.SubTable)
    return [getattr(table, "ExtSubTable", table).ligatures for table in tables]


def _spelling(font: Any) -> Callable[[str, Any], str]:
    characters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    return lambda first, ligature: "".join(characters.get(glyph, "?") for glyph in (first, *ligature.Component))


def icons_of(path: Path) -> set[str]:
    """Return the names that an icon font turns into icons."""
    from fontTools.ttLib import TTFont

    font = TTFont(path)
    spelled = _spelling(font)
    return {
        spelled(first, ligature)
        for ligatures in _ligature_sets(font)
        for first, found in ligatures.items()
        for ligature in found
    }


def make_icons(wanted: set[str], source: Path, target: Path) -> None:
    """Write the subset of the source that spells the wanted icons."""
    from fontTools.ttLib import TTFont

    font = TTFont(source, recalcTimestamp=False)
    spelled = _spelling(font)
    for ligatures in _ligature_sets(font):
        for first, found in list(ligatures.items()):
            ligatures[first] = [ligature for ligature in found if spelled(first, ligature) in wanted]
            if not ligatures[first]:
                del ligatures[first]
    _write_subset(font, "".join(sorted(set().union(*wanted))), ["rlig"], target)


def make_basic(source: Path, target: Path) -> None:
    """Write the subset of a text face that Indonesian needs."""
    from fontTools.ttLib import TTFont

    _write_subset(TTFont(source, recalcTimestamp=False), BASIC_TEXT, ["kern"], target)


def _write_subset(font: Any, text: str, features: list[str], target: Path) -> None:
    from fontTools import subset

    options = subset.Options(flavor="woff2", layout_features=features, hinting=False, name_IDs=[0, 1, 2, 13, 14])
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def address_in(style: str, digest: str) -> str:
    """Return the style sheet with the icon font's new fingerprint, so that no browser keeps an old one."""
    return re.sub(rf"({re.escape(ICONS.name)}\?v=)\w+", rf"\g<1>{digest}", style)


if __name__ == "__main__":
    known, ours = icons_of(shipped_font()), set(OURS.read_text("utf-8").split())
    make_icons((ours | streamlits()) & known, shipped_font(), ICONS)
    style = ASSETS / "app.css"
    style.write_text(address_in(style.read_text("utf-8"), fingerprint(ICONS.read_bytes())), "utf-8")
    for source, target in BASIC:
        make_basic(source, target)
    print(f"{len(icons_of(ICONS))} icons, {ICONS.stat().st_size} bytes; unknown: {sorted(ours - known)}")  # noqa: T201

"""Makes the TrueType files in fonts/ from the web fonts of @fontsource; run once, its output is committed.

    npm pack @fontsource/plus-jakarta-sans @fontsource/atkinson-hyperlegible-next @fontsource/source-serif-4 \
        @fontsource/noto-sans        # each unpacked into FOLDER/<name>
    python certificates/assets/make_fonts.py FOLDER
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent / "fonts"
LATIN = ("latin", "latin-ext", "vietnamese")
WIDE = (*LATIN, "greek", "greek-ext", "cyrillic", "cyrillic-ext")
# File, package, weight, alphabets, new name. Adobe reserves the name "Source" for unmodified files.
FACES = (
    ("jakarta-700.ttf", "plus-jakarta-sans", 700, LATIN, None),
    ("atkinson-400.ttf", "atkinson-hyperlegible-next", 400, ("latin", "latin-ext"), None),
    ("atkinson-700.ttf", "atkinson-hyperlegible-next", 700, ("latin", "latin-ext"), None),
    ("serif-600.ttf", "source-serif-4", 600, ("latin",), "SiNetral Serif"),
    ("serif-700.ttf", "source-serif-4", 700, LATIN, "SiNetral Serif"),
    ("noto-500.ttf", "noto-sans", 500, WIDE, None),
)
# Nothing here lays text out by these tables.
DROPPED = ("GDEF", "GPOS", "GSUB", "BASE", "STAT", "gasp")


def _bare(path: Path, folder: Path) -> Path:
    font = TTFont(path)
    options = Options(hinting=False, layout_features=[], notdef_outline=True, drop_tables=list(DROPPED))
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    font.flavor = None
    target = folder / path.with_suffix(".ttf").name
    font.save(target)
    return target


def _rename(font: TTFont, family: str) -> None:
    compact = family.replace(" ", "")
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = {6: f"{compact}-{font['OS/2'].usWeightClass}"}.get(record.nameID, family)


def _keep_licence(source: Path, target: Path, font: TTFont) -> None:
    # The first line of a package's licence is not always the copyright notice that the font itself carries.
    lines = source.read_text("utf-8").splitlines()
    target.write_text("\n".join((font["name"].getDebugName(0), *lines[1:], "")), "utf-8")


def make(packages: Path) -> None:
    """Merge each face's alphabets into one small file."""
    for file, package, weight, alphabets, family in FACES:
        paths = [packages / package / "files" / f"{package}-{part}-{weight}-normal.woff2" for part in alphabets]
        with TemporaryDirectory() as folder:
            font = Merger().merge([_bare(path, Path(folder)) for path in paths])
        if family:
            _rename(font, family)
        font["post"].formatType = 3.0
        font["head"].modified = font["head"].created
        font.recalcTimestamp = False
        font.save(HERE / file)
        _keep_licence(packages / package / "LICENSE", HERE / f"{package}-OFL.txt", font)


if __name__ == "__main__":
    make(Path(sys.argv[1]))

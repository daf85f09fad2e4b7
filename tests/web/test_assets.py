"""Our assets, the rewritten index, Streamlit's files compressed, and the icons that the subset must hold."""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import brotli
import pytest

from tests.web.stack import client, static_address, static_file
from web import fonts, shipped_files, static_files
from web.index_page import IndexChanged, rewritten, shipped, trimmed
from web.middleware import SignInGate
from web.middleware.precompressed import Precompressed
from web.static_files import ASSETS, accepted, asset, asset_url

ROOT = Path(__file__).parent.parent.parent
YEAR = "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("header", "codings"),
    [
        ("", ()),
        ("identity", ()),
        ("gzip", ("gzip",)),
        ("gzip, deflate, br, zstd", ("br", "gzip")),
        ("br;q=0, gzip;q=0.5", ("gzip",)),
        ("BR; q=1", ("br",)),
        ("*", ("br", "gzip")),
        ("*;q=0, br", ("br",)),
        ("br;q=x", ()),
    ],
)
def test_accept_encoding_is_read(header: str, codings: tuple[str, ...]) -> None:
    assert accepted(header) == codings


@dataclass(frozen=True)
class Answer:
    """An answer as it went over the wire, not decoded."""

    status_code: int
    headers: Mapping[str, str]
    wire: bytes

    @property
    def content(self) -> bytes:
        """What the wire carried, without its coding."""
        undo = {"br": brotli.decompress, "gzip": gzip.decompress}.get(self.headers.get("content-encoding", ""))
        return bytes(undo(self.wire)) if undo else self.wire


def _get(path: str, coding: str = "identity", **headers: str) -> Answer:
    with client(without=SignInGate).stream("GET", path, headers={"Accept-Encoding": coding, **headers}) as answer:
        return Answer(answer.status_code, answer.headers, b"".join(answer.iter_raw()))


SCRIPT = static_address("js/protobuf.*.js")


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_streamlits_scripts_are_compressed(coding: str) -> None:
    plain = static_file("js/protobuf.*.js").read_bytes()
    answer = _get(SCRIPT, coding)
    assert answer.headers["content-encoding"] == coding
    assert answer.headers["cache-control"] == YEAR
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert int(answer.headers["content-length"]) < len(plain) / 3
    assert answer.content == plain
    again = _get(SCRIPT, coding, **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.wire) == (304, b"")


def test_who_takes_no_compression_gets_the_file_as_it_is() -> None:
    answer = _get(SCRIPT)
    assert "content-encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.content == static_file("js/protobuf.*.js").read_bytes()
    part = _get(SCRIPT, "br", Range="bytes=0-9")
    assert (part.status_code, part.headers["content-length"]) == (206, "10")


def test_without_the_middleware_nothing_is_compressed() -> None:
    answer = client(without=Precompressed).get(SCRIPT, headers={"Accept-Encoding": "br"})
    assert "content-encoding" not in answer.headers


def test_the_install_makes_every_compressed_file_and_the_server_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped_files, "FOLDER", tmp_path / "static")
    monkeypatch.setattr(shipped_files, "shipped", lambda: {SCRIPT: static_file("js/protobuf.*.js")})
    shipped_files.main()
    assert sorted(path.suffix for path in (tmp_path / "static").iterdir()) == [".br", ".gz"]
    monkeypatch.setattr(shipped_files, "compress", lambda *_arguments, **_named: pytest.fail("compressed again"))
    assert _get(SCRIPT, "br").content == static_file("js/protobuf.*.js").read_bytes()


def test_what_no_install_made_is_made_on_demand_even_on_a_disk_that_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder can be made here")
    monkeypatch.setattr(shipped_files, "FOLDER", tmp_path / "file")
    answer = _get(SCRIPT, "br")
    assert answer.headers["content-encoding"] == "br"
    assert answer.content == static_file("js/protobuf.*.js").read_bytes()


def test_a_disk_that_fills_up_keeps_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shipped_files, "FOLDER", tmp_path)
    monkeypatch.setattr(Path, "replace", full)
    assert shipped_files.compressed(static_file("js/protobuf.*.js")).forms["br"]
    assert list(tmp_path.iterdir()) == []


def test_fonts_and_unknown_files_of_streamlit() -> None:
    font = static_address("media/SourceSansVF-Upright.*.woff2")
    assert "content-encoding" not in _get(font, "br").headers
    assert [_get(path).status_code for path in ("/static/x.js", "/static/", "/static/js")] == [404, 404, 404]


def test_assets_have_type_caching_and_compression() -> None:
    for path, kind, caching in (
        ("/aset/app.css", "text/css; charset=utf-8", "public, no-cache"),
        (asset_url("app.css"), "text/css; charset=utf-8", YEAR),
        ("/aset/app.css?v=0000000000000000", "text/css; charset=utf-8", "public, no-cache"),
        (asset_url("words.js"), "text/javascript; charset=utf-8", YEAR),
        ("/aset/drawings/gambar-ponsel.svg", "image/svg+xml", "public, max-age=86400"),
        ("/aset/fonts/plus-jakarta-sans-latin-700.woff2", "font/woff2", YEAR),
    ):
        answer = _get(path, "gzip, br")
        assert (answer.headers["content-type"], answer.headers["cache-control"]) == (kind, caching)
        assert answer.headers.get("content-encoding") == (None if kind == "font/woff2" else "br")
        assert answer.content == (ASSETS / path.removeprefix("/aset/").partition("?")[0]).read_bytes()
        assert _get(path, "gzip, br", **{"If-None-Match": answer.headers["etag"]}).status_code == 304


OUTSIDE = (
    *("../current.py", "..%2fcurrent.py", "%2e%2e/current.py", "fonts/../../current.py", "/etc/passwd"),
    *("..%5ccurrent.py", "....//current.py", "fonts", "", ".", "tidak-ada.css", "%00", "app.css%00.css", "a" * 5000),
)


@pytest.mark.parametrize("name", OUTSIDE)
def test_assets_stay_inside_their_folder(name: str) -> None:
    assert client().get(f"/aset/{name}").status_code in (400, 404)


def test_the_folder_check_is_what_keeps_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "outside.txt").write_text("rahasia")
    (tmp_path / "inside/link.txt").symlink_to(tmp_path / "outside.txt")
    monkeypatch.setattr(static_files, "ASSETS", tmp_path / "inside")
    for name in ("../outside.txt", "link.txt", str(tmp_path / "outside.txt")):
        with pytest.raises(FileNotFoundError):
            asset(name)
    monkeypatch.setattr(static_files, "ASSETS", tmp_path)
    assert asset("outside.txt").forms["identity"] == b"rahasia"


def test_index_is_ours() -> None:
    answer = _get("/", "br")
    html = answer.content.decode()
    assert answer.headers["cache-control"] == "private, no-cache"
    for part in (
        *('<html lang="id">', "<title>SiNetral</title>", 'href="/aset/emblem.svg"', 'property="og:description"'),
        *(asset_url("app.css"), asset_url("words.js"), 'src="/static/js/index.'),
    ):
        assert part in html
    for part in ("agent", "SourceSans", "Streamlit</title>", "favicon.png", "You need to enable JavaScript"):
        assert part in shipped()
        assert part not in html
    assert _get("/", "br", **{"If-None-Match": answer.headers["etag"]}).status_code == 304
    for path in ("/index.html", "/tidak-ada", "/bagian/lain", "/manifest.json"):
        assert client().get(path).status_code == 404
    assert client().get("/bagian/").headers["location"] == "/bagian"


def test_another_index_or_style_stops_the_start() -> None:
    with pytest.raises(IndexChanged, match="title"):
        rewritten(shipped().replace("<title>Streamlit</title>", ""))
    with pytest.raises(IndexChanged, match="style"):
        trimmed("body{}")


def test_streamlits_style_comes_without_its_fonts() -> None:
    path = static_file("css/index.*.css")
    style = _get(static_address("css/index.*.css"), "br").content.decode()
    assert "KaTeX_Main" in style
    for family in ("Material Symbols Rounded", "Source Sans", "Source Code Pro"):
        assert f"font-family:{family};" in path.read_text("utf-8")
        assert f"font-family:{family};" not in style
        assert f'font-family: "{family}"' in (ASSETS / "app.css").read_text("utf-8")


def test_styles_name_files_that_are_there() -> None:
    for style in ("app.css", "light.css"):
        for url in re.findall(r"url\((/[^)]+)\)", (ASSETS / style).read_text("utf-8")):
            assert client().get(url).status_code == 200


def test_every_icon_in_use_is_in_the_subset() -> None:
    there = fonts.icons_of(fonts.ICONS)
    used = set().union(*(_icons_in(path.read_text("utf-8")) for path in (ROOT / "web").rglob("*.py")))
    assert {"home", "menu_book", "fact_check"} <= used
    asked = used | set(fonts.OURS.read_text("utf-8").split()) | (fonts.streamlits() & _whole())
    assert asked - there == set(), "add them to web/assets/fonts/icons.txt and run `python -m web.fonts`"
    assert "rocket_launch" not in there
    assert "rocket_launch" in _whole()
    assert fonts.ICONS.stat().st_size <= 40_000


def _icons_in(source: str) -> set[str]:
    """Return the icons named in a file; where names are put together, also what can only be an icon's name."""
    words = r'"([a-z0-9]+_[a-z0-9_]+)"|_page\([^)]*, "([a-z0-9_]+)"'
    literals = {a or b for a, b in re.findall(words, source)} if ":material/{" in source else set()
    return fonts.names_in(source) | (literals & _whole())


@lru_cache(maxsize=1)
def _whole() -> set[str]:
    return fonts.icons_of(fonts.shipped_font())


def test_a_new_icon_font_gets_a_new_address() -> None:
    style = (ASSETS / "app.css").read_text("utf-8")
    assert fonts.address_in(style, asset(f"fonts/{fonts.ICONS.name}").digest) == style
    assert fonts.address_in(style, "0" * 16) != style


def test_light_pages_weigh_little() -> None:
    light = len(asset("light.css").forms["br"]) + len(asset("emblem.svg").forms["br"])
    light += sum(target.stat().st_size for _, target in fonts.BASIC)
    assert light <= 15_500, "a sign-in page has 30 kB, a verification page 20 kB"

"""Pages are for signed-in people, uploads for those who may import the roster; each with a control run."""

import re
from pathlib import Path

import pytest

from storage.engine import Database
from tests.conftest import Cast
from tests.web.stack import OWN, client
from web import current
from web.middleware import PAGES, SignInGate
from web.middleware.gate import UPLOADS_PER_HOUR, UploadGate

UPLOAD = "/_stcore/upload_file/sesi/berkas"
MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("path", sorted(PAGES))
def test_pages_send_strangers_to_sign_in(path: str) -> None:
    answer = client().get(path, params={"id": "7"})
    assert answer.status_code == 303
    assert answer.headers["location"] == ("/masuk" if path == "/" else f"/masuk?next=%2F{path[1:]}")
    assert client(without=SignInGate).get(path).status_code == 200


def test_the_gate_knows_every_page() -> None:
    navigation = (Path(__file__).parent.parent.parent / "web/navigation.py").read_text("utf-8")
    urls = re.findall(r'_page\("[^"]+", "[^"]+", "([^"]*)"', navigation)
    assert len(urls) == navigation.count("_page(") - 1, "a page is written in a form that this test does not read"
    assert {"/", *(f"/{url}" for url in urls)} == PAGES


def test_signed_in_people_get_the_page(cast: Cast) -> None:
    for token, status in ((cast.tokens["sari"], 200), ("x" * 43, 303)):
        visitor = client(cookies={current.cookie_name(): token})
        assert visitor.get("/").status_code == status


def _put(token: str | None, *, size: int = 10, without: type | None = None) -> int:
    cookies = {current.cookie_name(): token} if token else None
    visitor = client(without=without, cookies=cookies)
    return visitor.put(UPLOAD, headers={"Origin": OWN}, content=b"x" * size).status_code


def test_only_importers_upload(cast: Cast) -> None:
    expected = {"sari": 403, "bima": 403, "ratna": 403, "hadi": 200, "admin": 200}
    assert {key: _put(cast.tokens[key]) for key in expected} == expected
    assert {key: _put(cast.tokens[key], without=UploadGate) for key in expected} == dict.fromkeys(expected, 200)


def test_strangers_do_not_upload(database: Database) -> None:
    assert [_put(None), _put("x" * 43), _put(None, without=UploadGate)] == [401, 401, 200]


def test_uploads_have_a_size_and_a_rate(cast: Cast) -> None:
    token = cast.tokens["hadi"]
    assert _put(token, size=5 * MEGABYTE) == 200
    assert _put(token, size=6 * MEGABYTE) == 413
    visitor = client(cookies={current.cookie_name(): token})
    answers = [visitor.put(UPLOAD, headers={"Origin": OWN}, content=b"x").status_code for _ in range(12)]
    assert answers == [200] * UPLOADS_PER_HOUR + [429] * 2
    # Taking a file away again, and another person, are not counted.
    assert visitor.delete(UPLOAD, headers={"Origin": OWN}).status_code == 200
    visitor.cookies.set(current.cookie_name(), cast.tokens["admin"])
    assert visitor.put(UPLOAD, headers={"Origin": OWN}, content=b"x").status_code == 200

"""Origin check, security headers, closed addresses and limits; each with a control run without the guard."""

import pytest
from starlette.websockets import WebSocketDisconnect

from tests.figures import figure
from tests.web.stack import METHODS, OWN, client, in_pieces, static_address
from web import current
from web.index_page import rewritten, script_hashes, shipped
from web.middleware import OriginCheck
from web.middleware.closed import ClosedAddresses
from web.middleware.headers import SecurityHeaders
from web.middleware.limits import BodyLimits

FOREIGN = {
    "absent": None,
    "empty": "",
    "null": "null",
    "another site": "https://jahat.example",
    "sub-domain": "http://jahat.127.0.0.1:8501",
    "other port": "http://127.0.0.1:8502",
    "no port": "http://127.0.0.1",
    "https": "https://127.0.0.1:8501",
    "suffix": "http://127.0.0.1:8501.jahat.example",
    "prefix": "http://jahat-127.0.0.1:8501",
    "user part": "http://127.0.0.1:8501@jahat.example",
    "other loopback name": "http://localhost:8501",
    "with a path": "http://127.0.0.1:8501/masuk",
    "no address": "http://[",
    "half an address": "http://[::1",
}


def _handshake(origin: str | None, *, without: type | None = None) -> bool:
    headers = {} if origin is None else {"Origin": origin}
    try:
        with client(without=without).websocket_connect("ws://127.0.0.1:8501/_stcore/stream", headers=headers) as socket:
            socket.send_text("halo")
            return bool(socket.receive_text() == "halo")
    except WebSocketDisconnect:
        return False


def _posted(origin: str | None, *, without: type | None = None) -> int:
    headers = {} if origin is None else {"Origin": origin}
    return client(without=without).post("/catat", headers=headers).status_code


@pytest.mark.figure
def test_foreign_origins_are_refused() -> None:
    refused = [name for name, origin in FOREIGN.items() if not _handshake(origin) and _posted(origin) == 403]
    figure("T12 origins", len(refused), len(FOREIGN), "refused")
    assert refused == list(FOREIGN)
    assert _handshake(OWN)
    assert _posted(OWN) == 200


def test_foreign_origins_get_in_without_the_check() -> None:
    assert all(_handshake(origin, without=OriginCheck) for origin in FOREIGN.values())
    assert {_posted(origin, without=OriginCheck) for origin in FOREIGN.values()} == {200}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_every_unsafe_method_needs_the_own_origin(method: str) -> None:
    assert client().request(method, "/catat").status_code == 403
    assert client().request(method, "/catat", headers={"Origin": OWN}).status_code == 200


def test_reading_needs_no_origin() -> None:
    assert client().get("/catat").status_code == 200


def test_behind_https_only_https_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINETRAL_BASE_URL", "https://netralitas.contoh.go.id")
    current.settings.cache_clear()
    visitor = client(base_url="https://netralitas.contoh.go.id")
    for origin, status in (("https://netralitas.contoh.go.id", 200), ("http://netralitas.contoh.go.id", 403)):
        assert visitor.post("/catat", headers={"Origin": origin}).status_code == status


# One address for each way an answer comes about.
ANSWERS = {
    "page, not signed in": ("GET", "/", 303),
    "own route": ("GET", "/healthz", 200),
    "own asset": ("GET", "/aset/emblem.svg", 200),
    "Streamlit's font": ("GET", static_address("media/SourceSansVF-Upright.*.woff2"), 200),
    "compressed style": ("GET", static_address("css/index.*.css"), 200),
    "media": ("GET", "/media/x.png", 200),
    "health": ("GET", "/_stcore/health", 200),
    "unknown address": ("GET", "/tidak-ada", 404),
    "unknown static file": ("GET", "/static/tidak-ada.js", 404),
    "closed address": ("GET", "/_stcore/agent/openapi.json", 404),
    "wrong method": ("POST", "/healthz", 405),
    "foreign origin": ("PUT", "/catat", 403),
    "too large": ("DELETE", "/catat", 413),
    "upload, not signed in": ("PUT", "/_stcore/upload_file/a/b", 401),
    "fault": ("GET", "/rusak", 500),
}
NAMES = (
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
)


def _answer(name: str, *, without: type | None = None) -> tuple[int, set[str]]:
    method, path, _ = ANSWERS[name]
    headers = {} if name == "foreign origin" else {"Origin": OWN}
    content = b"x" * 70_000 if name == "too large" else None
    response = client(without=without).request(method, path, headers=headers, content=content)
    return response.status_code, {header for header in NAMES if header in response.headers}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_carries_the_security_headers(name: str) -> None:
    assert _answer(name) == (ANSWERS[name][2], set(NAMES))


@pytest.mark.parametrize("name", ANSWERS)
def test_no_answer_carries_them_without_the_middleware(name: str) -> None:
    assert _answer(name, without=SecurityHeaders)[1] == set()


def test_a_fault_says_nothing_of_itself() -> None:
    text = client().get("/rusak").text
    assert "rahasia" not in text
    assert "Kode rujukan" in text


def test_policy_allows_our_scripts_and_sockets_only() -> None:
    policy = client().get("/healthz").headers["content-security-policy"]
    (script,) = script_hashes(rewritten(shipped()))
    for part in (
        *(
            "default-src 'self'",
            f"script-src 'self' {script};",
            "style-src 'self' 'unsafe-inline'",
            "object-src 'none'",
        ),
        *("img-src 'self' data: blob:;", "font-src 'self' data:;", "worker-src 'self' blob:;", "frame-src 'none'"),
        *("frame-ancestors 'none'", "base-uri 'self'"),
        "connect-src 'self' ws://localhost:8501 ws://127.0.0.1:8501;",
    ):
        assert part in policy
    assert "unsafe-eval" not in policy
    # Control: another script would need another hash.
    assert script_hashes(shipped().replace("prerenderReady = false", "prerenderReady = true")) != (script,)


def test_https_adds_hsts_and_secure_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "strict-transport-security" not in client().get("/healthz").headers
    monkeypatch.setenv("SINETRAL_BASE_URL", "https://netralitas.contoh.go.id")
    current.settings.cache_clear()
    headers = client().get("/healthz").headers
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "connect-src 'self' wss://netralitas.contoh.go.id;" in headers["content-security-policy"]


CLOSED = (
    *("agent/interact", "agent/mcp", "agent/openapi.json", "agent", "script-health-check"),
    *("bidi-components/x", "apa-saja", ""),
)
LINE_ENDS = ("/_stcore/metrics%0A", "/auth/login%0A", "/oauth2callback%0A", "/_stcore/x%0A", "/akun%0A", "/akun%0D%0A")
CRAFTED = ("/v/%00", "/sertifikat/%00.pdf", "/aset/..%2f..%2fapp.py", "/aset/%5c%5chost/x", "/v//ABC", *LINE_ENDS)


@pytest.mark.figure
def test_closed_addresses_are_not_there() -> None:
    asked = [(method, f"/_stcore/{path}") for path in CLOSED for method in METHODS]
    for without, expected in ((None, {404}), (ClosedAddresses, {200})):
        visitor = client(without=without)
        found = {visitor.request(method, path, headers={"Origin": OWN}).status_code for method, path in asked}
        assert found == expected
    figure("T50 closed addresses", len(asked), len(asked), "answered 404")


def test_a_closed_address_is_not_there_for_other_sites_either() -> None:
    assert client().post("/_stcore/agent/mcp").status_code == 404


@pytest.mark.parametrize("path", CRAFTED)
def test_crafted_addresses_are_told_in_indonesian(path: str) -> None:
    answer = client().get(path)
    assert (answer.status_code, answer.text) == (404, "Tidak ditemukan.")
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("path", ["/static", "/media", "/_stcore/stream"])
def test_where_streamlit_would_send_its_own_index_there_is_nothing(path: str) -> None:
    assert client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/metrics"])
def test_figures_are_for_this_machine(path: str) -> None:
    assert client().get(path).status_code == 200
    assert client(peer="::1").get(path).status_code == 200
    for peer in ("10.0.0.7", "203.0.113.9", "testclient"):
        assert client(peer=peer).get(path).status_code == 404
    for header in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"):
        assert client().get(path, headers={header: "127.0.0.1"}).status_code == 404
    assert client(peer="10.0.0.7", without=ClosedAddresses).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/_stcore/health", "/_stcore/host-config"])
def test_what_pages_need_is_open(path: str) -> None:
    assert client(peer="10.0.0.7").get(path).status_code == 200


LIMITS = {"/catat": 64 * 1024, "/v/ABC/berkas": 5 * 1024 * 1024}


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("path", LIMITS)
def test_bodies_over_the_limit_are_refused(path: str, announced: bool) -> None:
    def sent(size: int, without: type | None = None) -> tuple[int, str]:
        content = b"x" * size if announced else in_pieces(size)
        answer = client(without=without).post(path, headers={"Origin": OWN}, content=content)
        return answer.status_code, answer.text

    within, over = LIMITS[path], LIMITS[path] + 9 * 1024
    assert sent(within) == (200, str(within))
    assert sent(over)[0] == 413
    assert sent(over, without=BodyLimits) == (200, str(over))


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 30, "9" * 5000])
def test_a_false_length_is_refused(length: str) -> None:
    headers = {"Origin": OWN, "Content-Length": length}
    assert client().post("/catat", headers=headers, content=b"x").status_code == 413

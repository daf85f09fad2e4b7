"""Addresses that more than one rule knows."""

from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import Scope

from web.current import SECOND_FACTOR

UPLOADS = "/_stcore/upload_file/"
PAGES = frozenset(
    {
        *("/", "/bagian", "/memilah", "/skenario", "/kuis", "/hasil", "/pakta", "/sertifikat", "/akun"),
        *("/penyelesaian", "/pegawai", "/cabut", "/kelonggaran", "/peran", "/materi"),
    }
)
PROOF = "/masuk/ulang"
RECOVERY = "/masuk/kode-pemulihan"
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def second_factor(target: str) -> str:
    """Return where the second factor is asked for, on the way to a page."""
    return SECOND_FACTOR if target == "/" else f"{SECOND_FACTOR}?next={quote(target, safe='')}"


def proof(target: str) -> str:
    """Return where people show again who they are, on the way back to an address."""
    return f"{PROOF}?next={quote(target, safe='')}"


def from_this_machine(scope: Scope) -> bool:
    """Tell whether the peer is this very machine and no proxy speaks for somebody else."""
    client = scope.get("client")
    return client is not None and client[0] in LOOPBACK and not any(map(_of_proxy, Headers(scope=scope)))


def _of_proxy(name: str) -> bool:
    return name in ("forwarded", "via", "x-real-ip") or name.startswith("x-forwarded-")

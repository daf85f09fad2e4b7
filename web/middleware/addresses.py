"""Addresses that more than one rule knows."""

from starlette.datastructures import Headers
from starlette.types import Scope

UPLOADS = "/_stcore/upload_file/"
PAGES = frozenset(
    {
        *("/", "/bagian", "/memilah", "/skenario", "/kuis", "/hasil", "/pakta", "/sertifikat", "/akun"),
        *("/penyelesaian", "/pegawai", "/cabut", "/kelonggaran", "/peran", "/materi"),
    }
)
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def from_this_machine(scope: Scope) -> bool:
    """Tell whether the peer is this very machine and no proxy speaks for somebody else."""
    client = scope.get("client")
    return client is not None and client[0] in LOOPBACK and not any(map(_of_proxy, Headers(scope=scope)))


def _of_proxy(name: str) -> bool:
    return name in ("forwarded", "via", "x-real-ip") or name.startswith("x-forwarded-")

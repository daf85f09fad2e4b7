"""PNS, PPPK or non-ASN: what an office wrote into the column Jenis Pegawai."""

import re
from functools import lru_cache

_CONTRACTS = frozenset({"thl", "phl", "ptt", "gtt", "pjlp", "thk2", "tks"})


@lru_cache(maxsize=256)
def typed(text: str) -> str:
    """Return pns, pppk, asn or non_asn; nothing where the words tell none of them."""
    letters = re.findall(r"[a-z0-9]+", text.casefold())
    joined = "".join(letters)
    if joined.startswith("non") or re.search(r"honor|kontrak|outsourc|pramubakti", joined) or joined in _CONTRACTS:
        return "non_asn"
    for kind, marks in (("pppk", ("pppk", "p3k")), ("pns", ("pns", "cpns")), ("asn", ("asn",))):
        if any(mark in letters for mark in marks):
            return kind
    return ""

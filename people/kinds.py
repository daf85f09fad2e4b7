"""PNS, PPPK or non-ASN: what an office wrote into the column Jenis Pegawai."""

import re
from functools import lru_cache

_NOT_ASN = re.compile(r"(?:non|bukan)(?:c?pns|pppk|p3k|asn|aparatur|pegawainegeri)")
# "Non aktif" and "non job" are states of an ASN.
_STILL_ASN = re.compile(r"non(?:aktif|job|guru|struktural|fungsional|kesehatan|nakes)")
_LABOUR = re.compile(r"honor|kontrak|outsourc|pramubakti")
_CAREER = frozenset({"pns", "cpns", "pppk", "p3k"})
_CONTRACTS = frozenset({"thl", "phl", "ptt", "gtt", "pjlp", "thk2", "tks"})


@lru_cache(maxsize=256)
def typed(text: str) -> str:
    """Return pns, pppk, asn or non_asn; nothing where the words tell none of them."""
    letters = re.findall(r"[a-z0-9]+", text.casefold())
    joined = "".join(letters)
    starts_so = joined.startswith("non") and not _STILL_ASN.match(joined)
    if starts_so or joined in _CONTRACTS or _NOT_ASN.search(joined):
        return "non_asn"
    # "PPPK eks honorer" tells what somebody is by now, and where they come from.
    if _LABOUR.search(joined) and _CAREER.isdisjoint(letters):
        return "non_asn"
    for kind, marks in (("pppk", ("pppk", "p3k")), ("pns", ("pns", "cpns")), ("asn", ("asn",))):
        if any(mark in letters for mark in marks):
            return kind
    return ""

"""One row for each file below web/pages. A new page without its row fails tests/web/matrix/test_pages.py.

How to add one: `"audience/name": PageRow(works=Look(who, says=…), wrong_role=(names…), other_unit=…, …)`. A `Look`
opens the page as somebody, at an address, with fields filled, and says what must and must not be sent.
No login, wrong method and forged origin are asked of every page without anybody writing them down.
"""

from tests.web.matrix.cases import Look, PageRow

EVERYBODY = "whoever is signed in may learn"
OWN_ROWS = "it reads the signed-in person's own rows, by their id from the session alone"
NO_ID = "its address carries no id"
NO_PEOPLE = "it shows content, nobody's data"
HOSTILE = "'); DROP TABLE person; --<script>"
LEARNERS = ("sari", "ratna")


def _learning(title: str, *, who: str = "sari", **query: str) -> PageRow:
    """A page of a learner; `query` names the ids that its address carries, each with its rightful value."""
    bad, unknown = (dict.fromkeys(query, value) for value in (HOSTILE, "tidak-ada"))
    return PageRow(
        works=Look(who, query=query, says=title),
        wrong_role=EVERYBODY,
        other_unit=OWN_ROWS,
        bad_id=Look(who, query=bad, hides=("DROP TABLE",)) if query else NO_ID,
        unknown_id=Look(who, query=unknown, hides=("tidak-ada",)) if query else NO_ID,
    )


ROWS: dict[str, PageRow] = {
    "learner/home": _learning("Langkah Anda"),
    "learner/section": _learning("Bagian 1 dari", bagian="mengapa-netral/"),
    "learner/sorting": _learning("kartu", langkah="boleh-dan-tidak-boleh"),
    "learner/scenario": _learning("Mulai", langkah="skenario-reuni"),
    "learner/quiz": _learning("satu soal setiap layar", who="ratna", langkah="tes-awal"),
    "learner/pledge": _learning("Terbuka setelah Anda lulus kuis akhir"),
    "learner/account": _learning("19900101 201503 2 901"),
    "learner/certificate": PageRow(
        works=Look("bima", says="800/0001/"),
        wrong_role=EVERYBODY,
        other_unit=Look("sari", hides=("800/0001/", "Bima")),
        bad_id=NO_ID,
        unknown_id=NO_ID,
    ),
    "learner/review": PageRow(
        works=Look("bima", query={"percobaan": "{bima_attempt}"}, says="Anda lulus dengan nilai"),
        wrong_role=EVERYBODY,
        other_unit=Look("hadi", query={"percobaan": "{bima_attempt}"}, says="Belum ada hasil"),
        bad_id=Look("ratna", query={"percobaan": HOSTILE}, says="Belum ada hasil", hides=("DROP TABLE",)),
        unknown_id=Look("ratna", query={"percobaan": "999999"}, says="Belum ada hasil"),
    ),
    "hr/completions": PageRow(
        works=Look("admin", says="Bima"),
        wrong_role=LEARNERS,
        other_unit=Look("hadi", says="Sari", hides=("Bima",)),
        bad_id="its filter is chosen from lists, and Streamlit takes no value that stands in none",
        unknown_id="its filter is chosen from lists, and Streamlit takes no value that stands in none",
    ),
    "hr/roster": PageRow(
        works=Look("admin", fill={"words": "bima"}, says="Kode baru: Bima"),
        wrong_role=LEARNERS,
        other_unit=Look("hadi", fill={"words": "bima"}, hides=("Bima",)),
        bad_id=Look("hadi", fill={"words": HOSTILE}, hides=("Kode baru:",)),
        unknown_id=Look("hadi", fill={"words": "199001012015032999"}, hides=("Kode baru:",)),
    ),
    "hr/revoke": PageRow(
        works=Look("admin", fill={"named": "{bima_number}"}, says="Bima"),
        wrong_role=LEARNERS,
        other_unit=Look("hadi", fill={"named": "{bima_number}"}, says="Tidak ada sertifikat", hides=("Bima",)),
        bad_id=Look("hadi", fill={"named": HOSTILE}, says="Tidak ada sertifikat"),
        unknown_id=Look("hadi", fill={"named": "800/9999/BKPSDM/2026"}, says="Tidak ada sertifikat"),
    ),
    "trainer/allowance": PageRow(
        works=Look("ratna", fill={"cari": "bima"}, says="Bima"),
        wrong_role=("sari",),
        other_unit=Look("hadi", fill={"cari": "bima"}, says="Tidak ada peserta", hides=("Bima",)),
        bad_id=Look("hadi", fill={"cari": HOSTILE}, says="Tidak ada peserta"),
        unknown_id=Look("hadi", fill={"cari": "199001012015032999"}, says="Tidak ada peserta"),
    ),
    "admin/roles": PageRow(
        works=Look("admin", fill={"words": "bima"}, says="Bima"),
        wrong_role=("sari", "ratna", "hadi"),
        other_unit="administrators see every unit",
        bad_id=Look("admin", fill={"words": HOSTILE}, says="Tidak ada pegawai"),
        unknown_id=Look("admin", fill={"words": "199001012015032999"}, says="Tidak ada pegawai"),
    ),
    "author/content": PageRow(
        works=Look("admin", says="Bank soal"),
        wrong_role=("sari", "ratna", "hadi"),
        other_unit=NO_PEOPLE,
        bad_id=NO_ID,
        unknown_id=NO_ID,
    ),
}

"""Materi: what the content holds, and what `check` finds in it."""

import streamlit as st

from people import roles
from quizzes.checking import latest_day, report
from web import current
from web.widgets.tables import table

roles.check_content(current.person())
library = current.library()
with current.read() as transaction:
    today = latest_day(transaction.now)
result = report(current.settings().content_dir, today=today)

st.title("Materi")
st.markdown(f":gray[Folder materi diperiksa seperti perintah check. {len(result.findings)} temuan.]")
if result.findings:
    rows = ([f"{one.file}:{one.line}:{one.column}", one.message, one.mend] for one in result.findings)
    table("temuan", ["Tempat", "Temuan", "Perbaikan"], rows)
else:
    st.success("Semua materi lulus pemeriksaan.", icon=":material/check_circle:")

st.header("Bank soal")
topics = library.bank.labels.topics
counted = result.counts.get("by_topic", {})
table(
    "soal",
    ["Topik", "Soal berskor"],
    ([topics[one], str(counted.get(one, 0))] for one in topics),
    numeric=frozenset({1}),
)

st.header("Modul")
modules = [module for program in library.catalog.programs for module in program.modules]
table(
    "peta",
    ["Modul", "Bagian", "Menit"],
    ([module.title, str(len(module.sections)), f"{module.minutes:.0f}"] for module in modules),
    numeric=frozenset({1, 2}),
)

st.header("Dasar hukum")
bases = library.catalog.registry.bases
table("dasar", ["Dasar", "Status", "Catatan"], ([basis.citation, basis.status, basis.caveat] for basis in bases))

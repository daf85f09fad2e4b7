"""SDM: who has finished, and the files that prove it."""

from dataclasses import replace

import streamlit as st

from people.roles import see_completions
from reports import completion
from reports.summary import by_unit
from web import current
from web.widgets import completions
from web.widgets.tables import table

PAGE_ROWS = 50

actor = current.person()
scope = see_completions(actor)

st.title("Daftar penyelesaian")
programs = {program.id: program for program in current.library().catalog.programs}
completions.warn_of_placeholders(actor, programs.values())
with current.read() as transaction:
    units = completion.unit_choices(transaction.db, scope=scope)
with st.container(horizontal=True, vertical_alignment="bottom"):
    program_id = st.selectbox("Program", programs, format_func=lambda one: programs[one].head.title, key="program")
    wanted = completions.choose_filter(units)
program = programs[program_id]
with current.read() as transaction:
    db, now = transaction.db, transaction.now
    tallied = completion.tally(db, scope=scope, program=program, wanted=wanted, now=now)
people = completion.counts(tallied)
wanted = replace(wanted, status=completions.choose_status(people))
total = people[wanted.status] if wanted.status else sum(people.values())
page = st.pagination(-(-total // PAGE_ROWS), key="page") if total > PAGE_ROWS else 1
with current.read() as transaction:
    db, offset = transaction.db, (page - 1) * PAGE_ROWS
    shown = completion.page(
        db, scope=scope, program=program, wanted=wanted, now=now, tallied=tallied, limit=PAGE_ROWS, offset=offset
    )
    held = completions.held(db, shown, program, now)
summary = by_unit([one for one in tallied if wanted.status in (None, one.status)])

with st.container(horizontal=True):
    for kind, label in completions.FILES.items():
        address = completions.download_address(actor, kind, program.id, wanted)
        st.link_button(label, address, icon=":material/download:")
    st.page_link("pages/trainer/allowance.py", label="Beri kelonggaran", icon=":material/schedule:")
    st.page_link("pages/hr/revoke.py", label="Cabut sertifikat", icon=":material/block:")
if not shown:
    st.info("Belum ada peserta yang sesuai. Ubah saringan, atau impor daftar pegawai untuk memulai.")
    st.stop()
completions.explain(held)
table("orang", completions.HEADERS, map(completions.cells, shown), numeric=completions.SCORE)

st.header("Ringkasan per unit")
rows = zip(summary.index, summary.to_numpy().tolist(), strict=True)
columns = ("Unit", *map(str, summary.columns))
cells = ([str(unit), *map(str, counted)] for unit, counted in rows)
table("unit", columns, cells, numeric=frozenset(range(1, len(columns))))

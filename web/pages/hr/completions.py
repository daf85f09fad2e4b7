"""SDM: who has finished, and the files that prove it."""

import streamlit as st

from people.roles import Scope, see_completions
from reports import completion, exports
from reports.exports import Kind
from reports.rows import STATUSES, Completion, Filter, Status
from reports.summary import by_unit
from web import current, phrases

PAGE_ROWS = 50

actor = current.person()
scope = see_completions(actor)


def choose_filter(scope: Scope) -> Filter:
    """Draw the filters and return what they say."""
    with current.read() as transaction:
        units = completion.unit_choices(transaction.db, scope=scope)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit_id = st.selectbox("Unit", [None, *units], format_func=lambda one: units.get(one, "Semua unit"))
        first = st.date_input("Lulus atau terbit sejak", value=None, format="DD/MM/YYYY", key="first")
        last = st.date_input("Sampai dengan", value=None, format="DD/MM/YYYY", key="last")
        text = st.text_input("Nama atau NIP", max_chars=120)
    return Filter(unit_id=unit_id, day_from=first, day_to=last, text=text.strip())


def choose_status(people: dict[Status, int]) -> Status | None:
    """Draw the five figures as chips; none chosen means all."""
    labels = {status: f"{STATUSES[status]} · {count}" for status, count in people.items()}
    return st.pills("Status", list(STATUSES), format_func=lambda one: labels[one], key="status")


def table_row(person: Completion) -> dict[str, str]:
    """Return one row of the table; people's text is escaped."""
    number = phrases.grouped_nip(person.identifier) if len(person.identifier) == 18 else person.identifier
    return {
        "NIP / ID": phrases.plain(number),
        "Nama": phrases.plain(person.name),
        "Unit": phrases.plain(person.unit),
        "Status": STATUSES[person.status],
        "Nilai": "" if person.score is None else str(person.score),
        "Tanggal": phrases.long_date(person.finished_at, person.zone) if person.finished_at else "",
        "Sertifikat": f"[{phrases.plain(person.number)}](/sertifikat/{person.certificate_id}.pdf)"
        if person.certificate_id
        else "",
    }


def export_address(kind: Kind) -> str:
    """Return where this very list is downloaded."""
    with current.read() as transaction:
        db = transaction.db
        export_id = exports.find(db, actor=actor, kind=kind, program_id=program.id, wanted=wanted)
    if export_id is None:
        with current.write() as transaction:
            db, now = transaction.db, transaction.now
            export_id = exports.prepare(db, actor=actor, kind=kind, program_id=program.id, wanted=wanted, now=now)
    return f"/unduh/{export_id}"


st.title("Daftar penyelesaian")
programs = {program.id: program for program in current.library().catalog.programs}
program_id = st.selectbox("Program", programs, format_func=lambda one: programs[one].head.title)
program = programs[program_id]
wanted = choose_filter(scope)
with current.read() as transaction:
    people = completion.counts(transaction.db, scope=scope, program=program, wanted=wanted)
wanted = Filter(**{**wanted.__dict__, "status": choose_status(people)})
total = people[wanted.status] if wanted.status else sum(people.values())
page = 1
if total > PAGE_ROWS:
    page = st.pagination(-(-total // PAGE_ROWS), key="page")
with current.read() as transaction:
    shown = completion.rows(
        transaction.db, scope=scope, program=program, wanted=wanted, limit=PAGE_ROWS, offset=(page - 1) * PAGE_ROWS
    )
    table = [table_row(person) for person in shown]
    summary = completion.pairs(transaction.db, scope=scope, program=program, wanted=wanted)
if not table:
    st.info("Belum ada peserta yang sesuai. Ubah saringan, atau impor daftar pegawai untuk memulai.")
else:
    st.table(table, border="horizontal")
with st.container(horizontal=True):
    st.link_button("Unduh XLSX", export_address("xlsx"), icon=":material/download:")
    st.link_button("Unduh CSV", export_address("csv"), icon=":material/download:")
st.header("Ringkasan per unit")
st.table(by_unit(summary))

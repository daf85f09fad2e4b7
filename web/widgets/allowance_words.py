"""Allowances in words: their kinds, why one does not fit, and a row of the list."""

from typing import Any

from sqlalchemy import Row

from quizzes.allowances import Kind
from quizzes.content import Library
from web import phrases

KINDS: dict[Kind, str] = {"try": "Percobaan tambahan", "time": "Tambahan waktu (menit)", "reopen": "Buka kembali"}
PROBLEMS = {
    "amount": "Jumlah itu tidak dapat diberikan. Waktu 1 sampai 240 menit, percobaan 1 sampai 5.",
    "reason": "Tuliskan alasan dengan 10 sampai 500 huruf.",
    "no_deadline": "Kuis ini tanpa batas waktu, atau waktu percobaannya sudah habis.",
    "not_failed": "Hanya percobaan terakhir yang belum lulus yang dapat dibuka kembali.",
    "still_open": "Percobaan terakhir masih terbuka.",
}


def quiz_titles(library: Library) -> dict[tuple[str, str], str]:
    """Return every quiz by (programme id, quiz id) with its title, which names the programme where there are more."""
    programs = library.catalog.programs
    return {
        (program.id, name): f"{quiz.title} · {program.head.title}" if len(programs) > 1 else quiz.title
        for program in programs
        for name, quiz in library.quizzes[program.id].items()
    }


def allowance_row(row: Row[*tuple[Any, ...]], library: Library, zone: str) -> tuple[str, ...]:
    """Return the cells of one allowance that was given."""
    quiz = library.quizzes.get(row.program_id, {}).get(row.quiz_id)
    kind: Kind = row.kind
    return (
        row.name,
        quiz.title if quiz else row.quiz_id,
        f"{KINDS[kind]}: {row.amount}",
        row.reason,
        row.giver_name,
        phrases.date_and_clock(row.granted_at, zone),
    )

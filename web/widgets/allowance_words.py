"""Allowances in words: their kinds, why one does not fit, and a row of the list."""

from typing import Any

from sqlalchemy import Row

from quizzes.allowances import Kind
from quizzes.content import Library
from quizzes.drawing import Quiz
from web import current, phrases
from web.widgets.persons import number

KINDS: dict[Kind, str] = {"try": "Percobaan tambahan", "time": "Tambahan waktu (menit)", "reopen": "Buka kembali"}
AMOUNT_LABELS: dict[Kind, str] = {
    "try": "Berapa percobaan (1 sampai 5)",
    "time": "Berapa menit (1 sampai 240)",
    "reopen": "Menit baru (1 sampai 240)",
}
PROBLEMS = {
    "once": "Kuis ini dikerjakan satu kali, tanpa nilai lulus. Percobaannya tidak dapat ditambah atau dibuka kembali.",
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


def first_choice(library: Library) -> tuple[str, str]:
    """Return the quiz that stands in the field at first: the usual programme's final one."""
    program = current.program()
    final = program.final_quiz
    return next((program.id, name) for name in library.quizzes[program.id] if final is None or name == final.ref)


def person_line(row: Row[*tuple[Any, ...]]) -> str:
    """Return one of the people found in a line to choose from."""
    return f"{row.name} · {number(row.nip) if row.nip else 'tanpa NIP'} · {row.unit_name or 'tanpa unit'}"


def promise(kind: Kind, amount: int, quiz: Quiz, name: str) -> str:
    """Return what an allowance gives, to be agreed to: Beri 1 percobaan Kuis akhir kepada Adi?"""
    given = {
        "try": f"Beri {amount} percobaan {quiz.title}",
        "time": f"Beri {amount} menit tambahan untuk {quiz.title}",
        "reopen": f"Buka kembali percobaan terakhir {quiz.title}"
        + (f" selama {amount} menit" if quiz.time_limit_minutes is not None else ""),
    }
    whose = "bagi" if kind == "reopen" else "kepada"
    return phrases.plain(f"{given[kind]} {whose} {name}?")


def allowance_row(row: Row[*tuple[Any, ...]], library: Library, zone: str) -> tuple[str, ...]:
    """Return the cells of one allowance that was given."""
    quiz = library.quizzes.get(row.program_id, {}).get(row.quiz_id)
    kind: Kind = row.kind
    return (
        row.name,
        quiz.title if quiz else row.quiz_id,
        KINDS[kind] if kind == "reopen" else f"{KINDS[kind]}: {row.amount}",
        row.reason,
        row.giver_name,
        f"{phrases.short_date(row.granted_at, zone)} {phrases.clock(row.granted_at, zone)}",
    )

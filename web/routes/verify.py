"""/v/<code>: anyone may check a certificate, without signing in, by its code or by comparing a file."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from certificates import verifying, wording
from certificates.records import Record
from certificates.verifying import Checked, TooLarge
from web import current, phrases
from web.html import page

Kind = Literal["bad", "warn", "ok"]
KINDS: dict[str, Kind] = {"valid": "ok", "superseded": "warn", "expired": "warn"}
SEVERITY: tuple[Kind, ...] = ("bad", "warn", "ok")
NO_CODE = "Berkas ini tidak memuat kode sertifikat yang dikenal."
TOO_LARGE = "Berkas lebih besar dari 5 MB. Sertifikat selalu lebih kecil."
NO_FILE = "Pilih berkas PDF dahulu."
SAME = "Berkas ini sama persis dengan yang diterbitkan."


@dataclass(frozen=True)
class Verdict:
    """One finding in words; the worst is shown first."""

    kind: Kind
    text: str


def by_code(request: Request) -> Response:
    """Show what a code stands for."""
    with current.read() as transaction:
        checked = verifying.check_code(transaction.db, code=request.path_params["code"], now=transaction.now)
    return _answer(checked)


async def by_file(request: Request) -> Response:
    """Compare an uploaded file with the issued one; nothing of it is kept."""
    async with request.form(max_files=1, max_fields=1) as form:
        upload = form.get("berkas")
        data = await upload.read(verifying.MOST_BYTES + 1) if isinstance(upload, UploadFile) else b""
    return await run_in_threadpool(_compare, request.path_params["code"], data)


def back(request: Request) -> Response:
    """Lead a reload of the comparison back to the certificate."""
    return RedirectResponse(f"/v/{request.path_params['code']}", 303)


def _compare(code: str, data: bytes) -> Response:
    with current.read() as transaction:
        asked = verifying.check_code(transaction.db, code=code, now=transaction.now)
        if not data:
            return _answer(asked, Verdict("warn", NO_FILE))
        try:
            found = verifying.check_file(transaction.db, data=data, now=transaction.now)
        except TooLarge:
            return _answer(asked, Verdict("bad", TOO_LARGE))
    return _answer(asked, _verdict_on_file(asked, found))


def _verdict_on_file(asked: Checked, found: Checked) -> Verdict:
    if found.certificate is None:
        return Verdict("bad", NO_CODE)
    if found.state == "altered":
        return Verdict("bad", verifying.reason(found))
    if asked.certificate is None or asked.certificate.id != found.certificate.id:
        return Verdict("warn", f"Berkas ini milik sertifikat lain, nomor {found.certificate.record.number}.")
    return Verdict("ok", SAME)


def _verdict(checked: Checked) -> Verdict:
    if checked.state == "valid" and checked.certificate and checked.certificate.record.is_example:
        return Verdict("warn", wording.EXAMPLE)
    return Verdict(KINDS.get(checked.state, "bad"), verifying.reason(checked))


def _answer(checked: Checked, on_file: Verdict | None = None) -> Response:
    verdicts = [_verdict(checked), *([on_file] if on_file else [])]
    record = checked.certificate.record if checked.certificate else None
    return page(
        "verify.html",
        status=200 if record else 404,
        verdicts=sorted(verdicts, key=lambda verdict: SEVERITY.index(verdict.kind)),
        fields=_fields(record) if record else [],
        record=record,
        site=urlsplit(current.settings().public_url).netloc,
    )


def _fields(record: Record) -> list[tuple[str, str]]:
    """Return every printed field as (label, words); names in full, numbers of persons masked."""
    zone = record.zone
    if record.nip:
        identity = "NIP", phrases.masked_nip(record.nip)
    else:
        identity = "ID pegawai", f"{(record.employee_id or '')[:2]}…{(record.employee_id or '')[-2:]}"
    fields = [
        ("Nama", record.name),
        identity,
        ("Jabatan", record.position),
        ("Unit", record.unit),
        ("Program", record.program_title),
        ("Tanggal selesai", phrases.long_date(record.completed_at, zone)),
        ("Jam pelajaran", f"{record.jp} ({record.jp_words}) JP"),
        ("Hasil", f"Lulus · {record.score_class} (ambang lulus {record.pass_mark})"),
        ("Nomor sertifikat", record.number),
        ("Penerbit", f"{record.issuer_unit}, {record.issuer_name}"),
        ("Tempat dan tanggal terbit", f"{record.city}, {phrases.long_date(record.issued_at, zone)}"),
        ("Penanda tangan", f"{record.signatory_name}, {record.signatory_office}"),
        ("NIP penanda tangan", phrases.masked_nip(record.signatory_nip)),
        ("Berlaku sampai dengan", wording.on_day(record.valid_until) if record.valid_until else "tanpa batas waktu"),
        ("Kondisi regulasi", f"per {wording.on_day(record.regulations_as_of)}"),
        ("Pakta integritas", f"disetujui {phrases.date_and_clock(record.pledge_signed_at, zone)}"),
        ("Pengenalan peserta", wording.ASSURANCES[record.assurance]),
        ("Kode", record.code),
    ]
    return [(label, words) for label, words in fields if words]


ROUTES = [
    Route("/v/{code}/berkas", by_file, methods=["POST"]),
    Route("/v/{code}/berkas", back, methods=["GET"]),
    Route("/v/{code:path}", by_code),
    Route("/V/{code:path}", by_code),
]

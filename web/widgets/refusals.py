"""Why there is no certificate yet, in words that say what to do."""

from certificates.refusals import (
    AssuranceTooLow,
    CannotIssue,
    IssuerNotSet,
    Lapsed,
    NotPassed,
    NotPledged,
    NotPrintable,
)

FIELDS = {
    "name": "nama Anda",
    "employee_id": "ID pegawai Anda",
    "position": "jabatan Anda",
    "unit": "nama unit Anda",
}
NO_CODE = (
    "Sertifikat ini hanya untuk akun yang diaktifkan dengan kode pribadi. Minta kode kepada SDM unit Anda, "
    "aktifkan akun, lalu setujui pakta ini sekali lagi."
)
DECLARED = (
    "Anda mendaftar sendiri, dan belum ada yang memastikan data Anda. Minta SDM unit Anda memastikannya dan memberi "
    "kode aktivasi. Sesudah akun aktif dengan kode itu, kerjakan kuis akhir sekali lagi: yang dijawab sebelum data "
    "Anda dipastikan tidak dihitung. Bacaan Anda tetap tersimpan."
)
HR_NO_CODE = (
    "Pakta disetujui dari akun yang belum diaktifkan dengan kode pribadi. Buat Kode baru di "
    "Daftar pegawai. Pegawai mengaktifkan akun dengan kode itu, lalu menyetujui pakta sekali lagi."
)
HR_DECLARED = (
    "Pegawai mendaftar sendiri. Pastikan orangnya, lalu buat Kode baru di Daftar pegawai. Sesudah "
    "mengaktifkan akun dengan kode itu, pegawai mengerjakan kuis akhir sekali lagi."
)
SHORT: dict[type[CannotIssue], str] = {
    NotPledged: "Pakta integritas belum disetujui.",
    NotPassed: "Kuis akhir belum lulus.",
}
PARTS = {"issuer": "penerbit", "signatory": "penanda tangan"}


def words(refusal: CannotIssue) -> str:
    """Return one or two sentences for the learner."""
    match refusal:
        case IssuerNotSet(missing=missing):
            parts = " dan ".join(PARTS[part] for part in missing)
            return (
                f"Sertifikat Anda menunggu {parts} ditetapkan. Daftar penyelesaian SDM menampilkan nama Anda. "
                "Pakta Anda tersimpan. Sesudah ditetapkan, buka Pakta integritas dan tekan Terbitkan sertifikat."
            )
        case AssuranceTooLow(have=have):
            return DECLARED if have == "declared" else NO_CODE
        case NotPrintable(field=field, letters=letters):
            where = FIELDS.get(field, f"isian {field} program")
            shown = " ".join(letter if letter.isprintable() else f"U+{ord(letter):04X}" for letter in letters)
            return f"Ada huruf pada {where} yang tidak dapat dicetak: {shown}. Minta SDM unit Anda memperbaikinya."
        case Lapsed(titles=titles):
            return f"Masa berlaku kuis berikut sudah lewat: {'; '.join(titles)}. Segarkan dahulu dari Beranda."
    return SHORT.get(type(refusal), "Sertifikat belum dapat diterbitkan.")


def mends_at_pledge(refusal: CannotIssue) -> bool:
    """Tell whether agreeing to the pledge is what is left; else it is another's turn, or something comes before."""
    return isinstance(refusal, AssuranceTooLow | NotPledged)


def for_hr(refusal: CannotIssue | None) -> str:
    """Return what HR or the administrator must do, and what the person does then."""
    then = "Pegawai lalu membuka Pakta integritas dan menekan Terbitkan sertifikat."
    match refusal:
        case IssuerNotSet(missing=missing):
            parts = " dan ".join(PARTS[part] for part in missing)
            return f"Penerbitan tertahan karena {parts} program masih contoh. Minta admin mengisinya. {then}"
        case Lapsed(titles=titles):
            return f"Pegawai perlu menyegarkan lagi: {'; '.join(titles)}. {then}"
        case AssuranceTooLow(have=have):
            return HR_DECLARED if have == "declared" else HR_NO_CODE
        case NotPrintable(field=field) if field in FIELDS:
            where = FIELDS[field].removesuffix(" Anda")
            return f"Ada huruf pada {where} yang tidak dapat dicetak. Perbaiki dan impor lagi daftar pegawai. {then}"
        case NotPrintable(field=field):
            return f"Ada huruf pada isian {field} program yang tidak dapat dicetak. Minta admin memperbaikinya. {then}"
    return f"Tidak ada yang tertahan. {then}"

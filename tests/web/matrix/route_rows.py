"""One row for each handler of `web.routes`. A new route without its row fails tests/web/matrix/test_routes.py.

How to add one: `"METHOD /path": Row(works=Ask(address, status, who), no_login=…, …)`. Each case is an `Ask`
with the status that must come back, or a sentence that says why the case does not apply. What {braces} may name
stands in test_routes.py.
"""

from tests.web.matrix.cases import Ask, Row

PUBLIC = "anybody may ask; the answer is the same for everyone"
WAY_IN = "this is the way in: nobody who uses it is signed in"
NO_PEOPLE = "shows nobody's data"
NO_ID = "the address carries no id"
OWN_ACCOUNT = "it works on the account of the cookie alone"
ANY_ROLE = "whoever is signed in may leave"
SIGN_IN = "/masuk"
CODES = "/masuk?next=%2Fpegawai"


def _public(works: str, *, bad: Ask | str = NO_ID, unknown: Ask | str = NO_ID, says: str = "") -> Row:
    return Row(Ask(works, 200, says=says), PUBLIC, PUBLIC, NO_PEOPLE, bad, unknown)


def _agency(address: str) -> Row:
    """Without a provider in the settings there is no such way, for nobody; with one: tests/web/test_sso.py."""
    return Row(Ask(address, 404), WAY_IN, Ask(address, 404, "admin"), NO_PEOPLE, NO_ID, NO_ID)


def _claim(identifier: str, unit: str) -> dict[str, str]:
    return {"nip": identifier, "nama": "Orang Baru", "unit": unit, "sandi": "{fresh}"}


def _certificate(kind: str) -> Row:
    mine = f"/sertifikat/{{sari_certificate}}.{kind}"
    return Row(
        works=Ask(mine, 200, "sari"),
        no_login=Ask(mine, 303, to=SIGN_IN),
        wrong_role=Ask(mine, 404, "ratna"),
        other_unit=Ask(f"/sertifikat/{{bima_certificate}}.{kind}", 404, "hadi"),
        bad_id=Ask(f"/sertifikat/..%2f..%2fcookie-secret.{kind}", 404, "hadi"),
        unknown_id=Ask(f"/sertifikat/{'0' * 32}.{kind}", 404, "admin"),
    )


def _verification(prefix: str) -> Row:
    return Row(
        works=Ask(f"/{prefix}/{{code}}", 200, says="800/"),
        no_login=PUBLIC,
        wrong_role=PUBLIC,
        other_unit="a certificate is genuine for everybody or for nobody",
        bad_id=Ask(f"/{prefix}/..%2f..%2f<script>", 404),
        unknown_id=Ask(f"/{prefix}/{'0' * 26}", 404),
    )


ROWS: dict[str, Row] = {
    "GET /aset/{name:path}": _public(
        "/aset/emblem.svg", bad=Ask("/aset/..%2f..%2fsettings.py", 404), unknown=Ask("/aset/tidak-ada.css", 404)
    ),
    "GET /healthz": _public("/healthz", says="ok"),
    "GET /readyz": _public("/readyz", says="ok"),
    "GET /masuk": Row(
        works=Ask("/masuk", 200, says="Masuk"),
        no_login=WAY_IN,
        wrong_role=Ask("/masuk?next=%2Fperan", 303, "sari", to="/peran"),  # that page refuses by itself
        other_unit=NO_PEOPLE,
        bad_id=Ask("/masuk?next=https%3A%2F%2Fjahat.example", 303, "sari", to="/"),
        unknown_id=Ask("/masuk?next=%2Ftidak-ada", 303, "sari", to="/"),
    ),
    "POST /masuk": Row(
        works=Ask("/masuk", 303, fields={"nip": "{sari_nip}", "sandi": "{password}"}, to="/"),
        no_login=WAY_IN,
        wrong_role=WAY_IN,
        other_unit=Ask("/masuk", 401, fields={"nip": "{bima_nip}", "sandi": "{password}"}),
        bad_id=Ask("/masuk", 401, fields={"nip": "\0'; --", "sandi": "{password}"}),
        unknown_id=Ask("/masuk", 401, fields={"nip": "199001012015032999", "sandi": "{password}"}),
    ),
    "GET /masuk/dua-langkah": Row(
        works=Ask("/masuk/dua-langkah", 200, "ratna_half", says="Pasang"),
        no_login=Ask("/masuk/dua-langkah", 303, to=SIGN_IN),
        wrong_role=Ask("/masuk/dua-langkah?next=%2Fakun", 303, "sari", to="/akun"),  # nothing to show there
        other_unit=OWN_ACCOUNT,
        bad_id=Ask("/masuk/dua-langkah?next=%2F%2Fjahat.example", 303, "sari", to="/"),
        unknown_id=NO_ID,
    ),
    "POST /masuk/dua-langkah": Row(
        works=Ask("/masuk/dua-langkah", 200, "ratna_half", fields={"kode": "{totp}"}, says="Simpan kode pemulihan"),
        no_login=Ask("/masuk/dua-langkah", 303, fields={"kode": "{totp}"}, to=SIGN_IN),
        wrong_role=Ask("/masuk/dua-langkah", 303, "sari", fields={"kode": "{totp}"}, to="/"),
        other_unit=OWN_ACCOUNT,
        bad_id=Ask("/masuk/dua-langkah", 401, "ratna_half", fields={"kode": "\0' OR 1=1"}),
        unknown_id=Ask("/masuk/dua-langkah", 401, "ratna_half", fields={"kode": "000000"}),
    ),
    "GET /masuk/ulang": Row(
        works=Ask("/masuk/ulang?next=%2Fperan", 200, "admin", says='value="/peran"'),
        no_login=Ask("/masuk/ulang", 303, to=SIGN_IN),
        wrong_role=Ask("/masuk/ulang", 303, "ratna_half", to="/masuk/dua-langkah"),
        other_unit=OWN_ACCOUNT,
        bad_id=Ask("/masuk/ulang?next=%2F%2Fjahat.example", 200, "admin", says='value="/"'),
        unknown_id=Ask("/masuk/ulang?next=%2Ftidak-ada", 200, "admin", says='value="/"'),
    ),
    "POST /masuk/ulang": Row(
        works=Ask("/masuk/ulang", 303, "sari", fields={"sandi": "{password}", "next": "/akun"}, to="/akun"),
        no_login=Ask("/masuk/ulang", 303, fields={"sandi": "{password}"}, to=SIGN_IN),
        wrong_role=Ask("/masuk/ulang", 303, "ratna_half", fields={"sandi": "{password}"}, to="/masuk/dua-langkah"),
        other_unit=OWN_ACCOUNT,
        bad_id=Ask("/masuk/ulang", 401, "sari", fields={"sandi": "\0' OR 1=1"}),
        unknown_id=Ask("/masuk/ulang", 401, "sari", fields={"sandi": "bukan kata sandinya"}),
    ),
    "GET /masuk/kode-pemulihan": Row(
        works=Ask("/masuk/kode-pemulihan", 200, "hadi", says="Buat kode pemulihan baru"),
        no_login=Ask("/masuk/kode-pemulihan", 303, to=SIGN_IN),
        wrong_role=Ask("/masuk/kode-pemulihan", 303, "sari", to="/akun"),  # there is no second factor to stand in for
        other_unit=OWN_ACCOUNT,
        bad_id=NO_ID,
        unknown_id=NO_ID,
    ),
    "POST /masuk/kode-pemulihan": Row(
        works=Ask("/masuk/kode-pemulihan", 200, "hadi", fields={}, says="Kode yang lama tidak berlaku lagi"),
        no_login=Ask("/masuk/kode-pemulihan", 303, fields={}, to=SIGN_IN),
        wrong_role=Ask("/masuk/kode-pemulihan", 303, "sari", fields={}, to="/akun"),
        other_unit=OWN_ACCOUNT,
        bad_id=NO_ID,
        unknown_id=NO_ID,
    ),
    "GET /masuk/instansi": _agency("/masuk/instansi?next=%2Fperan"),
    "GET /masuk/kembali": _agency("/masuk/kembali?code=x&state=y"),
    "GET /aktivasi": _public("/aktivasi", says="Aktifkan"),
    "POST /aktivasi": Row(
        works=Ask("/aktivasi", 303, fields={"nip": "{sari_nip}", "kode": "{activation}", "sandi": "{fresh}"}, to="/"),
        no_login=WAY_IN,
        wrong_role=WAY_IN,
        other_unit=Ask("/aktivasi", 422, fields={"nip": "{bima_nip}", "kode": "{activation}", "sandi": "{fresh}"}),
        bad_id=Ask("/aktivasi", 422, fields={"nip": "{sari_nip}", "kode": "\0' OR 1=1", "sandi": "{fresh}"}),
        unknown_id=Ask("/aktivasi", 422, fields={"nip": "{sari_nip}", "kode": "0" * 18, "sandi": "{fresh}"}),
    ),
    "GET /daftar": Row(
        works=Ask("/daftar", 200, says="Pilih unit"),
        no_login=PUBLIC,
        wrong_role=PUBLIC,
        other_unit=NO_PEOPLE,
        # Few units: all stand in the form. Many, where an unknown one is 404: tests/web/test_many_units.py.
        bad_id=Ask("/daftar?unit=-1%20OR%201=1&cari=%00'%3B--", 200, says="Pilih unit"),
        unknown_id=Ask("/daftar?unit=999999", 200, says="Pilih unit"),
    ),
    "POST /daftar": Row(
        works=Ask("/daftar", 200, fields=_claim("199001012020121999", "{sari_unit}"), says="Pendaftaran diterima"),
        no_login=PUBLIC,
        wrong_role="whoever has an account already changes nothing either",
        other_unit=Ask("/daftar", 200, fields=_claim("{bima_nip}", "{sari_unit}"), says="Pendaftaran diterima"),
        bad_id=Ask("/daftar", 422, fields=_claim("\0' OR 1=1", "-1")),
        unknown_id=Ask("/daftar", 422, fields=_claim("199001012020121999", "999999")),
    ),
    "GET /keluar": Row(
        Ask("/keluar", 200, "sari", says="Keluar"), Ask("/keluar", 303, to=SIGN_IN), ANY_ROLE, NO_PEOPLE, NO_ID, NO_ID
    ),
    "POST /keluar": Row(
        works=Ask("/keluar", 303, "sari", fields={}, to="/masuk?keluar=1"),
        no_login=Ask("/keluar", 303, fields={}, to="/masuk?keluar=1"),
        wrong_role=ANY_ROLE,
        other_unit="it ends the session of the cookie alone",
        bad_id=NO_ID,
        unknown_id=NO_ID,
    ),
    "GET /kode-aktivasi": Row(
        works=Ask("/kode-aktivasi?person={sari}", 200, "hadi", says="Sari"),
        no_login=Ask("/kode-aktivasi?person={sari}", 303, to=CODES),
        wrong_role=Ask("/kode-aktivasi?person={sari}", 403, "ratna"),
        other_unit=Ask("/kode-aktivasi?person={bima}", 404, "hadi"),
        bad_id=Ask("/kode-aktivasi?person=1%20OR%201=1", 404, "admin"),
        unknown_id=Ask("/kode-aktivasi?person=999999", 404, "admin"),
    ),
    "POST /kode-aktivasi": Row(
        works=Ask("/kode-aktivasi", 200, "hadi", fields={"person": "{sari}", "seen": "{seen}"}, says="Sari"),
        no_login=Ask("/kode-aktivasi", 303, fields={"unit": "{sari_unit}"}, to=CODES),
        wrong_role=Ask("/kode-aktivasi", 403, "ratna", fields={"unit": "{sari_unit}"}),
        other_unit=Ask("/kode-aktivasi", 403, "hadi", fields={"unit": "{bima_unit}"}),
        bad_id=Ask("/kode-aktivasi", 404, "admin", fields={"unit": "-1"}),
        unknown_id=Ask("/kode-aktivasi", 404, "admin", fields={"person": "999999"}),
    ),
    "GET /mulai": Row(
        works=Ask("/mulai", 200, says="data contoh"),
        no_login=Ask("/mulai", 404),
        wrong_role=Ask("/mulai", 404, "admin"),
        other_unit="it asks for the machine, not for the unit: tests/web/test_example.py",
        bad_id=NO_ID,
        unknown_id=NO_ID,
        emptied=True,
    ),
    "POST /mulai": Row(
        works=Ask("/mulai", 303, fields={"peran": "hadi"}, to="/"),
        no_login=Ask("/mulai", 404, fields={"peran": "hadi"}),
        wrong_role=Ask("/mulai", 404, "admin", fields={"peran": "admin"}),
        other_unit="it asks for the machine, not for the unit: tests/web/test_example.py",
        bad_id=Ask("/mulai", 404, fields={"peran": "../"}),
        unknown_id=Ask("/mulai", 404, fields={"peran": "bima"}),
        emptied=True,
    ),
    "GET /unduh/{export_id}": Row(
        works=Ask("/unduh/{hadi_export}", 200, "hadi", says="Sari"),
        no_login=Ask("/unduh/{hadi_export}", 303, to=SIGN_IN),
        wrong_role=Ask("/unduh/{ratna_export}", 403, "ratna"),  # asked for while she still had the role
        other_unit=Ask("/unduh/{hadi_export_of_bima}", 200, "hadi"),
        bad_id=Ask("/unduh/..%2f..%2fcookie-secret", 404, "hadi"),
        unknown_id=Ask("/unduh/AAAAAAAAAAAAAAAAAAAAAA", 404, "hadi"),
    ),
    "GET /v/{code:path}": _verification("v"),
    "GET /V/{code:path}": _verification("V"),
    "POST /v/{code}/berkas": Row(
        works=Ask("/v/{code}/berkas", 200, file=b"%PDF-1.7", says="800/"),
        no_login=PUBLIC,
        wrong_role=PUBLIC,
        other_unit="a certificate is genuine for everybody or for nobody",
        bad_id=Ask("/v/'%20OR%201=1/berkas", 404, file=b"MZ\0"),
        unknown_id=Ask(f"/v/{'0' * 26}/berkas", 404, file=b""),
    ),
    "GET /v/{code}/berkas": Row(
        works=Ask("/v/{code}/berkas", 303, to="/v/{code}"),
        no_login=PUBLIC,
        wrong_role=PUBLIC,
        other_unit=NO_PEOPLE,
        bad_id=Ask("/v/https:jahat.example/berkas", 303, to="/v/https:jahat.example"),
        unknown_id=Ask("/v/000/berkas", 303, to="/v/000"),
    ),
    "GET /sertifikat/{certificate_id}.pdf": _certificate("pdf"),
    "GET /sertifikat/{certificate_id}.png": _certificate("png"),
    "GET /{path:not_streamlit}": Row(
        works=Ask("/", 200, "sari", says='<html lang="id">'),
        no_login=Ask("/", 303, to=SIGN_IN),
        wrong_role="this is the same empty frame for everybody; what stands in it is the matrix of pages",
        other_unit=NO_PEOPLE,
        bad_id=Ask("/..%2f..%2fsettings.py", 404, "sari"),
        unknown_id=Ask("/tidak-ada", 404, "sari"),
    ),
}

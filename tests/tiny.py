"""A content root of one programme, small enough to read at a glance and without any finding."""

from datetime import date
from pathlib import Path

BODY = "\n\n".join(["Pegawai yang netral melayani setiap warga dengan cara sama setiap hari kerja."] * 12)

TODAY = date(2026, 11, 28)
"""When the tests look at content: some days after it was checked."""

FILES = {
    "modules/content/dasar-hukum.yaml": """\
as_of: 2026-11-21
bases:
  - id: uu-1
    instrument: UU Nomor 1
    article: Pasal 1
    text: Setiap pegawai wajib netral.
    in_force_from: 2020-01-01
  - id: uu-2
    instrument: UU Nomor 2
    text: Setiap pegawai melayani semua warga.
    in_force_from: 2020-01-01
""",
    "modules/content/uji/program.yaml": """\
title: Program uji
certificate_title: Sosialisasi uji
summary: Program kecil untuk menguji pemeriksaan.
number_format: "800/{sequence:04d}/{code}/{year}"
steps:
  - {id: tes, kind: quiz, ref: tes, title: Tes awal, minutes: 5}
  - {id: baca, kind: module, ref: baca, title: Membaca}
  - {id: cerita, kind: scenario, ref: cerita, title: Cerita, minutes: 5}
  - {id: akhir, kind: quiz, ref: akhir, title: Kuis akhir, minutes: 40}
  - {id: pakta, kind: pledge, title: Pakta integritas}
  - {id: sertifikat, kind: certificate, title: Sertifikat}
materials:
  - {title: Materi uji, jp: 1}
issuer: {name: Kabupaten Uji, unit: Badan Uji, code: UJI, city: Uji, zone: Asia/Jakarta}
signatory: {name: Pejabat Uji, office: Kepala Badan, nip: "197203101998032991"}
pledge:
  version: 1
  title: Pakta
  intro: Saya menyatakan komitmen berikut.
  points: [Saya netral., Saya jujur., Saya melayani semua warga.]
""",
    "modules/content/uji/baca/module.yaml": """\
title: Membaca
summary: Modul kecil untuk menguji.
objectives: [Mengenal arti netral.]
sections:
  - satu
takeaways: [Netral setiap hari.]
""",
    "modules/content/uji/baca/satu.md": f"""\
---
title: Bagian satu
basis: [uu-1]
drawing: gambar-ponsel.svg
check:
  stem: Apa arti netral bagi pegawai?
  options:
    - text: Tidak berpihak.
      correct: true
      why: Netral berarti tidak berpihak.
    - text: Tidak memilih.
      why: Hak pilih tetap ada.
---
{BODY}
""",
    "modules/content/uji/baca/sorting.yaml": """\
title: Boleh atau tidak?
intro: Pilih satu jawaban.
cards:
  - {id: a, text: Menonton debat., phase: C, ruling: boleh, why: Mencari informasi adalah hak., basis: [uu-1]}
  - {id: b, text: Memasang spanduk., phase: C, ruling: dilarang, why: Itu menunjukkan dukungan., basis: [uu-1]}
  - {id: c, text: Memilih di TPS., phase: H, ruling: boleh, why: Memilih adalah hak., basis: [uu-1]}
  - {id: d, text: Menyukai unggahan., phase: C, ruling: dilarang, why: Itu menunjukkan dukungan., basis: [uu-2]}
""",
    "quizzes/content/labels.yaml": """\
topics:
  sikap: Sikap netral
misconceptions:
  - id: suka-bukan-dukungan
    name: Menyukai bukan dukungan
    correction: Tanda suka adalah dukungan.
""",
    "quizzes/content/uji/quizzes.yaml": """\
quizzes:
  - id: tes
    title: Tes awal
    intro: Dua soal.
    quotas:
      - {topic: sikap, count: 2}
  - id: akhir
    title: Kuis akhir
    intro: Tiga soal.
    pass_mark: 70
    scenarios: {among: [undangan]}
    quotas:
      - {topic: sikap, count: 3}
""",
    "quizzes/content/scenarios/cerita.yaml": """\
title: Cerita uji
phase: C
story: Anda pegawai dan mendapat undangan dari seorang teman.
lesson: Menolak dengan sopan adalah langkah yang aman.
maximum: 3
start: tiba
nodes:
  tiba:
    title: Tiba
    text: Anda tiba dan melihat spanduk dukungan.
    choices:
      - {id: pulang, text: Pulang saja., consequence: Anda pulang dengan tenang., basis: [uu-1], next: aman}
      - {id: masuk, text: Masuk saja., consequence: Anda masuk dan difoto., basis: [uu-1], lost: 1, next: foto}
  foto:
    title: Foto
    text: Anda diminta berfoto bersama panitia.
    choices:
      - {id: tolak, text: Menolak foto., consequence: Anda menolak dengan sopan., basis: [uu-1], next: aman}
      - {id: ikut, text: Ikut berfoto., consequence: Foto Anda menyebar luas., basis: [uu-2], lost: 2, next: buruk}
endings:
  aman: {title: Aman, text: Anda tetap dipercaya warga., tone: aman}
  buruk: {title: Buruk, text: Anda diperiksa oleh atasan., tone: melanggar}
""",
    "quizzes/content/scenarios/undangan.yaml": """\
title: Undangan uji
phase: C
story: Anda pegawai dan diminta membagikan undangan di kantor.
lesson: Kantor bukan tempat membagikan undangan kampanye.
maximum: 2
start: diminta
nodes:
  diminta:
    title: Diminta
    text: Seorang teman menitipkan undangan kampanye.
    choices:
      - {id: tolak, text: Menolak titipan., consequence: Teman Anda memahaminya., basis: [uu-1], next: usai}
      - {id: terima, text: Menerima titipan., consequence: Undangannya Anda pegang., basis: [uu-1], lost: 1, next: meja}
  meja:
    title: Meja
    text: Undangan itu kini terletak di meja Anda.
    choices:
      - {id: buang, text: Mengembalikannya., consequence: Teman Anda mengambilnya., basis: [uu-2], next: usai}
      - {id: bagi, text: Membagikannya., consequence: Rekan Anda melaporkannya., basis: [uu-2], lost: 1, next: usai}
endings:
  usai: {title: Selesai, text: Anda kembali bekerja seperti biasa., tone: aman}
""",
}


def item(name: str, stem: str, options: tuple[str, str, str], right: int, form: str) -> str:
    """Return one item of the bank as it is written."""
    lines = [
        f"  - id: {name}",
        "    type: single",
        "    topic: sikap",
        "    phase: C",
        "    objective: Menilai sikap pegawai",
        "    difficulty: mudah",
        "    section: baca/satu",
        f"    form: {form}",
        f"    stem: {stem}",
        "    options:",
    ]
    for number, text in enumerate(options):
        lines += [f"      - text: {text}", "        why: Begitulah bunyi aturannya.", "        basis: [uu-1]"]
        if number == right:
            lines.append("        correct: true")
        elif name == "soal-satu":
            lines.append("        misconception: suka-bukan-dukungan")
    return "\n".join(lines)


FILES["quizzes/content/bank/sikap.yaml"] = "\n".join(
    (
        "items:",
        item("soal-satu", "Apakah menyukai unggahan calon melanggar?", ("Ya.", "Kadang-kadang.", "Tidak."), 0, "A"),
        item("soal-dua", "Siapa yang boleh menonton debat?", ("Kepala dinas.", "Siapa pun.", "Honorer."), 1, "B"),
        item("soal-tiga", "Di mana pegawai memilih?", ("Di kantor kecamatan.", "Di rumah.", "Di TPS."), 2, "A"),
        item(
            "soal-empat",
            "Kapan kewajiban netral berlaku?",
            ("Selalu dan di mana pun.", "Siang.", "Malam."),
            0,
            "B",
        ),
        "",
    )
)


def build(root: Path, changed: dict[str, str] | None = None) -> Path:
    """Write the tiny content below a folder, some files with another text."""
    for name, text in (FILES | (changed or {})).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")
    return root

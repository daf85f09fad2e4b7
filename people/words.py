"""Indonesian words for every refusal and warning of this room, by code: what is wrong, and how to mend it."""

NIP = {
    "nip_empty": ("NIP kosong.", "Isi NIP 18 angka."),
    "nip_rounded": ("angka ini telah dibulatkan Excel.", "Ubah kolom menjadi Teks, tempel ulang NIP, lalu impor lagi."),
    "nip_not_digits": (
        "NIP hanya boleh berisi angka 0–9.",
        "Periksa huruf atau tanda yang terselip, lalu ketik ulang.",
    ),
    "nip_old": ("ini NIP lama yang terdiri atas 9 angka.", "Gunakan NIP 18 angka."),
    "nip_nik": ("16 angka ini tampak seperti NIK, dan NIK tidak disimpan.", "Isi NIP, atau gunakan kolom ID Pegawai."),
    "nip_length": ("NIP harus terdiri atas 18 angka.", "Periksa angka yang kurang atau lebih."),
    "nip_birth": ("angka 1–8 bukan tanggal lahir yang ada pada kalender.", "Periksa NIP pada SK pengangkatan."),
    "nip_birth_future": ("tanggal lahir dalam NIP belum terjadi.", "Periksa angka 1–8."),
    "nip_year": ("tahun pengangkatan (angka 9–12) tidak masuk akal.", "Periksa NIP pada SK pengangkatan."),
    "nip_sex": ("angka ke-15 harus 1 atau 2.", "Periksa NIP pada SK pengangkatan."),
    "nip_age": ("umur saat diangkat kurang dari 17 atau lebih dari 60 tahun.", "Periksa angka 1–14."),
    "nip_month": ("angka 13–14 bukan bulan dan bukan kode PPPK.", "Periksa angka 13–14."),
    "nip_serial": (
        "tiga angka terakhir 000: nomor urut biasanya mulai dari 001.",
        "Cocokkan NIP dengan SK pengangkatan.",
    ),
    "nip_zeros": (
        "tiga angka terakhir 000: angka ini telah dibulatkan Excel.",
        "Ubah kolom menjadi Teks, tempel ulang NIP, lalu impor lagi. "
        "Bila SK memang menyebut 000, tulis berkelompok: 19850315 201001 1 000.",
    ),
    "nip_birth_differs": ("tanggal lahir berbeda dari tanggal dalam NIP.", "Periksa mana yang benar."),
    "nip_sex_differs": ("jenis kelamin berbeda dari angka ke-15 NIP.", "Periksa mana yang benar."),
}
ROW = {
    "cell_long": ("isi sel lebih dari 2.000 karakter.", "Persingkat isinya."),
    "name_empty": ("nama kosong.", "Isi nama pegawai."),
    "name_long": ("nama lebih dari 200 karakter.", "Persingkat nama."),
    "unit_empty": ("unit kerja kosong.", "Isi unit kerja pegawai."),
    "unit_long": ("nama unit lebih dari 200 karakter.", "Persingkat nama unit."),
    "unit_outside": ("unit ini di luar lingkup Anda.", "Minta admin mengimpor baris ini atau memberi Anda unit ini."),
    "unit_unclear": ("beberapa unit memakai nama ini.", "Isi kolom Instansi agar unitnya jelas."),
    "person_outside": (
        "pegawai ini tercatat di unit lain di luar lingkup Anda.",
        "Minta admin memindahkan pegawai ini.",
    ),
    "cells_many": (
        "baris ini memuat lebih banyak kolom daripada judulnya.",
        "Beri tanda kutip pada isi yang memuat tanda pemisah.",
    ),
    "duplicate": ("sama dengan baris {other}.", "Hapus salah satu baris."),
    "duplicate_name": ("nama dan unit sama dengan baris {other}.", "Isi kolom ID Pegawai untuk membedakan keduanya."),
    "text_nik": ("16 angka di dalamnya tampak seperti NIK, dan NIK tidak disimpan.", "Hapus angka itu."),
    "position_nik": (
        "16 angka dalam jabatan tampak seperti NIK; jabatan tidak disimpan.",
        "Hapus angka itu, lalu impor lagi.",
    ),
    "email_nik": ("16 angka dalam email tampak seperti NIK; email tidak disimpan.", "Isi alamat email yang lain."),
    "phone_nik": ("16 angka pada nomor HP tampak seperti NIK; nomor tidak disimpan.", "Periksa nomor HP."),
    "id_is_nip": ("ID Pegawai tidak boleh berupa 18 angka.", "Pindahkan angka ini ke kolom NIP."),
    "id_is_nik": ("16 angka ini tampak seperti NIK, dan NIK tidak disimpan.", "Isi nomor pegawai yang lain."),
    "claim_zeros": ("tiga angka terakhir 000: biasanya NIP yang dibulatkan Excel.", "Salin NIP dari SK pengangkatan."),
    "claim_nik": (
        "16 angka ini tampak seperti NIK, dan NIK tidak disimpan.",
        "Isi NIP 18 angka. Bila Anda tidak punya NIP, isi nomor pegawai dari kantor Anda.",
    ),
    "id_rounded": ("angka ini telah dibulatkan Excel.", "Ubah kolom menjadi Teks, tempel ulang ID, lalu impor lagi."),
    "id_long": ("ID Pegawai lebih dari 40 karakter.", "Periksa isi kolom."),
    "id_taken": ("ID Pegawai ini dipakai pegawai lain.", "Periksa ID Pegawai."),
    "asn_without_nip": ("jenis pegawai ASN, tetapi NIP kosong.", "Isi NIP 18 angka."),
    "non_asn_with_nip": ("jenis pegawai non-ASN, tetapi NIP terisi.", "Periksa kolom NIP dan jenis pegawai."),
    "kind_differs": ("jenis pegawai berbeda dari NIP; yang dipakai NIP.", "Periksa kolom jenis pegawai."),
    "id_made": ("tanpa NIP dan ID: dicatat sebagai non-ASN dengan ID {made}.", "Isi NIP bila pegawai ini ASN."),
    "name_elsewhere": (
        "nama ini tercatat juga di unit lain tanpa NIP dan ID; dicatat sebagai orang baru.",
        "Bila orangnya sama, sertakan unit lamanya dalam berkas, atau isi ID Pegawai dengan ID yang sudah ada.",
    ),
    "name_here": (
        "nama ini tercatat juga di unit ini tanpa NIP dan ID; belum jelas siapa orangnya, dicatat sebagai orang baru.",
        "Bila orangnya sama, isi ID Pegawai dengan ID yang sudah ada.",
    ),
    "birth_unread": ("tanggal lahir tidak terbaca.", "Tulis seperti 15/03/1985."),
    "email_odd": ("alamat email tidak dikenali dan tidak disimpan.", "Periksa alamat email."),
    "phone_odd": ("nomor HP tidak dikenali dan tidak disimpan.", "Periksa nomor HP."),
}
FILE = {
    "file_empty": ("Berkas kosong.", "Pilih berkas lain."),
    "file_large": ("Berkas lebih dari 10 MB.", "Bagi menjadi beberapa berkas."),
    "file_kind": ("Berkas ini bukan XLSX atau CSV.", "Simpan sebagai XLSX atau CSV, lalu impor lagi."),
    "file_old_excel": ("Berkas XLS lama tidak dapat dibaca.", "Di Excel pilih Simpan Sebagai, lalu XLSX."),
    "file_locked": ("Berkas ini dikunci kata sandi.", "Hapus kata sandinya, simpan, lalu impor lagi."),
    "file_bomb": ("Isi berkas XLSX ini tidak wajar besarnya.", "Salin tabel ke berkas XLSX baru, lalu impor lagi."),
    "file_entity": ("Berkas XLSX ini memuat definisi DTD yang berbahaya.", "Salin tabel ke berkas XLSX baru."),
    "file_broken": ("Berkas ini rusak atau tidak dapat dibaca.", "Buka di Excel, simpan ulang, lalu impor lagi."),
    "file_quote": ("Baris {other}: tanda kutip tidak ditutup.", "Periksa tanda kutip pada baris itu, lalu impor lagi."),
    "file_encoding": ("Pengodean huruf berkas ini tidak dikenal.", "Simpan sebagai CSV UTF-8 atau XLSX."),
    "file_rows": ("Berkas ini lebih dari 60.000 baris.", "Bagi menjadi beberapa berkas."),
    "file_sheets": (
        "Daftar pegawai ada pada beberapa lembar: {other}.",
        "Gabungkan menjadi satu lembar, atau hapus lembar lama atau contoh, lalu impor lagi.",
    ),
    "file_columns": ("Baris {other} terlalu panjang.", "Sisakan hanya kolom yang diperlukan."),
    "header_missing": (
        "Baris judul tidak ditemukan.",
        "Beri judul kolom paling sedikit: NIP atau ID Pegawai, Nama, Unit Kerja.",
    ),
    "header_name": ("Kolom Nama tidak ditemukan.", "Tambahkan kolom berjudul Nama."),
    "header_unit": ("Kolom Unit Kerja tidak ditemukan.", "Tambahkan kolom berjudul Unit Kerja."),
    "header_key": ("Kolom NIP atau ID Pegawai tidak ditemukan.", "Tambahkan salah satu kolom itu."),
    "header_twice": ("Dua kolom berjudul sama artinya: {other}.", "Sisakan satu di antaranya."),
}
PASSWORD = {
    "password_short": (
        "Kata sandi kurang dari {least} karakter.",
        "Gunakan paling sedikit {least} karakter, misalnya 4 kata.",
    ),
    "password_long": ("Kata sandi lebih dari 256 karakter.", "Gunakan paling banyak 256 karakter."),
    "password_common": ("Kata sandi ini mudah ditebak.", "Gunakan beberapa kata yang tidak berkaitan."),
    "password_personal": ("Kata sandi ini tersusun dari NIP atau nama Anda.", "Gunakan kata lain."),
}
ALL = {**NIP, **ROW, **FILE, **PASSWORD}


def sentence(code: str, *, row: int = 0, column: str = "", **values: object) -> str:
    """Baris 4, kolom NIP: angka ini telah dibulatkan Excel. Ubah kolom menjadi Teks, … ; without row, the file's."""
    reason, mend = (text.format(**values) for text in ALL[code])
    if not row:
        return f"{reason} {mend}"
    place = f"Baris {row}, kolom {column}" if column else f"Baris {row}"
    return f"{place}: {reason} {mend}"

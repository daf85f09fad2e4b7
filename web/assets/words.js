// Streamlit has no translations: this puts its own English words into Indonesian, from a fixed list.
// It reads only what has just been drawn, changes whole texts alone, and leaves what our pages wrote as it is.
(() => {
  "use strict";

  // Calendars speak the language of the phone, many of which are set to English. Streamlit asks once, after us.
  Object.defineProperty(navigator, "language", { value: "id-ID", configurable: true });

  const WORDS = new Map(Object.entries({
    // connection and runs
    "Connection error": "Sambungan terputus",
    "Streamlit server is not responding. Are you connected to the internet?":
      "Jawaban yang sudah tersimpan aman. Menyambung kembali… Periksa jaringan Anda.",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
      "Jawaban yang sudah tersimpan aman. Menyambung kembali… Server di komputer ini berhenti; jalankan lagi dengan:",
    "streamlit run yourscript.py": "make run",
    "Connection timed out.": "Server terlalu lama tidak menjawab. Menyambung kembali…",
    "Connection lost. Please wait for the app to reconnect, then try again.":
      "Sambungan terputus. Tunggu sampai tersambung kembali, lalu coba lagi.",
    "settings.": "",
    "Connecting": "Menyambung…",
    "Connecting to Streamlit server": "Menyambung ke server",
    "Unable to connect to Streamlit server": "Tidak dapat menyambung ke server",
    "Error": "Perhatian",
    "Error:": "Perhatian:",
    "Running...": "Memproses…",
    "Stopping...": "Menghentikan…",
    "Stop": "Hentikan",
    "Please wait...": "Mohon tunggu…",
    "Loading...": "Memuat…",
    "Loading": "Memuat",
    // our middleware answers unknown addresses: what is missing here is a page of other roles
    "Page not found": "Bukan untuk peran Anda",
    "The page that you have requested does not seem to exist. Running the app's main page.":
      "Halaman ini bukan untuk peran Anda. Beranda ditampilkan.",
    "Script execution error": "Terjadi gangguan",
    "Bad message format": "Terjadi gangguan",
    "An error has occurred, please try again.": "Terjadi gangguan. Coba lagi.",
    "Try again": "Coba lagi",
    "Unknown error": "Gangguan yang tidak dikenal",
    // frame and menu
    "Skip to main content": "Langsung ke isi halaman",
    "App pages": "Halaman",
    "Sidebar": "Menu samping",
    "Expand sidebar": "Buka menu",
    "Collapse sidebar": "Tutup menu",
    "Navigate to home page": "Ke beranda",
    "View less": "Lebih sedikit",
    "Link to heading": "Tautan ke judul ini",
    "Main menu": "Menu utama",
    "Print": "Cetak",
    "Settings": "Setelan",
    "Rerun": "Muat ulang",
    "Always rerun": "Selalu muat ulang",
    "Clear cache": "Kosongkan tembolok",
    "About": "Tentang",
    "Get help": "Bantuan",
    "Report a bug": "Laporkan gangguan",
    "Theme": "Tampilan",
    "System": "Ikuti perangkat",
    "Light": "Terang",
    "Dark": "Gelap",
    "Close": "Tutup",
    "Dismiss": "Tutup",
    "Cancel": "Batal",
    "Copy": "Salin",
    "Copied": "Tersalin",
    "Copy to clipboard": "Salin",
    "Fullscreen": "Layar penuh",
    "Close fullscreen": "Tutup layar penuh",
    "Notifications": "Pemberitahuan",
    "progress": "kemajuan",
    // fields
    "Choose an option": "Pilih satu",
    "No options to select": "Tidak ada pilihan",
    "No options to select.": "Tidak ada pilihan.",
    "No results": "Tidak ditemukan",
    "Open": "Buka pilihan",
    "Suggestions": "Pilihan",
    "Show suggestions": "Tampilkan pilihan",
    "Clear value": "Kosongkan",
    "Clear entry": "Kosongkan",
    "Clear date": "Kosongkan tanggal",
    "Choose date": "Pilih tanggal",
    "Calendar": "Kalender",
    "Previous": "Sebelumnya",
    "Next": "Berikutnya",
    "Previous month": "Bulan sebelumnya",
    "Next month": "Bulan berikutnya",
    "Previous year": "Tahun sebelumnya",
    "Next year": "Tahun berikutnya",
    "First available date": "Tanggal paling awal",
    "Last available date": "Tanggal paling akhir",
    "Empty": "Kosong",
    "dd": "hh",
    "mm": "bb",
    "yyyy": "tttt",
    "Selected date unavailable.": "Tanggal itu tidak dapat dipilih.",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.":
      "Tombol panah untuk berpindah tanggal, Enter untuk memilih, Escape untuk menutup.",
    "Increment": "Tambah",
    "Decrement": "Kurangi",
    "Show password": "Tampilkan kata sandi",
    "Hide password": "Sembunyikan kata sandi",
    "Invalid input.": "Isian tidak sesuai.",
    "Invalid value.": "Isian tidak sesuai.",
    "Number is above the allowed range.": "Angka terlalu besar.",
    "Number is below the allowed range.": "Angka terlalu kecil.",
    "Press Enter to submit form": "Tekan Enter untuk mengirim",
    "Press Enter to apply": "Tekan Enter untuk menerapkan",
    "Press Ctrl+Enter to submit form": "Tekan Ctrl+Enter untuk mengirim",
    "Press Ctrl+Enter to apply": "Tekan Ctrl+Enter untuk menerapkan",
    "Press ⌘+Enter to submit form": "Tekan ⌘+Enter untuk mengirim",
    "Press ⌘+Enter to apply": "Tekan ⌘+Enter untuk menerapkan",
    "Pagination": "Halaman",
    "Previous page": "Halaman sebelumnya",
    "Next page": "Halaman berikutnya",
    // uploads
    "Upload": "Pilih berkas",
    "Browse files": "Pilih berkas",
    "Add files": "Tambah berkas",
    "add icon": "Tambah berkas",
    "file upload": "pilih berkas",
    "Drag and drop a file here": "Taruh berkas di sini",
    "Drag and drop file here": "Taruh berkas di sini",
    "Drag and drop files here": "Taruh berkas di sini",
    "Only one file is allowed.": "Hanya satu berkas.",
    "File size is too small.": "Berkas terlalu kecil.",
    "Upload failed": "Berkas belum terkirim. Coba lagi.",
  }));

  // A file that our gate, Streamlit or a proxy did not take. Every other code gets one sentence.
  const RESTARTED = "Server sedang sibuk atau baru dimulai. Tunggu sebentar, lalu pilih berkas itu lagi.";
  const REFUSALS = {
    400: "Halaman ini terlalu lama terbuka. Muat ulang halaman, lalu pilih berkas itu lagi.",
    401: "Sesi Anda berakhir. Masuk lagi.",
    403: "Anda tidak berwenang mengirim berkas. Muat ulang halaman; bila tetap ditolak, hubungi administrator.",
    404: "Halaman ini terlalu lama terbuka. Muat ulang halaman, lalu pilih berkas itu lagi.",
    413: "Berkas terlalu besar. Pilih berkas yang lebih kecil.",
    429: "Terlalu banyak berkas dalam satu jam. Coba lagi nanti.",
    500: "Terjadi gangguan di server. Coba lagi; bila berulang, beri tahu administrator.",
    502: RESTARTED,
    503: RESTARTED,
    504: RESTARTED,
    507: "Penyimpanan server penuh. Beri tahu administrator.",
  };
  const refusal = (_all, code) =>
    REFUSALS[code] ?? `Berkas belum terkirim (kode ${code}). Coba lagi; bila berulang, beri tahu administrator.`;

  const ENGLISH = "January February March April May June July August September October November December".split(" ");
  const MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(" ");
  const month = (name) => MONTHS[ENGLISH.indexOf(name)] ?? name;
  const dayFirst = (_all, name, day, year) => `${Number(day)} ${month(name)} ${year}`;
  const known = (text) => translated(text) ?? text;

  const PATTERNS = [
    [/^(Error)?: (.+)$/, (_all, error, rest) => `${error ? "Perhatian" : ""}: ${known(rest)}`],
    [/^(?:AxiosError: )?Request failed with status code (\d+)$/, refusal],
    [/^(?:AxiosError: )?(?:Network Error|Request aborted)$/, "Sambungan terputus. Periksa jaringan Anda, lalu pilih berkas itu lagi."],
    [/^(?:AxiosError: )?timeout (?:of \d+ms )?exceeded$/, "Server terlalu lama tidak menjawab. Pilih berkas itu lagi."],
    [/^Cancel upload of (.*)$/, "Batalkan pengiriman $1"],
    [/^Cannot connect to Streamlit \(HTTP status: (\d+)\)[^]*$/,
      "Server menolak sambungan ini (kode $1). Muat ulang halaman; bila tetap ditolak, beri tahu administrator."],
    [/^(?:Bad delta path|Cannot (?:handle|read|set)|'setIn' cannot|Unrecognized) .*$/, "Muat ulang halaman."],
    [/^Date set outside allowed range\. Please select a date between (\S+) and (\S+)\.$/,
      "Tanggal terlalu jauh. Pilih tanggal antara $1 dan $2."],
    [/^(\d+) – (\w+)$/, (_all, number, name) => `${number} – ${month(name)}`],
    [/^(.*), (First|Last) available date$/, (_all, date, end) =>
      `${known(date)}, tanggal paling ${end === "First" ? "awal" : "akhir"}`],
    [/^Shortcut (.+)$/, "Tombol pintas $1"],
    [/^Help for (.+)$/, "Bantuan untuk $1"],
    [/^(\d+)\s?MB per file/, "Paling besar $1 MB per berkas"],
    [/^File must be (\d+)(?:\.0)?\s?MB or smaller\.$/, "Berkas paling besar $1 MB."],
    [/^.*files are not allowed\.$/, "Jenis berkas ini tidak diterima."],
    [/^Connection failed with status (\d+).*$/, "Server menjawab dengan kode $1. Menyambung kembali…"],
    [/^You have requested page .*Running the app's main page\.$/, "Halaman ini bukan untuk peran Anda. Beranda ditampilkan."],
    [/^Remove (.*)$/, "Hapus $1"],
    [/^Page (\d+)$/, "Halaman $1"],
    [/^(\d+) options? available\.$/, "$1 pilihan."],
    [/^Choose date, (.*)$/, "Pilih tanggal, $1"],
    [/^Today, (.*) selected$/, "Hari ini, $1, dipilih"],
    [/^Today, (.*)$/, "Hari ini, $1"],
    [/^(.*\d{4}) selected$/, "$1, dipilih"],
    [/^(.*), selected$/, "$1, dipilih"],
    [/^Selected Date: (.*)$/, (_all, date) => `Tanggal terpilih: ${date.replace(/^(\w+) (\d+), (\d+)$/, dayFirst)}`],
    [/^Increase (.*)$/, "Tambah $1"],
    [/^Decrease (.*)$/, "Kurangi $1"],
    [/^year, (.*)$/, "tahun, $1"],
    [/^month, (.*)$/, "bulan, $1"],
    [/^day, (.*)$/, "hari, $1"],
  ];

  const ATTRIBUTES = ["aria-label", "aria-valuetext", "placeholder", "title"];
  // What our own pages write: a person may be called anything.
  const OURS = '[data-testid="stMarkdown"], [data-testid="stText"], [data-testid="stHeading"], [data-testid="stTable"], textarea';

  const translated = (text) => {
    const trimmed = text.trim();
    if (!trimmed || trimmed.length > 300) return null;
    if (WORDS.has(trimmed)) return WORDS.get(trimmed);
    const pattern = PATTERNS.find(([form]) => form.test(trimmed));
    return pattern ? trimmed.replace(...pattern) : null;
  };

  const changeText = (node) => {
    const word = translated(node.data);
    if (word === null || node.parentElement?.closest(OURS)) return;
    const changed = node.data.replace(node.data.trim(), () => word);
    // Even the same text written again would call us again.
    if (changed !== node.data) node.data = changed;
  };

  const changeAttributes = (element) => {
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      if (!value) continue;
      // Icons always stand beside their words: "cloud_done icon" is only noise to a screen reader.
      if (name === "aria-label" && /^[a-z0-9_]+ icon$/.test(value)) element.setAttribute("aria-hidden", "true");
      const word = translated(value);
      if (word !== null && word !== value) element.setAttribute(name, word);
    }
  };

  // A table that is wider than its box slides in it: the keyboard must reach the box, and a reader must hear what it is.
  const TABLE_BOX = '[class*="st-key-tabel-"]';
  const REACHED = ["role", "tabindex", "aria-label"];
  const reach = (box) => {
    const heads = [...box.querySelectorAll("th")].map((head) => head.textContent.trim());
    const name = `Tabel ${heads.join(", ")}`;
    const values = box.scrollWidth > box.clientWidth ? ["region", "0", name] : [null, null, null];
    REACHED.forEach((attribute, at) => {
      if (values[at] === null) box.removeAttribute(attribute);
      else if (box.getAttribute(attribute) !== values[at]) box.setAttribute(attribute, values[at]);
    });
  };
  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target.closest(TABLE_BOX))));
  const watchTables = (root) => {
    const boxes = [root.closest(TABLE_BOX), ...root.querySelectorAll(TABLE_BOX)];
    for (const box of boxes.filter(Boolean)) {
      sizes.observe(box);
      box.querySelectorAll("table").forEach((table) => sizes.observe(table));
    }
  };

  // A part of the page whose code never arrived, as on a phone in a dead spot: Streamlit shows what the browser calls
  // it, and no way on. Its own nodes stay, hidden, for it to take away again.
  const offerReload = (stack) => {
    const box = stack.parentElement;
    for (const node of box.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) node.data = "";
      else node.hidden = true;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "muat-ulang";
    button.textContent = "Muat ulang halaman";
    button.addEventListener("click", () => location.reload());
    box.append("Bagian halaman ini belum termuat.", button);
  };
  const mendFailed = (root) => root.querySelectorAll('[data-testid="stErrorElementStack"]:not([hidden])').forEach(offerReload);

  const change = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return changeText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    watchTables(root);
    mendFailed(root);
    changeAttributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (walker.currentNode.nodeType === Node.TEXT_NODE) changeText(walker.currentNode);
      else changeAttributes(walker.currentNode);
    }
  };

  // Streamlit opens every link button in a new tab; our own ways in and out belong to this one, so that no tab
  // keeps showing what a person who has left could see.
  const SAME_TAB = /^\/(masuk|keluar)(\/|$)/;
  const keepTab = (event) => {
    const link = event.target.closest?.("a[target]");
    if (link && link.origin === location.origin && SAME_TAB.test(link.pathname)) link.removeAttribute("target");
  };
  document.addEventListener("click", keepTab, true);

  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "childList") record.addedNodes.forEach(change);
      else if (record.type === "characterData") changeText(record.target);
      else changeAttributes(record.target);
    }
  }).observe(document.body, {
    childList: true,
    characterData: true,
    subtree: true,
    attributes: true,
    attributeFilter: ATTRIBUTES,
  });
  change(document.body);
})();

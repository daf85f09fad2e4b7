// Shows a password on request, keeps the typed NIP over a refused try, prints, and asks for codes once. Pages work without it.
"use strict";
for (const button of document.querySelectorAll("button.show")) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.textContent = shown ? "Tutup" : "Lihat";
    button.setAttribute("aria-pressed", String(shown));
    field.focus();
  });
}
for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const asking of document.querySelectorAll('form[action="/kode-aktivasi"][method="post"]')) {
  // A second click would show the answer to a repetition instead of the codes.
  asking.addEventListener("submit", () => setTimeout(() => asking.querySelector("button").disabled = true));
}
const form = document.querySelector('form[action="/masuk"]');
if (form) {
  // The server's reply is the same for everybody, so it does not repeat what was typed; this tab does.
  const field = form.elements.nip;
  const refused = document.getElementById("salah");
  if (refused && !field.value) field.value = sessionStorage.getItem("nip") || "";
  if (refused) (field.value ? form.elements.sandi : field).focus();
  sessionStorage.removeItem("nip");
  form.addEventListener("submit", () => sessionStorage.setItem("nip", field.value));
}

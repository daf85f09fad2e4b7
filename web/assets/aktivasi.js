// Fills the form from the part of the link behind the #, which no server or proxy ever sees or logs.
"use strict";
const [, identifier, code] = /^#(.+)\.([0-9A-Za-z-]+)$/.exec(decodeURIComponent(location.hash)) || [];
if (code) {
  document.getElementById("nip").value = identifier;
  document.getElementById("kode").value = code;
  history.replaceState(null, "", location.pathname);
  document.getElementById("sandi").focus();
}

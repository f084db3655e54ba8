"use strict";
/* What every page does with commands: quote a word for a POSIX shell and for Windows, and copy a text. */
function quoted(word) {
  return /^[\w+=:./-]+$/.test(word) ? word : `"${word.replace(/["$`\\]/g, "\\$&")}"`;
}

/* Puts a text on the clipboard, by hand where the browser allows no other way; whether it did. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

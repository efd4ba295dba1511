// Predicates about text that several modules use.

// NUL, and the line breaks of Python's str.splitlines.
const LINE_BREAK = /[\u0000\n\r\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]/;

export function hasLineBreak(text) {
  return LINE_BREAK.test(text);
}

// Only ASCII letters are case-insensitive: the Kelvin sign does not match k.
export function lowerAscii(text) {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function isAscii(text) {
  return /^[\u0000-\u007f]*$/.test(text);
}

export function countCodePoints(text) {
  return [...text].length;
}

// RFC 4648: padded, without white space, and without stray bits in the last character.
export function isBase64(text) {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && Buffer.from(text, 'base64').toString('base64') === text;
}

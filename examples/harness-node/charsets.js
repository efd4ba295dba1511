// Charsets by the names of the WHATWG Encoding Standard, as mail programs read them: iso-8859-1 is windows-1252.

const ASCII_NAMES = new Set(['us-ascii', 'ascii', 'ansi_x3.4-1968']);

// The characters of the bytes 0x80 to 0x9F in windows-1252; some releases of Node decode them as control characters.
const OF_WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

// The decoded text, or null if the charset is unknown or the bytes are invalid in it.
export function decodeCharset(name, bytes) {
  if (ASCII_NAMES.has(name.toLowerCase())) {
    // Text that is declared as ASCII but is not ASCII is usually UTF-8.
    return decodeBy(findDecoder('utf-8', true), bytes) ?? decodeWindows1252(bytes);
  }
  const decoder = findDecoder(name, true);
  if (decoder?.encoding === 'windows-1252') {
    return decodeWindows1252(bytes);
  }
  return decoder === null ? null : decodeBy(decoder, bytes);
}

// The text as a lenient reader shows it, with invalid bytes replaced; in an unknown charset only ASCII is decoded.
export function decodeGenerously(name, bytes) {
  const decoder = findDecoder(name, false);
  return decoder === null ? bytes.toString('latin1').replace(/[\u0080-\u00ff]/g, '\ufffd') : decodeBy(decoder, bytes);
}

function findDecoder(name, isFatal) {
  try {
    return new TextDecoder(name, { fatal: isFatal, ignoreBOM: true });
  } catch {
    return null;
  }
}

function decodeBy(decoder, bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

function decodeWindows1252(bytes) {
  const show = (character) => OF_WINDOWS_1252[character.charCodeAt(0) - 0x80];
  return bytes.toString('latin1').replace(/[\u0080-\u009f]/g, show);
}

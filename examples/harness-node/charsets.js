// Charsets by the names of the WHATWG Encoding Standard, as mail programs read them: iso-8859-1 is windows-1252.

const ASCII_NAMES = new Set(['us-ascii', 'ascii', 'ansi_x3.4-1968']);

// The characters of the bytes 0x80 to 0x9F in windows-1252; Node decodes them as control characters in some releases.
const OF_WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

// The text that the bytes are, or null where the charset is unknown or they are no text in it.
export function decodeCharset(name, bytes) {
  if (ASCII_NAMES.has(name.toLowerCase())) {
    // What says to be ASCII and is not is mostly UTF-8.
    return decodeBy(findDecoder('utf-8', true), bytes) ?? decodeWindows1252(bytes);
  }
  const decoder = findDecoder(name, true);
  if (decoder?.encoding === 'windows-1252') {
    return decodeWindows1252(bytes);
  }
  return decoder === null ? null : decodeBy(decoder, bytes);
}

// What a reader shows who replaces what is no text; in an unknown charset the ASCII characters are what they look like.
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

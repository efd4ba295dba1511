// RFC 2047 encoded words: reading and writing.

import { decodeCharset, decodeGenerously } from './charsets.js';
import { hasLineBreak } from './text-rules.js';

// Lenient decoding: everything that some reader might decode must be checked.
const ENCODED_WORD = /=\?([\w.:+-]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?]*)\?=/g;
// Strict copying: such a word is an atom, and can neither end a name nor begin an address.
const SAFE_WORD = /=\?[\w.+-]+(?:\*[\w-]+)?\?(?:[Bb]\?[A-Za-z0-9+/=]+|[Qq]\?[\w!#$%&'*+\-/=^`{|}~.]+)\?=/;
const ONLY_SAFE_WORDS = new RegExp(`^${SAFE_WORD.source}(?: +${SAFE_WORD.source})*$`);
const PART_OF_WORD = /=\?|\?=/;
// In an address both marks are allowed characters, so the beginning must match, too.
const PART_OF_WORD_IN_ADDRESS = /=\?[^?\s]*\?[BbQq]\?|\?=/;
const GAP = /^[ \t\r\n]*$/;
const DEEPEST_WORDS = 5;

// Whether a text consists only of encoded words that can be decoded and can be copied to a header unchanged.
export function isOnlyEncodedWords(text) {
  return ONLY_SAFE_WORDS.test(text) && decodeEncodedWords(text).search(ENCODED_WORD) < 0;
}

// A part is enough, because some readers join it with the next text.
export function hasPartOfWord(text) {
  return PART_OF_WORD.test(text);
}

export function hasPartOfWordInAddress(text) {
  return PART_OF_WORD_IN_ADDRESS.test(text);
}

// The text with its encoded words decoded. White space between two of them is dropped; a word that cannot be decoded
// is unchanged. A lenient reader omits or replaces invalid parts of such a word.
export function decodeEncodedWords(text, isGenerous = false) {
  const pieces = [];
  let end = 0;
  let previousWasDecoded = false;
  for (const run of runsOfWords(text, isGenerous)) {
    for (const { source, start, stop, decoded } of decodeRun(run, isGenerous)) {
      const gap = text.slice(end, start);
      if (!previousWasDecoded || decoded === null || !GAP.test(gap)) {
        pieces.push(gap);
      }
      pieces.push(decoded ?? source);
      previousWasDecoded = decoded !== null;
      end = stop;
    }
  }
  return pieces.join('') + text.slice(end);
}

// The words of a text; adjacent words with one charset and only white space between them are grouped.
function runsOfWords(text, isGenerous) {
  const runs = [];
  let end = 0;
  for (const { 0: source, 1: name, 2: encoding, 3: content, index: start } of text.matchAll(ENCODED_WORD)) {
    const charset = name.toLowerCase();
    const bytes = wordBytes(encoding, content, isGenerous);
    const word = { source, charset, start, stop: start + source.length, bytes };
    const isNext = runs.length > 0 && runs.at(-1)[0].charset === charset && GAP.test(text.slice(end, start));
    if (isNext) {
      runs.at(-1).push(word);
    } else {
      runs.push([word]);
    }
    end = word.stop;
  }
  return runs;
}

// Some programs split a character over two words: if a word cannot be decoded by itself, the whole group is tried
// together.
function decodeRun(run, isGenerous) {
  const [{ charset, start }] = run;
  const words = run.map((word) => ({ ...word, decoded: word.bytes && decodeCharset(charset, word.bytes) }));
  if (run.length > 1 && words.some(({ decoded }) => decoded === null) && words.every(({ bytes }) => bytes !== null)) {
    const together = decodeCharset(charset, Buffer.concat(words.map(({ bytes }) => bytes)));
    if (together !== null) {
      return [{ start, stop: words.at(-1).stop, decoded: together }];
    }
  }
  if (!isGenerous) {
    return words;
  }
  return words.map((word) => ({ ...word, decoded: word.decoded ?? decodeGenerously(charset, word.bytes) }));
}

// The bytes of a word; null if it cannot be read. A lenient reader can always read it.
function wordBytes(encoding, content, isGenerous) {
  if (!isGenerous && /[^\u0000-\u007f]/.test(content)) {
    return null;
  }
  if (encoding.toLowerCase() === 'q') {
    const quoted = Buffer.from(content, 'utf8').toString('latin1').replaceAll('_', ' ');
    const plain = quoted.replace(/=([0-9A-Fa-f]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
    return Buffer.from(plain, 'latin1');
  }
  // Padding is often missing.
  const trimmed = content.trim();
  let length = trimmed.length;
  while (trimmed[length - 1] === '=') {
    length -= 1;
  }
  const unpadded = trimmed.slice(0, length);
  const base64 = isGenerous ? unpadded.replace(/[^A-Za-z0-9+/]/g, '') : unpadded;
  const isReadable = isGenerous || (/^[A-Za-z0-9+/]*$/.test(base64) && base64.length % 4 !== 1);
  return isReadable ? Buffer.from(base64, 'base64') : null;
}

// Whether a text has a line break, even one inside an encoded word, in a word that appears only after decoding, or in
// one that only a lenient reader decodes. Words that are nested too deeply count as a line break.
export function holdsLineBreak(text) {
  let decoded = text;
  for (let depth = 0; depth <= DEEPEST_WORDS; depth += 1) {
    if (hasLineBreak(decoded)) {
      return true;
    }
    const next = decodeEncodedWords(decoded, true);
    if (next === decoded) {
      return false;
    }
    decoded = next;
  }
  return true;
}

// Whether a text is invisible after its encoded words, including nested ones, are decoded.
export function isBlank(text) {
  let decoded = text;
  for (let depth = 0; depth <= DEEPEST_WORDS && decoded.trim() !== ''; depth += 1) {
    const next = decodeEncodedWords(decoded);
    if (next === decoded) {
      return false;
    }
    decoded = next;
  }
  return decoded.trim() === '';
}

// One encoded word in UTF-8: Q or B, whichever is shorter, Q if both have the same length.
export function encodeWord(text) {
  const bytes = Buffer.from(text, 'utf8');
  const quoted = Array.from(bytes, quoteByte).join('');
  const base64 = bytes.toString('base64');
  return base64.length < quoted.length ? `=?utf-8?b?${base64}?=` : `=?utf-8?q?${quoted}?=`;
}

function quoteByte(byte) {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9!*+/-]/.test(character)) {
    return character;
  }
  return character === ' ' ? '_' : '=' + byte.toString(16).toUpperCase().padStart(2, '0');
}

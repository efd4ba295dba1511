// RFC 2047 encoded words: reading them, and writing one.

import { hasLineBreak } from './text-rules.js';

const ENCODED_WORD = /=\?([^?\s*]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?\s]*)\?=/;
const ONLY_ENCODED_WORDS = new RegExp(`^${ENCODED_WORD.source}(?:[ \\t]+${ENCODED_WORD.source})*$`);

export function isOnlyEncodedWords(text) {
  return ONLY_ENCODED_WORDS.test(text);
}

export function hasEncodedWord(text) {
  return ENCODED_WORD.test(text);
}

// The text with its encoded words decoded. White space between two of them is none; a word that cannot be decoded
// stays as it is.
export function decodeEncodedWords(text) {
  const pieces = [];
  let rest = text;
  let previousWasWord = false;
  // Words of one charset that touch are joined before decoding, for some split a character over two words.
  let run = null;
  const endRun = () => {
    if (run !== null) {
      pieces.push(decodeBytes(run.charset, Buffer.concat(run.bytes)) ?? run.source);
      run = null;
    }
  };
  for (let found = ENCODED_WORD.exec(rest); found !== null; found = ENCODED_WORD.exec(rest)) {
    const [source, charset, encoding, content] = found;
    const before = rest.slice(0, found.index);
    rest = rest.slice(found.index + source.length);
    const bytes = wordBytes(encoding, content);
    const isReadable = bytes !== null && decodeBytes(charset, Buffer.alloc(0)) !== null;
    const gap = previousWasWord && isReadable && /^[ \t]*$/.test(before) ? '' : before;
    if (run !== null && (gap !== '' || !isReadable || run.charset !== charset.toLowerCase())) {
      endRun();
    }
    pieces.push(gap);
    if (isReadable) {
      run ??= { charset: charset.toLowerCase(), bytes: [], source: '' };
      run.bytes.push(bytes);
      run.source += source;
    } else {
      pieces.push(source);
    }
    previousWasWord = isReadable;
  }
  endRun();
  return pieces.join('') + rest;
}

function wordBytes(encoding, content) {
  if (encoding.toLowerCase() === 'b') {
    return /^[A-Za-z0-9+/]*={0,2}$/.test(content) ? Buffer.from(content, 'base64') : null;
  }
  const plain = content.replaceAll('_', ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
  return Buffer.from(plain, 'latin1');
}

function decodeBytes(charset, bytes) {
  try {
    return new TextDecoder(charset, { ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

// Whether there is a line break in a text, be it hidden in an encoded word, or in one that only decoding brings out.
export function holdsLineBreak(text) {
  for (let decoded = text; ;) {
    if (hasLineBreak(decoded)) {
      return true;
    }
    const next = decodeEncodedWords(decoded);
    if (next === decoded) {
      return false;
    }
    decoded = next;
  }
}

// One encoded word of UTF-8: Q or B, whichever is shorter, Q on a tie.
export function encodeWord(text) {
  const bytes = Buffer.from(text, 'utf8');
  const quoted = [...bytes].map(quoteByte).join('');
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

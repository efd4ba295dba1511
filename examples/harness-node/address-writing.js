// Writes addresses as text: To, Cc and Bcc, and the header Reply-To.

import { encodeWord, hasPartOfWord } from './encoded-words.js';
import { isAscii } from './text-rules.js';

const CONTROL_OTHER_THAN_TAB = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const NEEDS_QUOTES = /[()<>@:;.\\"[\]\t]|^ | $| {2}/;

// Mailjet splits To, Cc and Bcc at every comma, quoted or not, so a name with a comma must be encoded there.
export function writeRecipients(addresses) {
  return addresses.map((address) => writeAddress(address, true)).join(', ');
}

export function writeReplyTo(addresses) {
  return addresses.map((address) => writeAddress(address, false)).join(', ');
}

function writeAddress({ email, name, shownName }, encodeCommas) {
  if (name === null) {
    return email;
  }
  return `${shownName ?? writeName(name, encodeCommas)} <${email}>`;
}

function writeName(name, encodeCommas) {
  const hasComma = name.includes(',');
  const isUnsafe = !isAscii(name) || CONTROL_OTHER_THAN_TAB.test(name) || hasPartOfWord(name);
  if (isUnsafe || (hasComma && encodeCommas)) {
    return encodeWord(name);
  }
  if (hasComma || NEEDS_QUOTES.test(name)) {
    return '"' + name.replace(/["\\]/g, '\\$&') + '"';
  }
  return name;
}

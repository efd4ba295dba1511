// RFC 5322 addresses in all common forms: lists, groups, comments, quoted names. A hand-written parser.
//
// A parsed address is {email, name, shownName}: `name` is decoded, or null; `shownName` is set if the name consists
// only of encoded words, which are copied unchanged in address headers.

import {
  decodeEncodedWords, hasPartOfWordInAddress, holdsLineBreak, isBlank, isOnlyEncodedWords,
} from './encoded-words.js';
import { normalizeDomain } from './domains.js';
import { hasLineBreak, isAscii } from './text-rules.js';

// The reason why a text is not an address: 'syntax', 'line-break', or 'non-ascii' for a local part beyond ASCII.
export class AddressError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

const WHITE_SPACE = /[ \t]*/y;
// Letters, digits and the other characters of RFC 5322's atext, and all characters beyond ASCII.
const ATOM = /[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+/uy;
const DOMAIN_LITERAL = /\[[^[\]\\]*\]/y;
const QUOTED_STRING = /"(?:[^"\\]|\\[^])*"/y;
const SPLITTING_CHARACTERS = /[,;:<>@\u0000-\u001f\u007f]/;

class Parser {
  constructor(text, takesUnicode) {
    this.text = text;
    this.takesUnicode = takesUnicode;
    this.position = 0;
    // The comments that were skipped since the last call of the method that takes them.
    this.comments = [];
  }

  fail() {
    throw new AddressError('syntax');
  }

  match(pattern) {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found === null) {
      return null;
    }
    this.position = pattern.lastIndex;
    return found[0];
  }

  peek() {
    this.skip();
    return this.text[this.position];
  }

  take(character) {
    if (this.peek() !== character) {
      return false;
    }
    this.position += 1;
    return true;
  }

  // White space and comments.
  skip() {
    this.match(WHITE_SPACE);
    while (this.text[this.position] === '(') {
      this.comments.push(this.readComment());
      this.match(WHITE_SPACE);
    }
  }

  readComment() {
    let depth = 0;
    let content = '';
    for (; this.position < this.text.length; this.position += 1) {
      let character = this.text[this.position];
      if (character === '\\') {
        this.position += 1;
        content += this.text[this.position] ?? this.fail();
        continue;
      }
      if (character === '(') {
        depth += 1;
        character = depth === 1 ? '' : character;
      } else if (character === ')') {
        depth -= 1;
        if (depth === 0) {
          this.position += 1;
          return content.trim();
        }
      }
      content += character;
    }
    return this.fail();
  }

  takeComments() {
    const comments = this.comments.filter((comment) => comment !== '');
    this.comments = [];
    return comments.map((text) => ({ kind: 'comment', text, isApart: true }));
  }

  atEnd() {
    return this.peek() === undefined;
  }

  readList() {
    const addresses = [];
    for (;;) {
      for (const address of this.readMailboxOrGroup()) {
        addresses.push(address);
      }
      if (this.atEnd()) {
        return addresses;
      }
      if (!this.take(',')) {
        this.fail();
      }
      // A trailing comma is dropped.
      if (this.atEnd()) {
        return addresses;
      }
    }
  }

  readMailboxOrGroup() {
    const words = this.readWords();
    if (words.some(isSpoken) && this.take(':')) {
      return this.readGroup();
    }
    return [this.readMailbox(words)];
  }

  // The comments next to the group's name, and those after the group, are not part of any name.
  readGroup() {
    const members = [];
    while (!this.take(';')) {
      members.push(this.readMailbox(this.readWords()));
      if (!this.take(',') && this.peek() !== ';') {
        this.fail();
      }
    }
    this.skip();
    this.takeComments();
    if (members.length === 0) {
      this.fail();
    }
    return members;
  }

  readMailbox(words) {
    if (this.peek() === '@') {
      const email = this.readDomainAfter(words);
      this.skip();
      return makeAddress(email, [...words.filter((word) => !isSpoken(word)), ...this.takeComments()]);
    }
    if (!this.take('<')) {
      this.fail();
    }
    const ofAddress = this.readWords();
    const email = this.readDomainAfter(ofAddress);
    if (!this.take('>')) {
      this.fail();
    }
    this.skip();
    return makeAddress(email, [...words, ...ofAddress.filter((word) => !isSpoken(word)), ...this.takeComments()]);
  }

  // Atoms, dots and quoted strings, with the comments between them: a display name, or a local part.
  readWords() {
    const words = [];
    for (;;) {
      const start = this.position;
      this.skip();
      const isApart = this.position > start;
      for (const comment of this.takeComments()) {
        words.push(comment);
      }
      const atom = this.match(ATOM);
      if (atom !== null) {
        words.push({ kind: 'atom', text: atom, isApart });
        continue;
      }
      const quoted = this.match(QUOTED_STRING);
      if (quoted !== null) {
        words.push({ kind: 'quoted', text: quoted, isApart });
        continue;
      }
      if (this.text[this.position] !== '.') {
        return words;
      }
      this.position += 1;
      words.push({ kind: 'dot', text: '.', isApart });
    }
  }

  // The bare address, after its local part has been read.
  readDomainAfter(words) {
    const localPart = localPartOf(words.filter(isSpoken));
    if (localPart === null || !this.take('@')) {
      this.fail();
    }
    this.skip();
    const literal = this.match(DOMAIN_LITERAL);
    const domain = literal ?? this.readDomain();
    if (!this.takesUnicode && !isAscii(domain ?? '')) {
      this.fail();
    }
    return makeEmail(localPart, domain);
  }

  // Comments next to the domain are kept until the comments after it are taken.
  readDomain() {
    const before = this.comments;
    this.comments = [];
    const words = this.readWords();
    const comments = words.filter((word) => !isSpoken(word)).map(({ text }) => text);
    this.comments = [...before, ...comments, ...this.comments];
    return words.some(({ kind }) => kind === 'quoted') ? this.fail() : joinDotted(words.filter(isSpoken));
  }
}

function isSpoken({ kind }) {
  return kind !== 'comment';
}

// A dot-atom, or a single quoted string; null if it is neither.
function localPartOf(words) {
  if (words.length === 1 && words[0].kind === 'quoted') {
    return words[0].text;
  }
  return words.some(({ kind }) => kind === 'quoted') ? null : joinDotted(words);
}

// Dots must be between atoms, neither at an end nor adjacent; otherwise null.
function joinDotted(words) {
  const isDotted = words.length % 2 === 1
    && words.every(({ kind }, index) => kind === (index % 2 === 0 ? 'atom' : 'dot'));
  return isDotted ? words.map(({ text }) => text).join('') : null;
}

function makeEmail(localPart, domain) {
  const isQuoted = localPart.startsWith('"');
  if (isQuoted && SPLITTING_CHARACTERS.test(unquote(localPart))) {
    throw new AddressError('syntax');
  }
  const normalized = domain === null ? null : normalizeDomain(domain);
  if (normalized === null || hasPartOfWordInAddress(`${localPart}@${domain}`)) {
    throw new AddressError('syntax');
  }
  if (!isAscii(localPart)) {
    throw new AddressError('non-ascii');
  }
  return `${localPart}@${normalized}`;
}

function unquote(quoted) {
  return quoted.slice(1, -1).replace(/\\([^])/g, '$1');
}

// Comments are part of the name, in parentheses if the name has other words, too.
function makeAddress(email, words) {
  const textOf = ({ kind, text }) => (kind === 'quoted' ? unquote(text) : text);
  const isNamed = words.some((word) => isSpoken(word) && textOf(word).trim() !== '');
  let phrase = '';
  let isAfterComment = false;
  for (const word of words) {
    const text = isNamed && !isSpoken(word) ? `(${word.text})` : textOf(word);
    phrase += ((word.isApart || isAfterComment) && phrase !== '' ? ' ' : '') + text;
    isAfterComment = !isSpoken(word);
  }
  return { email, ...readName(phrase) };
}

// A name as given: trimmed, with its encoded words decoded; null if it is only white space.
export function readName(text) {
  const trimmed = (text ?? '').trim();
  if (holdsLineBreak(trimmed)) {
    throw new AddressError('line-break');
  }
  const name = decodeEncodedWords(trimmed).trim();
  if (isBlank(name)) {
    return { name: null, shownName: null };
  }
  return { name, shownName: name !== trimmed && isOnlyEncodedWords(trimmed) ? trimmed : null };
}

// All addresses of a text, at least one. Unless Unicode is accepted, domains must be ASCII already.
export function parseAddressList(text, takesUnicode = true) {
  if (hasLineBreak(text)) {
    throw new AddressError('line-break');
  }
  return new Parser(text, takesUnicode).readList();
}

// A bare address: without a name, angle brackets, comments, or white space outside a quoted local part.
export function parseBareAddress(text, takesUnicode = true) {
  if (hasLineBreak(text)) {
    throw new AddressError('line-break');
  }
  const parser = new Parser(text, takesUnicode);
  const words = parser.readWords();
  const hasSpace = words.some(({ isApart }) => isApart) || parser.comments.length > 0;
  if (hasSpace || text !== text.trim() || /[\s(]/.test(text.slice(text.lastIndexOf('"') + 1))) {
    parser.fail();
  }
  const email = parser.readDomainAfter(words);
  if (!parser.atEnd()) {
    parser.fail();
  }
  return email;
}

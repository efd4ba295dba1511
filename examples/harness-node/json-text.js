// Reads and writes JSON text without loss: numbers keep their digits, objects are Maps, and duplicate keys are
// reported. JSON.parse would round large integers and ignore duplicate keys.
//
// Values: Map, Array, string, boolean, null, and JsonNumber.

import { JsonNumber } from './json-number.js';

// The text is not valid JSON. `reason` is 'syntax', or 'non-finite' for NaN and Infinity.
export class JsonTextError extends Error {
  constructor(reason, position) {
    super(`${reason} at character ${position}`);
    this.reason = reason;
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const NON_FINITE = /-?(?:NaN|Infinity)/y;
const WHITE_SPACE = /[ \t\n\r]*/y;
// A run of unescaped characters in a string.
const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y;
const WORDS = [['true', true], ['false', false], ['null', null]];
const ESCAPES = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

class Reader {
  constructor(text) {
    this.text = text;
    this.position = 0;
    // The open lists and objects. The explicit stack prevents deep nesting from overflowing Node's stack.
    this.open = [];
    // The pointers of objects with a duplicate key.
    this.repeatedKeys = [];
  }

  fail(reason = 'syntax') {
    throw new JsonTextError(reason, this.position);
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

  skipWhiteSpace() {
    this.match(WHITE_SPACE);
  }

  peek() {
    this.skipWhiteSpace();
    return this.text[this.position];
  }

  take(character) {
    if (this.peek() !== character) {
      return false;
    }
    this.position += 1;
    return true;
  }

  expect(character) {
    if (!this.take(character)) {
      this.fail();
    }
  }

  readDocument() {
    let value = this.readStart();
    // The last value belongs to the innermost open container; a closed container is itself the last value.
    while (this.open.length > 0) {
      const frame = this.open[this.open.length - 1];
      if (value !== undefined) {
        this.put(frame, value);
      }
      value = this.readNext(frame, value === undefined);
    }
    this.skipWhiteSpace();
    if (this.position < this.text.length) {
      this.fail();
    }
    return value;
  }

  // The start of a value: returns a scalar; opens a list or object and returns undefined.
  readStart() {
    const character = this.peek();
    if (character === '{' || character === '[') {
      this.position += 1;
      this.open.push({ container: character === '{' ? new Map() : [], key: null });
      return undefined;
    }
    if (character === '"') {
      return this.readString();
    }
    for (const [word, value] of WORDS) {
      if (this.text.startsWith(word, this.position)) {
        this.position += word.length;
        return value;
      }
    }
    if (this.match(NON_FINITE) !== null) {
      this.fail('non-finite');
    }
    const number = this.match(NUMBER);
    if (number === null) {
      this.fail();
    }
    return new JsonNumber(number);
  }

  // The next token in an open container: its end, which makes it the last value, or the start of the next item.
  readNext(frame, isEmpty) {
    const isList = Array.isArray(frame.container);
    if (this.take(isList ? ']' : '}')) {
      this.open.pop();
      return frame.container;
    }
    if (!isEmpty) {
      this.expect(',');
    }
    if (!isList) {
      if (this.peek() !== '"') {
        this.fail();
      }
      frame.key = this.readString();
      this.expect(':');
    }
    return this.readStart();
  }

  put(frame, value) {
    if (Array.isArray(frame.container)) {
      frame.container.push(value);
      return;
    }
    if (frame.container.has(frame.key)) {
      this.repeatedKeys.push(this.pointerToInnermost());
    }
    frame.container.set(frame.key, value);
  }

  pointerToInnermost() {
    return this.open.slice(0, -1)
      .map(({ container, key }) => pointerPart(Array.isArray(container) ? container.length : key))
      .join('');
  }

  readString() {
    this.position += 1;
    const pieces = [];
    for (;;) {
      pieces.push(this.match(PLAIN_CHARACTERS));
      const character = this.text[this.position];
      this.position += 1;
      if (character === '"') {
        return pieces.join('');
      }
      if (character !== '\\') {
        this.fail();
      }
      pieces.push(this.readEscape());
    }
  }

  readEscape() {
    const letter = this.text[this.position];
    this.position += 1;
    if (letter === 'u') {
      const digits = this.match(/[0-9A-Fa-f]{4}/y);
      if (digits === null) {
        this.fail();
      }
      return String.fromCharCode(parseInt(digits, 16));
    }
    if (letter === undefined || !Object.hasOwn(ESCAPES, letter)) {
      this.fail();
    }
    return ESCAPES[letter];
  }
}

// A key or index as a token of a JSON Pointer.
export function pointerPart(key) {
  return '/' + String(key).replaceAll('~', '~0').replaceAll('/', '~1');
}

// The value of a JSON text, and the pointers of the objects with a duplicate key (the last one counts).
export function readJson(text) {
  const reader = new Reader(text);
  const value = reader.readDocument();
  return { value, repeatedKeys: reader.repeatedKeys };
}

// The JSON text of a value. Plain objects and JavaScript's own numbers are also accepted, for our own values.
export function writeJson(value, sortKeys = false) {
  if (Array.isArray(value)) {
    return '[' + value.map((item) => writeJson(item, sortKeys)).join(',') + ']';
  }
  if (value instanceof JsonNumber) {
    return sortKeys ? value.toPlainText() : value.text;
  }
  if (value !== null && typeof value === 'object') {
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    if (sortKeys) {
      entries.sort(([first], [second]) => compareByCodePoint(first, second));
    }
    return '{' + entries.map(([key, item]) => JSON.stringify(key) + ':' + writeJson(item, sortKeys)).join(',') + '}';
  }
  return JSON.stringify(value);
}

// JavaScript compares strings by UTF-16 unit, which sorts U+FFFF after U+10000.
export function compareByCodePoint(first, second) {
  const firstPoints = [...first];
  const secondPoints = [...second];
  for (let index = 0; index < Math.min(firstPoints.length, secondPoints.length); index += 1) {
    const difference = firstPoints[index].codePointAt(0) - secondPoints[index].codePointAt(0);
    if (difference !== 0) {
      return difference;
    }
  }
  return firstPoints.length - secondPoints.length;
}

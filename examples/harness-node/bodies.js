// HTTP bodies: converts bytes to a readable JSON value, and lists the repairs.

import { JsonTextError, pointerPart, readJson } from './json-text.js';

export const DEEPEST_NESTING = 100;

// The body's value and the pointers of the repairs; null if it is not valid UTF-8 or not valid JSON.
export function readBody(body) {
  const text = bodyText(body);
  if (text === null) {
    return null;
  }
  try {
    const { value, repeatedKeys } = readJson(text);
    const mended = new Set(repeatedKeys);
    return { value: mend(value, '', 1, mended), mended };
  } catch (error) {
    if (error instanceof JsonTextError) {
      return null;
    }
    throw error;
  }
}

function bodyText(body) {
  const bytes = body.has('base64') ? Buffer.from(body.get('base64'), 'base64') : null;
  if (bytes === null) {
    const text = body.get('text');
    return text.isWellFormed() ? text.replace(/^\uFEFF/, '') : null;
  }
  try {
    // The decoder itself drops a byte order mark.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

// Lone surrogates become U+FFFD, and values that are nested too deeply become null.
export function mend(value, pointer, depth, mended) {
  if (typeof value === 'string') {
    return mendText(value, pointer, mended);
  }
  if (!Array.isArray(value) && !(value instanceof Map)) {
    return value;
  }
  if (depth > DEEPEST_NESTING) {
    mended.add(pointer);
    return null;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => mend(item, pointer + pointerPart(index), depth + 1, mended));
  }
  const result = new Map();
  for (const [key, item] of value) {
    const mendedKey = mendText(key, pointer, mended);
    result.set(mendedKey, mend(item, pointer + pointerPart(mendedKey), depth + 1, mended));
  }
  return result;
}

function mendText(text, pointer, mended) {
  if (text.isWellFormed()) {
    return text;
  }
  mended.add(pointer);
  return text.toWellFormed();
}

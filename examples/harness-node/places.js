// A place: a JSON Pointer in the message, or in the options.

import { pointerPart } from './json-text.js';

export function inMessage(path) {
  return { document: 'message', path };
}

export function inOptions(path) {
  return { document: 'options', path };
}

export function inside(place, key) {
  return { document: place.document, path: place.path + pointerPart(key) };
}

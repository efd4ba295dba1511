// The input of `send`: a message as JSON or as raw text, and the options; the shape of both is checked.

import { JsonTextError, readJson } from './json-text.js';
import { UnreadableDocument, WRONG, checkMessage, checkOptions, withoutHalfCharacters } from './message-check.js';
import { inMessage, inOptions } from './places.js';

// {fields, options}; `fields` is null if the message cannot be read at all.
export function readInput(input, report) {
  if (!input.has('text') && !input.has('message')) {
    throw new TypeError('neither message nor text');
  }
  const message = input.has('text') ? readText(input.get('text'), report) : input.get('message');
  const cleanMessage = clean(message, inMessage(''), report);
  const cleanOptions = clean(input.get('options') ?? new Map(), inOptions(''), report);
  const options = checkOptions(cleanOptions === null ? WRONG : cleanOptions, inOptions(''), report);
  const fields = cleanMessage === null ? null : checkMessage(cleanMessage, inMessage(''), report);
  return { fields, options };
}

// The message of a text; undefined if it is not valid JSON, which is reported.
function readText(text, report) {
  if (text.startsWith('\uFEFF') || !text.isWellFormed()) {
    report.error('InvalidJSON', inMessage(''), { reason: 'encoding' });
    return undefined;
  }
  try {
    const { value, repeatedKeys } = readJson(text);
    for (const path of repeatedKeys) {
      report.error('InvalidJSON', inMessage(path), { reason: 'duplicate-key' });
    }
    return repeatedKeys.length === 0 ? value : undefined;
  } catch (error) {
    if (!(error instanceof JsonTextError)) {
      throw error;
    }
    report.error('InvalidJSON', inMessage(''), { reason: error.reason });
    return undefined;
  }
}

// Without lone surrogates; null if it is absent, or cannot be read, which is reported.
function clean(value, place, report) {
  if (value === undefined) {
    return null;
  }
  if (value === null) {
    report.error('InvalidMessage', place, { reason: 'type' });
    return null;
  }
  try {
    return withoutHalfCharacters(value, place, report);
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) {
      throw error;
    }
    report.error('InvalidJSON', place, { reason: error.reason });
    return null;
  }
}

// Extra headers: their values as text, the three that become something else, and the rest.

import { holdsLineBreak } from './encoded-words.js';
import { JsonNumber } from './json-number.js';
import { WRONG } from './message-check.js';
import { lowerAscii } from './text-rules.js';

const TAKEN_OUT = new Map([['from', 'from'], ['to', 'to'], ['reply-to', 'replyTo']]);

// {from, to, replyTo, others}: the first three a header or null; `unclear` where some header could not be read.
export function readHeaders(draft, report) {
  const result = { from: null, to: null, replyTo: null, others: [], unclear: new Set() };
  if (draft.isUnclear('extra_headers')) {
    result.unclear = new Set(['from', 'to', 'replyTo', 'others']);
  }
  for (const { key, value, place } of draft.entries('extra_headers')) {
    const text = headerText(value, place, report);
    const role = TAKEN_OUT.get(lowerAscii(key));
    if (text === WRONG) {
      result.unclear.add(role ?? 'others');
    } else if (role === undefined) {
      result.others.push({ name: key, value: text, place });
    } else if (role !== 'replyTo' || text.trim() !== '') {
      result[role] = { name: key, value: text, place };
    }
  }
  return result;
}

function headerText(value, place, report) {
  const text = value instanceof JsonNumber ? value.toPlainText() : value;
  if (holdsLineBreak(text)) {
    report.invalidValue('line-break', place);
    return WRONG;
  }
  return text;
}

// Headers that the properties for tracking are meant for, or that Mailjet keeps for itself.
export function warnReserved(headers, report) {
  for (const { name, place } of headers) {
    const lower = lowerAscii(name);
    if (['x-mailjet-trackclick', 'x-mailjet-trackopen'].includes(lower) || lower.startsWith('x-mj-')) {
      report.warning('ReservedHeader', place);
    }
  }
}

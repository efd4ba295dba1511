// Extra headers: their values as text, headers with a special meaning, and the rest.

import { holdsLineBreak } from './encoded-words.js';
import { JsonNumber } from './json-number.js';
import { WRONG } from './message-check.js';
import { lowerAscii } from './text-rules.js';

const TAKEN_OUT = new Map([
  ['from', 'from'], ['to', 'to'], ['cc', 'cc'], ['bcc', 'bcc'], ['reply-to', 'replyTo'],
]);
// Headers that Mailjet writes itself, or interprets in addition to the properties with the same purpose.
const RESERVED = new Set([
  'content-type', 'content-transfer-encoding', 'mime-version', 'return-path', 'dkim-signature', 'received',
  'x-mailjet-campaign', 'x-mailjet-deduplicatecampaign', 'x-mailjet-prio', 'x-mailjet-trackclick',
  'x-mailjet-trackopen',
]);
const RECIPIENT_HEADERS = new Set(['to', 'cc', 'bcc']);

// {from, to, cc, bcc, replyTo, others}: all but the last a header or null; `unclear` if some header cannot be read.
export function readHeaders(draft, report) {
  const result = {
    from: null, to: null, cc: null, bcc: null, replyTo: null, others: [], unclear: new Set(),
  };
  if (draft.isUnclear('extra_headers')) {
    result.unclear = new Set([...TAKEN_OUT.values(), 'others']);
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

export function warnReserved(headers, report) {
  for (const { name, place } of headers) {
    const lower = lowerAscii(name);
    if (RESERVED.has(lower) || lower.startsWith('x-mj-')) {
      report.warning('ReservedHeader', place);
    }
  }
}

// Headers of esp_extra that show recipients without delivering to them.
export function warnRecipientHeaders(headers, report) {
  for (const { name, place } of headers) {
    if (RECIPIENT_HEADERS.has(lowerAscii(name))) {
      report.warning('ReservedHeader', place);
    }
  }
}

// The types of the documented fields of an event. A field of another type is reported, and counts as absent.

import { JsonNumber } from './json-number.js';
import { pointerPart } from './json-text.js';

// The last second of the year 9999.
const LATEST_TIME = 253402300799;

const isText = (value) => typeof value === 'string';
const isNumber = (value) => value instanceof JsonNumber;
const isDigits = (value) => isText(value) && /^[0-9]+$/.test(value);
const isNumberOrEmpty = (value) => isNumber(value) || value === '';
const isFlag = (value) => [true, false, 'true', 'false', ''].includes(value);
const isTimeNumber = (value) => isNumber(value) && value.toNumber() >= 0 && value.toNumber() < LATEST_TIME + 1;
const isTime = (value) => value === '' || isTimeNumber(value) || (isDigits(value) && Number(value) <= LATEST_TIME);
const isMessageId = (value) => value === '' || (isNumber(value) && /^[0-9]+$/.test(value.toIntegerText() ?? ''));

const TEXTS = [
  'event', 'email', 'Message_GUID', 'customcampaign', 'CustomID', 'mj_message_id', 'smtp_reply', 'ip', 'geo', 'agent',
  'url', 'error_related_to', 'error', 'comment', 'source',
];
const NUMBERS = ['mj_campaign_id', 'mj_contact_id', 'mj_list_id'];

const FIELDS = [
  ...TEXTS.map((name) => [name, isText]),
  ...NUMBERS.map((name) => [name, isNumberOrEmpty]),
  ['hard_bounce', isFlag],
  ['blocked', isFlag],
  ['time', isTime],
  ['MessageID', isMessageId],
  ['Payload', (value) => isText(value) || isNumber(value)],
];

// The usable fields of an event. Null is never reported.
export function checkEvent(event, pointer, malformed) {
  const usable = new Map();
  for (const [name, fits] of FIELDS) {
    const value = event.get(name) ?? null;
    if (value === null) {
      continue;
    }
    if (fits(value)) {
      usable.set(name, value);
      continue;
    }
    malformed.add(pointer + pointerPart(name));
    // A string of digits is reported, too, but is used as the id.
    if (name === 'MessageID' && isDigits(value)) {
      usable.set(name, value);
    }
  }
  return usable;
}

// Checks esp_extra against Mailjet's documentation: each property's type and shape. Errors are reported at the deepest
// wrong value. Values are not rewritten, so domains must be ASCII already.

import { AddressError, parseAddressList, parseBareAddress } from './addresses.js';
import { holdsLineBreak } from './encoded-words.js';
import { JsonNumber } from './json-number.js';
import { WRONG } from './message-check.js';
import { inside } from './places.js';
import { isBase64, lowerAscii } from './text-rules.js';

const HEADER_NAME = /^[!-9;-~]+$/;

function tell(place, report) {
  report.invalidValue('payload-schema', place);
  return WRONG;
}

// A checker takes a value, its place and the report; it returns the value to write, or WRONG.

const only = (test) => (value, place, report) => (value === WRONG || test(value) ? value : tell(place, report));
const isText = (value) => typeof value === 'string';
const isInteger = (value) => value instanceof JsonNumber && value.isInteger();
const oneOf = (...numbers) => (value) => isInteger(value) && numbers.some((each) => value.equals(new JsonNumber(each)));

const text = only(isText);
const line = only((value) => isText(value) && !holdsLineBreak(value));

// A text that an address parser can read.
const readBy = (parse) => only((value) => {
  if (!isText(value)) {
    return false;
  }
  try {
    parse(value, false);
    return true;
  } catch (error) {
    if (error instanceof AddressError) {
      return false;
    }
    throw error;
  }
});

const bareAddress = readBy(parseBareAddress);
const addressList = readBy((value) => value === '' || parseAddressList(value, false));

// Without null, at any depth.
function noNull(value, place, report) {
  let result = value;
  if (value === null) {
    result = tell(place, report);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      result = noNull(item, inside(place, index), report) === WRONG ? WRONG : result;
    });
  } else if (value instanceof Map) {
    value.forEach((item, key) => {
      result = noNull(item, inside(place, key), report) === WRONG ? WRONG : result;
    });
  }
  return result;
}

function listOf(checkItem) {
  return (value, place, report) => {
    if (!Array.isArray(value)) {
      return only(() => false)(value, place, report);
    }
    const items = value.map((item, index) => checkItem(item, inside(place, index), report));
    return items.includes(WRONG) ? WRONG : items;
  };
}

// An object with these members, some of which are required; unknown members are copied.
function objectOf(members, required) {
  return (value, place, report) => {
    if (!(value instanceof Map)) {
      return only(() => false)(value, place, report);
    }
    const result = new Map();
    for (const [key, item] of value) {
      const check = Object.hasOwn(members, key) ? members[key] : noNull;
      result.set(key, check(item, inside(place, key), report));
    }
    const isComplete = required.every((key) => value.has(key)) || tell(place, report) !== WRONG;
    return isComplete && ![...result.values()].includes(WRONG) ? result : WRONG;
  };
}

const variables = objectOf({}, []);
const recipient = objectOf({ Email: bareAddress, Name: line, Vars: variables }, ['Email']);
const attachment = objectOf({
  'Content-type': line,
  Filename: line,
  content: only((value) => isText(value) && isBase64(value)),
}, ['Content-type', 'Filename', 'content']);

function headers(value, place, report) {
  if (!(value instanceof Map)) {
    return only(() => false)(value, place, report);
  }
  const result = new Map();
  for (const [name, item] of value) {
    const isNamed = HEADER_NAME.test(name);
    result.set(name, isNamed ? line(item, inside(place, name), report) : tell(inside(place, name), report));
  }
  return [...result.values()].includes(WRONG) ? WRONG : result;
}

const PROPERTIES = new Map(Object.entries({
  FromEmail: bareAddress,
  FromName: line,
  Sender: bareAddress,
  Recipients: listOf(recipient),
  To: addressList,
  Cc: addressList,
  Bcc: addressList,
  Subject: line,
  'Text-part': text,
  'Html-part': text,
  'Mj-TemplateID': only((value) => isInteger(value) || (isText(value) && value !== '')),
  'Mj-TemplateLanguage': only((value) => typeof value === 'boolean'),
  'MJ-TemplateErrorReporting': bareAddress,
  'MJ-TemplateErrorDeliver': only((value) => value === 'deliver' || value === '0' || oneOf(0)(value)),
  Attachments: listOf(attachment),
  Inline_attachments: listOf(attachment),
  'Mj-prio': only(isInteger),
  'Mj-campaign': line,
  'Mj-deduplicatecampaign': only(oneOf(0, 1)),
  'Mj-trackopen': only(oneOf(0, 1, 2)),
  'Mj-trackclick': only(oneOf(0, 1, 2)),
  'Mj-CustomID': text,
  'Mj-EventPayLoad': text,
  'Mj-MonitoringCategory': text,
  Headers: headers,
  Vars: variables,
  Messages: noNull,
}));

const DOCUMENTED_NAMES = new Map([...PROPERTIES.keys()].map((name) => [lowerAscii(name), name]));

// The documented spelling of a property's name, or null.
export function documentedName(name) {
  return DOCUMENTED_NAMES.get(lowerAscii(name)) ?? null;
}

// The value to write for a property, documented or not, or WRONG.
export function checkProperty(name, value, place, report) {
  return (PROPERTIES.get(name) ?? noNull)(value, place, report);
}

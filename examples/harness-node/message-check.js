// Checks the shape of a message or of the options. Wrong values are reported, and dropped from the result.

import { orTell, readAddresses, readOneAddress } from './address-fields.js';
import { parseBareAddress } from './addresses.js';
import { JsonNumber } from './json-number.js';
import { compareByCodePoint } from './json-text.js';
import { DEEPEST_NESTING } from './bodies.js';
import { inside } from './places.js';
import { FEATURES } from './report.js';
import { hasLineBreak, lowerAscii } from './text-rules.js';

// Marks a wrong value that was reported.
export const WRONG = Symbol('wrong');

const MEDIA_TYPE = /^[^\s/;]+\/[^\s/;]+/;
const DATE = /\d{4}-\d{2}-\d{2}/;
const TIME_OF_DAY = /[Tt ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)?/;
const TIME = new RegExp(`^${DATE.source}(?:${TIME_OF_DAY.source})?$`);
const HEADER_NAME = /^[!-9;-~]+$/;

const isText = (value) => typeof value === 'string';
const isNumber = (value) => value instanceof JsonNumber;
const isBoolean = (value) => typeof value === 'boolean';
const isObject = (value) => value instanceof Map;
const orNull = (test) => (value) => value === null || test(value);

// A checker takes a value, its place and the report; it returns the value to continue with, or WRONG.

// `isOfType` tests the expected JSON type, `isAllowed` the further conditions for a value of that type.
function only(isOfType, isAllowed = () => true) {
  return (value, place, report) => {
    if (value === WRONG || (isOfType(value) && isAllowed(value))) {
      return value;
    }
    tellInvalid(isOfType(value) ? 'value' : 'type', place, report);
    return WRONG;
  };
}

function tellInvalid(reason, place, report) {
  report.error('InvalidMessage', place, { reason });
}

// The valid items, each with its place; `isComplete` tells whether all are valid.
function listOf(checkItem) {
  return (value, place, report) => {
    if (!Array.isArray(value)) {
      return only(() => false)(value, place, report);
    }
    const all = value.map((item, index) => {
      const itemPlace = inside(place, index);
      return { value: checkItem(item, itemPlace, report), place: itemPlace };
    });
    const items = all.filter((item) => item.value !== WRONG);
    return { items, isComplete: items.length === all.length };
  };
}

// The valid entries: key, value and place; `isComplete` tells whether all are valid.
// `meaningOf` is the meaning of a key: an address, or a name in lower case; null if it is wrong. Keys with the same
// meaning make the object incomplete, unless `isSpoiltBySameKeys` is false.
function entriesOf(checkEntry, meaningOf = (key) => key, isSpoiltBySameKeys = true) {
  return (value, place, report) => {
    if (!isObject(value)) {
      return only(() => false)(value, place, report);
    }
    const entries = [];
    for (const [key, item] of value) {
      const entryPlace = inside(place, key);
      const meaning = meaningOf(key, entryPlace, report);
      const checked = checkEntry(item, entryPlace, report);
      if (meaning !== null && checked !== WRONG) {
        entries.push({ key, meaning, value: checked, place: entryPlace });
      }
    }
    const areAllDifferent = tellSameKeys(entries, report);
    return { entries, isComplete: entries.length === value.size && (areAllDifferent || !isSpoiltBySameKeys) };
  };
}

// Keys with the same meaning are reported once for each meaning, at the least of them.
export function tellSameKeys(entries, report) {
  const groups = new Map();
  for (const entry of entries) {
    groups.set(entry.meaning, [...(groups.get(entry.meaning) ?? []), entry]);
  }
  let areAllDifferent = true;
  for (const group of groups.values()) {
    if (group.length > 1) {
      group.sort((first, second) => compareByCodePoint(first.key, second.key));
      report.error('IncompatibleFields', group[0].place);
      areAllDifferent = false;
    }
  }
  return areAllDifferent;
}

// An object with known members only, as a Map; WRONG if one of them is wrong.
function objectOf(members, required) {
  return (value, place, report) => {
    if (!isObject(value)) {
      return only(() => false)(value, place, report);
    }
    let isRight = true;
    for (const [key, item] of value) {
      if (!Object.hasOwn(members, key)) {
        report.error('UnknownField', inside(place, key));
        isRight = false;
      } else if (members[key](item, inside(place, key), report) === WRONG) {
        isRight = false;
      }
    }
    for (const key of required) {
      if (!value.has(key)) {
        tellInvalid('missing', place, report);
        isRight = false;
      }
    }
    return isRight ? value : WRONG;
  };
}

// A header's name in lower case; null if it is invalid.
function headerName(name, place, report) {
  if (hasLineBreak(name)) {
    report.invalidValue('line-break', place);
    return null;
  }
  if (!HEADER_NAME.test(name)) {
    tellInvalid('header-name', place, report);
    return null;
  }
  return lowerAscii(name);
}

// The address in a key of merge data; null if it is invalid.
function addressOfKey(key, place, report) {
  return orTell(() => parseBareAddress(key), place, report);
}

function addressBy(read) {
  return (value, place, report) => {
    if (!isText(value) && addressObject(value, place, report) === WRONG) {
      return WRONG;
    }
    return read(value, place, report) ?? WRONG;
  };
}

// Two keys for one address do not affect the other addresses, which are all known.
const entriesByAddress = (checkEntry) => entriesOf(checkEntry, addressOfKey, false);

const text = only(isText);
const textOrNull = only(orNull(isText));
const flag = only(isBoolean);
const anything = (value) => value;
const addressObject = objectOf({ email: text, name: textOrNull }, ['email']);
// The addresses of a text or an object, and the single address of a field that allows only one.
const addresses = addressBy(readAddresses);
const oneAddress = addressBy(readOneAddress);
const isMediaType = (value) => value === null || MEDIA_TYPE.test(value);
const oneOf = (...values) => (value) => values.includes(value);

const alternative = objectOf({ content: text, mimetype: only(isText, isMediaType) }, ['content', 'mimetype']);
const attachment = objectOf({
  filename: textOrNull,
  content: text,
  encoding: only(orNull(isText), oneOf('base64', 'utf-8', null)),
  mimetype: only(orNull(isText), isMediaType),
  disposition: only(orNull(isText), oneOf('attachment', 'inline', null)),
  content_id: textOrNull,
}, ['content']);

const FIELDS = {
  from_email: addresses,
  to: listOf(addresses),
  cc: listOf(addresses),
  bcc: listOf(addresses),
  delivery: only(isText, oneOf('individual', 'shared')),
  reply_to: listOf(addresses),
  subject: text,
  body: text,
  content_subtype: only(isText, oneOf('plain', 'html')),
  alternatives: listOf(alternative),
  attachments: listOf(attachment),
  extra_headers: entriesOf(only((value) => isText(value) || isNumber(value)), headerName),
  envelope_sender: oneAddress,
  metadata: entriesOf(anything),
  send_at: only((value) => isNumber(value) || isText(value), (value) => isNumber(value) || TIME.test(value)),
  tags: listOf(text),
  track_clicks: flag,
  track_opens: flag,
  template_id: only((value) => isText(value) || (isNumber(value) && value.isInteger())),
  merge_data: entriesByAddress(only(orNull(isObject))),
  merge_global_data: entriesOf(anything),
  merge_metadata: entriesByAddress(only(isObject)),
  esp_extra: entriesOf(anything, lowerAscii),
};

// The fields of a message or of the defaults: for each the result of its checker, null, or WRONG. Null: not an object.
export function checkMessage(document, place, report, isDefaults = false) {
  if (only(isObject)(document, place, report) === WRONG) {
    return null;
  }
  const fields = new Map();
  for (const [name, value] of document) {
    const fieldPlace = inside(place, name);
    if (name === '$schema') {
      text(value, fieldPlace, report);
    } else if (!Object.hasOwn(FIELDS, name) || (isDefaults && name === 'content_subtype')) {
      report.error('UnknownField', fieldPlace);
    } else {
      fields.set(name, value === null ? null : FIELDS[name](value, fieldPlace, report));
    }
  }
  return fields;
}

// The options: the features to ignore, the defaults' fields (WRONG if they cannot be read), the template's sender.
export function checkOptions(options, place, report) {
  const result = { ignoredFeatures: new Set(), defaults: new Map(), templateSender: null };
  if (only(isObject)(options, place, report) === WRONG) {
    return { ...result, defaults: WRONG };
  }
  for (const [name, value] of options) {
    const optionPlace = inside(place, name);
    if (name === 'ignore_unsupported_features') {
      result.ignoredFeatures = ignoredFeatures(value, optionPlace, report);
    } else if (name === 'send_defaults') {
      result.defaults = value === null ? new Map() : checkMessage(value, optionPlace, report, true) ?? WRONG;
    } else if (name === 'template_sender') {
      result.templateSender = value === null ? null : oneAddress(value, optionPlace, report);
    } else {
      report.error('UnknownField', optionPlace);
    }
  }
  return result;
}

// A set of names, or true for all; null if the option is wrong, so that features must not be reported.
function ignoredFeatures(value, place, report) {
  if (isBoolean(value)) {
    return value || new Set();
  }
  const names = listOf(text)(value, place, report);
  if (names === WRONG) {
    return null;
  }
  for (const item of names.items) {
    if (!FEATURES.has(item.value)) {
      report.noEffect('unknown-feature', item.place);
    }
  }
  return names.isComplete ? new Set(names.items.map((item) => item.value)) : null;
}

// A copy in which every text with a lone surrogate is WRONG, after a report.
export function withoutHalfCharacters(value, place, report, depth = 1) {
  if (isText(value)) {
    if (value.isWellFormed()) {
      return value;
    }
    report.invalidValue('surrogate', place);
    return WRONG;
  }
  if (isNumber(value) && value.isInfinite()) {
    throw new UnreadableDocument('non-finite');
  }
  if (!Array.isArray(value) && !isObject(value)) {
    return value;
  }
  if (depth > DEEPEST_NESTING) {
    throw new UnreadableDocument('too-deep');
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => withoutHalfCharacters(item, inside(place, index), report, depth + 1));
  }
  const copy = new Map();
  for (const [key, item] of value) {
    if (key.isWellFormed()) {
      copy.set(key, withoutHalfCharacters(item, inside(place, key), report, depth + 1));
    } else {
      report.invalidValue('surrogate', place);
    }
  }
  return copy;
}

// `reason` is the reason why the document is not valid JSON.
export class UnreadableDocument extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

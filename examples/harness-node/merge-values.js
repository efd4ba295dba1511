// Values for merge fields: nulls in them, and merge fields that Mailjet would not fill.

import { inside } from './places.js';

// A null at any depth, each at its place.
export function tellNulls(value, place, report) {
  if (value === null) {
    report.invalidValue('null', place);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => tellNulls(item, inside(place, index), report));
  } else if (value instanceof Map) {
    value.forEach((item, key) => tellNulls(item, inside(place, key), report));
  }
}

export function writeGlobalData(draft, payload, report) {
  const variables = new Map();
  for (const { key, value, place } of draft.entries('merge_global_data')) {
    tellNulls(value, place, report);
    variables.set(key, value);
  }
  payload.set('Vars', variables, draft.place('merge_global_data'));
}

// A merge field, or a similar text: the part before the name, the name, the part after it, and the default. Each part
// has a maximum length, so that a text with many openings is not slower than others.
const BEFORE_NAME = '(\\s{0,10}var\\s{0,10}:\\s{0,10})';
const AFTER_NAME = '(\\s{0,10})';
const NAME_IN_BRACKETS = '([^:[\\]{}\\s]{1,200}(?: [^:[\\]{}\\s]{1,50}){0,5})';
const BRACKETS = new RegExp(
  `\\[\\[${BEFORE_NAME}${NAME_IN_BRACKETS}${AFTER_NAME}(?::([^[\\]]{0,1000}))?\\]\\]`, 'gi',
);
// In the template language a name can refer to a member of the value, as in person.name.
const NAME_IN_BRACES = '([\\p{L}\\p{N}_-]{1,200})(?:[.[][^{}:]{0,200}?)?';
const BRACES = new RegExp(`\\{\\{${BEFORE_NAME}${NAME_IN_BRACES}${AFTER_NAME}(?::([^{}]{0,1000}))?\\}\\}`, 'giu');

// `bodies` are all texts and HTML parts of the message; a template overrides each of them, and those of esp_extra.
export function warnMergeFields(draft, payload, bodies, isShared, report) {
  const holds = (name, opening, closing) => {
    const start = isKnownText(payload, name) ? payload.get(name).indexOf(opening) : -1;
    return start >= 0 && payload.get(name).includes(closing, start + opening.length);
  };
  if (holds('Subject', '[[', ']]')) {
    report.noEffect('subject-merge-field', payload.place('Subject'));
  }
  const hasTemplate = payload.has('Mj-TemplateID');
  const isOn = payload.get('Mj-TemplateLanguage') === true && !payload.isUnclear('Mj-TemplateLanguage');
  if (!hasTemplate && !isOn && !payload.isUnclear('Mj-TemplateID', 'Mj-TemplateLanguage')) {
    for (const name of ['Subject', 'Text-part', 'Html-part']) {
      if (holds(name, '{{', '}}')) {
        report.noEffect('template-language-off', payload.place(name));
      }
    }
  }
  const written = ['Text-part', 'Html-part'].filter((name) => payload.hasText(name));
  const ofPayload = written.map((name) => ({ place: payload.place(name) }));
  const overridden = [...bodies.filter(({ text }) => text !== ''), ...ofPayload];
  for (const { place } of hasTemplate ? overridden : []) {
    report.noEffect('template-overrides', place);
  }
  if (!payload.isUnclear('Mj-TemplateID')) {
    warnUnread(payload, isOn, report);
    warnUnknown(draft, payload, isOn, isShared, report);
  }
}

// A text that a wrong value may have replaced is not checked.
function isKnownText(payload, name) {
  return payload.hasText(name) && !payload.isUnclear(name);
}

// Fields in a spelling that Mailjet does not recognize.
function warnUnread(payload, isOn, report) {
  const texts = payload.has('Mj-TemplateID') ? [] : ['Text-part', 'Html-part'];
  const warn = (name, pattern) => {
    if (isKnownText(payload, name) && readFields(payload.get(name), pattern).some(({ isRead }) => !isRead)) {
      report.noEffect('merge-field-syntax', payload.place(name));
    }
  };
  texts.forEach((name) => warn(name, BRACKETS));
  if (isOn) {
    [...texts, 'Subject'].forEach((name) => warn(name, BRACES));
  }
}

// Fields without a default that have no value, at least for one recipient.
function warnUnknown(draft, payload, isOn, isShared, report) {
  // In a shared message recipients do not have their own values.
  const areOwnUnclear = !isShared && (draft.isUnclear('merge_data') || payload.isUnclear('Recipients'));
  const areUnclear = draft.isUnclear('merge_global_data') || payload.isUnclear('Vars');
  if (payload.has('Mj-TemplateID') || areUnclear || areOwnUnclear) {
    return;
  }
  const known = knownNames(payload);
  for (const name of ['Text-part', 'Html-part'].filter((each) => isKnownText(payload, each))) {
    for (const pattern of isOn ? [BRACKETS, BRACES] : [BRACKETS]) {
      for (const field of readFields(payload.get(name), pattern)) {
        if (field.isRead && field.fallback === undefined && !known.has(field.name)) {
          report.warning('UnknownMergeField', payload.place(name), { name: field.name });
        }
      }
    }
  }
}

// The values in Vars, and those that every recipient has.
function knownNames(payload) {
  const recipients = payload.get('Recipients') ?? [];
  const counts = new Map();
  for (const recipient of recipients) {
    for (const name of recipient.get('Vars')?.keys() ?? []) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const ofAll = [...counts].filter(([, count]) => count === recipients.length).map(([name]) => name);
  return new Set([...(payload.get('Vars')?.keys() ?? []), ...ofAll]);
}

function readFields(text, pattern) {
  return Array.from(text.matchAll(pattern), ([, before, name, after, fallback]) => ({
    name, fallback, isRead: before === 'var:' && after === '' && fallback !== '',
  }));
}

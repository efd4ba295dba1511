// Values for merge fields: the nulls among them, and merge fields that Mailjet would not fill.

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

const FIELD_OF_SUBJECT = /\[\[[^]*\]\]/;
const FIELD_OF_LANGUAGE = /\{\{[^]*\}\}/;

// `bodies` are all texts and HTML parts of the message; a template overrides each of them, and those of esp_extra.
export function warnMergeFields(payload, bodies, report) {
  const matches = (name, pattern) => payload.hasText(name) && pattern.test(payload.get(name));
  if (matches('Subject', FIELD_OF_SUBJECT)) {
    report.noEffect('subject-merge-field', payload.place('Subject'));
  }
  const hasTemplate = payload.has('Mj-TemplateID');
  const isOn = payload.get('Mj-TemplateLanguage') === true;
  if (!hasTemplate && !isOn && !payload.isUnclear('Mj-TemplateID', 'Mj-TemplateLanguage')) {
    for (const name of ['Subject', 'Text-part', 'Html-part']) {
      if (matches(name, FIELD_OF_LANGUAGE)) {
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
}

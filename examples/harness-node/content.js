// Subject, text and HTML, and fields that depend on them.

import { holdsLineBreak } from './encoded-words.js';
import { withoutParameters } from './media-types.js';

export function writeSubject(draft, payload, report) {
  writeLine(draft.single('subject'), 'Subject', payload, report);
  if (draft.isUnclear('subject')) {
    payload.markUnclear('Subject');
  }
}

// A text with one line, which becomes a header.
export function writeLine(line, property, payload, report) {
  if (line === null) {
    return;
  }
  if (holdsLineBreak(line.value)) {
    report.invalidValue('line-break', line.place);
    payload.markUnclear(property);
  } else {
    payload.set(property, line.value, line.place);
  }
}

// Returns the texts of the body and of all HTML parts, including the unused ones, each with its place.
export function writeBodies(draft, payload, report) {
  const bodies = [];
  const body = draft.single('body');
  const subtype = draft.single('content_subtype');
  let hasHtml = false;
  let hasText = draft.isUnclear('body');
  if (body !== null) {
    hasHtml = subtype?.value === 'html';
    hasText = !hasHtml;
    payload.set(hasHtml ? 'Html-part' : 'Text-part', body.value, body.place);
    bodies.push({ text: body.value, place: body.place });
  } else if (subtype !== null && !draft.isUnclear('body')) {
    report.noEffect('no-body', subtype.place);
  }
  for (const { value, place } of draft.list('alternatives')) {
    const type = withoutParameters(value.get('mimetype'));
    if (type === 'text/plain' && !hasText) {
      // It is the text version of the HTML.
      hasText = true;
      payload.set('Text-part', value.get('content'), place);
      bodies.push({ text: value.get('content'), place });
      continue;
    }
    if (type !== 'text/html') {
      report.unsupported('alternative part', place);
      continue;
    }
    if (hasHtml) {
      report.unsupported('multiple html parts', place);
    }
    hasHtml = true;
    payload.set('Html-part', value.get('content'), place);
    bodies.push({ text: value.get('content'), place });
  }
  if (draft.isUnclear('alternatives') || draft.isUnclear('content_subtype')) {
    payload.markUnclear('Html-part', 'Text-part');
  }
  if (draft.isUnclear('body')) {
    payload.markUnclear('Text-part', 'Html-part');
  }
  return bodies;
}

// Tracking requires an HTML part or a template.
export function warnTracking(payload, report) {
  if (payload.hasText('Html-part') || payload.has('Mj-TemplateID') || payload.isUnclear('Html-part', 'Mj-TemplateID')) {
    return;
  }
  for (const name of ['Mj-trackclick', 'Mj-trackopen']) {
    // 0 means the account's setting, so it requests nothing.
    if (payload.has(name) && payload.get(name).toNumber() !== 0) {
      report.noEffect('tracking-without-html', payload.place(name));
    }
  }
}

// The ruleset `send`: compiles a message and its options into the payload of Send API v3.

import { parseAddressList } from './addresses.js';
import { orTell } from './address-fields.js';
import { writeReplyTo } from './address-writing.js';
import { warnDangling, warnUnreferenced, writeAttachments } from './attachments.js';
import { warnTracking, writeBodies, writeLine, writeSubject } from './content.js';
import { Draft } from './draft.js';
import { checkDeduplication, mergeEspExtra, tellRecipientConflicts } from './esp-extra.js';
import { readHeaders, warnReserved } from './headers.js';
import { JsonNumber } from './json-number.js';
import { checkLimits } from './limits.js';
import { warnMergeFields, writeGlobalData } from './merge-values.js';
import { WRONG } from './message-check.js';
import { readMetadata, splitByRecipient, writeMetadata } from './metadata.js';
import { Payload } from './payload.js';
import { inMessage, inOptions } from './places.js';
import {
  hasOwnData, readRecipients, tellBesideCopies, tellNullsInMergeData, valuesByAddress, warnUnusedData, warnWithoutData,
  writeRecipientProperties,
} from './recipients.js';
import { Report } from './report.js';
import { readInput } from './send-input.js';
import { templateSenderNeeds, writeSender } from './sender.js';

export function handleSend(input) {
  const report = new Report();
  const { fields, options } = readInput(input, report);
  if (fields === null) {
    return answer(report);
  }
  report.ignoredFeatures = options.ignoredFeatures;
  const draft = new Draft(fields, options.defaults);
  const payload = new Payload();

  const headers = readHeaders(draft, report);
  const recipients = readRecipients(draft, report);
  const ownMetadata = valuesByAddress('merge_metadata', draft);
  const metadata = readMetadata(draft);

  writeSender(draft, headers, payload, report);
  writeRecipientProperties(draft, recipients, valuesByAddress('merge_data', draft), payload);
  writeSubject(draft, payload, report);
  const bodies = writeBodies(draft, payload, report);
  const inline = writeAttachments(draft, payload, report);
  writeGlobalData(draft, payload, report);
  writeMetadata(draft, metadata, payload);
  writeTracking(draft, payload);
  writeTag(draft, payload, report);
  writeTemplate(draft, payload, report);
  const hasReplyToHeader = writeHeaders(draft, headers, payload, report);
  tellUnsupported(draft, headers, report);

  tellNullsInMergeData(draft, report);
  if (hasOwnData(draft)) {
    tellBesideCopies(draft, recipients, report);
  }
  warnUnusedData('merge_data', draft, recipients, report);
  warnUnusedData('merge_metadata', draft, recipients, report);
  warnWithoutData(draft, recipients, report);

  const given = mergeEspExtra(draft, payload, report);
  if (draft.isUnclear('esp_extra')) {
    payload.markUnclear('FromEmail', 'To', 'Recipients', 'Subject', 'Text-part', 'Html-part', 'Mj-TemplateID');
  }
  tellRecipientConflicts(given, draft, payload, report);
  if (hasReplyToHeader && draft.list('reply_to').length > 0) {
    report.noEffect('header-overrides', draft.place('reply_to'));
  }
  const requires = templateSenderNeeds(
    options.templateSender === WRONG ? null : options.templateSender, inOptions('/template_sender'), payload);

  tellMissing(draft, payload, given, report);
  warnMergeFields(draft, payload, bodies, recipients.delivery === 'shared', report);
  warnTracking(payload, report);
  warnUnreferenced(inline, payload, report);
  warnDangling(payload, report);
  checkDeduplication(payload, report);
  if (payload.has('Sender') && !payload.isUnclear('Sender')) {
    report.warning('NeedsApproval', payload.place('Sender'));
  }
  const hasOwnMessages = ownMetadata.size > 0 && payload.has('Recipients');
  checkLimits(payload, hasOwnMessages ? payload.get('Recipients').length : 1, report);
  if (report.errors.length > 0) {
    return answer(report);
  }
  const properties = payload.toMap();
  const output = hasOwnMessages
    ? { Messages: splitByRecipient(properties, metadata, ownMetadata, given.has('Mj-EventPayLoad')) }
    : properties;
  return answer(report, output, requires);
}

function answer({ errors, warnings }, output = null, requires = []) {
  return errors.length > 0 ? { status: 'rejected', errors, warnings } : { status: 'ok', output, warnings, requires };
}

function writeTracking(draft, payload) {
  for (const [field, property] of [['track_clicks', 'Mj-trackclick'], ['track_opens', 'Mj-trackopen']]) {
    const track = draft.single(field);
    if (track !== null) {
      payload.set(property, new JsonNumber(track.value ? 2 : 1), track.place);
    }
  }
}

function writeTag(draft, payload, report) {
  const [first = null, ...others] = draft.list('tags');
  writeLine(first, 'Mj-campaign', payload, report);
  for (const tag of others) {
    report.unsupported('multiple tags', tag.place);
  }
  if (draft.isUnclear('tags')) {
    payload.markUnclear('Mj-campaign');
  }
}

function writeTemplate(draft, payload, report) {
  const template = draft.single('template_id');
  const digits = template?.value instanceof JsonNumber ? template.value.toIntegerText() : template?.value;
  if (template === null || !/^[0-9]+$/.test(digits)) {
    if (template !== null) {
      report.invalidValue('template-name', template.place);
    }
    if (template !== null || draft.isUnclear('template_id')) {
      payload.markUnclear('Mj-TemplateID', 'Mj-TemplateLanguage');
    }
    return;
  }
  payload.set('Mj-TemplateID', new JsonNumber(BigInt(digits)), template.place);
  payload.set('Mj-TemplateLanguage', true, template.place);
}

// Headers, including Reply-To. Returns whether Reply-To comes from an extra header.
function writeHeaders(draft, headers, payload, report) {
  const written = new Map();
  const replyTo = draft.list('reply_to').flatMap(({ value }) => value);
  if (headers.replyTo !== null) {
    const addresses = orTell(() => parseAddressList(headers.replyTo.value), headers.replyTo.place, report);
    if (addresses !== null) {
      written.set('Reply-To', writeReplyTo(addresses));
    }
  } else if (replyTo.length > 0) {
    written.set('Reply-To', writeReplyTo(replyTo));
  }
  for (const { name, value } of headers.others) {
    written.set(name, value);
  }
  warnReserved(headers.others, report);
  payload.set('Headers', written, draft.place('extra_headers'));
  return headers.replyTo !== null && written.has('Reply-To');
}

function tellUnsupported(draft, headers, report) {
  const sendAt = draft.single('send_at');
  if (sendAt !== null) {
    report.unsupported('send_at', sendAt.place);
  }
  for (const [role, feature] of [['to', 'spoofed to header'], ['cc', 'cc header'], ['bcc', 'bcc header']]) {
    if (headers[role] !== null) {
      report.unsupported(feature, headers[role].place);
    }
  }
}

function tellMissing(draft, payload, given, report) {
  const hasTemplate = payload.has('Mj-TemplateID') || payload.isUnclear('Mj-TemplateID');
  const isThere = (name) => payload.hasText(name) || payload.has('Recipients') && name === 'Recipients';
  const isMissing = (...names) => !names.some(isThere) && !payload.isUnclear(...names);
  if (isMissing('To', 'Recipients') && !given.has('Messages')) {
    report.error('MissingField', inMessage('/to'));
  }
  if (!hasTemplate && isMissing('FromEmail')) {
    report.error('MissingField', inMessage('/from_email'));
  }
  if (!hasTemplate && isMissing('Text-part', 'Html-part')) {
    report.error('MissingField', inMessage('/body'));
  }
  if (!hasTemplate && isMissing('Subject')) {
    report.warning('MissingSubject', inMessage('/subject'));
  }
}

// The service's limits.

import { countCodePoints } from './text-rules.js';

const MOST_ADDRESSES = 50;
const MOST_RECIPIENTS = 100;
const MOST_CHARACTERS = 255;
const MOST_BYTES = 15_000_000;

// `messageCount` is the number of messages in the call: more than one if recipients have their own metadata.
export function checkLimits(payload, messageCount, report) {
  const check = (name, limit, actual) => {
    if (actual > limit && !payload.isUnclear(name)) {
      report.error('LimitExceeded', payload.place(name), { limit, actual });
    }
  };
  for (const name of ['To', 'Cc', 'Bcc']) {
    // A duplicate address counts once.
    check(name, MOST_ADDRESSES, new Set(payload.addresses(name)?.map(({ email }) => email.toLowerCase())).size);
  }
  check('Recipients', MOST_RECIPIENTS, payload.get('Recipients')?.length ?? 0);
  for (const name of ['Subject', 'Mj-campaign']) {
    check(name, MOST_CHARACTERS, countCodePoints(payload.get(name) ?? ''));
  }
  checkSize(payload, messageCount, report);
}

// The attachments and the texts together; the error is at the largest.
function checkSize(payload, messageCount, report) {
  const names = ['Attachments', 'Inline_attachments', 'Html-part', 'Text-part'];
  if (payload.isUnclear(...names)) {
    return;
  }
  const attachments = countBytes(payload.get('Attachments')) + countBytes(payload.get('Inline_attachments'));
  const parts = [[payload.has('Attachments') ? 'Attachments' : 'Inline_attachments', attachments]];
  for (const name of ['Html-part', 'Text-part']) {
    parts.push([name, Buffer.byteLength(payload.get(name) ?? '', 'utf8')]);
  }
  const actual = messageCount * parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (actual > MOST_BYTES) {
    const [largest] = parts.reduce((best, part) => (part[1] > best[1] ? part : best));
    report.error('LimitExceeded', payload.place(largest), { limit: MOST_BYTES, actual });
  }
}

function countBytes(attachments = []) {
  return attachments.reduce((sum, attachment) => sum + Buffer.byteLength(attachment.get('content'), 'base64'), 0);
}

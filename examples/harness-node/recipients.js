// The recipients: a private message for each, or one shared message; and the data for each recipient.

import { writeRecipients } from './address-writing.js';
import { tellNulls } from './merge-values.js';
import { WRONG } from './message-check.js';

// The recipients of to, cc and bcc, each {addresses, isComplete}; and the delivery.
export function readRecipients(draft, report) {
  const recipients = {};
  for (const field of ['to', 'cc', 'bcc']) {
    const addresses = draft.list(field).flatMap(({ value }) => value);
    recipients[field] = { addresses, isComplete: !draft.isUnclear(field) };
  }
  warnDuplicates(recipients, report);
  warnVisible(draft, recipients, report);
  recipients.delivery = readDelivery(draft, recipients, report);
  return recipients;
}

// 'individual' or 'shared'; WRONG if it is wrong, or contradicts the other fields. If it is not given, copies, even
// those that cannot be read, make the message a shared one.
function readDelivery(draft, recipients, report) {
  if (draft.isUnclear('delivery')) {
    return WRONG;
  }
  const given = draft.single('delivery');
  if (given === null) {
    const { cc, bcc } = recipients;
    const hasCopies = cc.addresses.length + bcc.addresses.length > 0 || !cc.isComplete || !bcc.isComplete;
    return hasCopies ? 'shared' : 'individual';
  }
  if (given.value === 'shared' ? hasOwnData(draft) : fieldOfCopies(draft, recipients) !== null) {
    report.error('IncompatibleFields', given.place);
    return WRONG;
  }
  return given.value;
}

function warnDuplicates({ to, cc, bcc }, report) {
  const seen = new Set();
  for (const { email, place } of [...to.addresses, ...cc.addresses, ...bcc.addresses]) {
    const lower = email.toLowerCase();
    if (seen.has(lower)) {
      report.warning('DuplicateRecipient', place);
    }
    seen.add(lower);
  }
}

// Private messages become a shared one if only the defaults add a copy. With a delivery this is on purpose, and data for
// single recipients is an error.
function warnVisible(draft, { to, cc, bcc }, report) {
  const hasCopies = cc.addresses.length + bcc.addresses.length > 0;
  const hasOwnCopies = draft.hasOwnItems('cc') || draft.hasOwnItems('bcc');
  const isOwnUnclear = draft.isUnclear('cc') || draft.isUnclear('bcc');
  const isOnPurpose = hasOwnCopies || isOwnUnclear || draft.has('delivery') || hasOwnData(draft);
  if (to.addresses.length > 1 && hasCopies && !isOnPurpose) {
    report.warning('RecipientsVisible', draft.place('to'));
  }
}

// `variables` has each recipient's own variables, by address.
export function writeRecipientProperties(draft, recipients, variables, payload) {
  const { to, delivery } = recipients;
  if (!to.isComplete || delivery === WRONG) {
    payload.markUnclear('To', 'Recipients');
  }
  if (delivery === 'individual') {
    payload.set('Recipients', to.addresses.map((address) => recipientEntry(address, variables)), draft.place('to'));
    return;
  }
  const shared = delivery === WRONG ? [] : [['To', 'to']];
  for (const [name, field] of [...shared, ['Cc', 'cc'], ['Bcc', 'bcc']]) {
    const { addresses, isComplete } = recipients[field];
    if (addresses.length > 0) {
      payload.set(name, writeRecipients(addresses), draft.place(field), addresses);
    }
    if (!isComplete) {
      payload.markUnclear(name);
    }
  }
}

function recipientEntry({ email, name }, variables) {
  const entry = new Map([['Email', email]]);
  if (name !== null) {
    entry.set('Name', name);
  }
  const own = variables.get(email);
  if (own instanceof Map && own.size > 0) {
    entry.set('Vars', own);
  }
  return entry;
}

// The values of merge_data or merge_metadata by address.
export function valuesByAddress(field, draft) {
  return new Map(draft.entries(field).map(({ meaning, value }) => [meaning, value]));
}

// Whether there is data for single recipients: merge_data, even if it is empty, or entries of merge_metadata, even if
// they cannot be read.
export function hasOwnData(draft) {
  const hasMetadata = draft.entries('merge_metadata').length > 0 || draft.hasWrongItems('merge_metadata');
  return draft.has('merge_data') || hasMetadata;
}

export function tellNullsInMergeData(draft, report) {
  for (const { meaning: email, value, place } of draft.entries('merge_data')) {
    // Two keys for one address are not checked further.
    if (!draft.hasTwice('merge_data', email)) {
      tellNulls(value, place, report);
    }
  }
}

// A shared message cannot have data for single recipients: reported at cc, or else at bcc. Copies that cannot be read
// also count.
export function tellBesideCopies(draft, recipients, report) {
  const field = fieldOfCopies(draft, recipients);
  if (field !== null) {
    report.error('IncompatibleFields', draft.place(field));
  }
}

// The field that has copies: cc, or else bcc, or null.
function fieldOfCopies(draft, recipients) {
  const hasCopies = (field) => recipients[field].addresses.length > 0 || draft.hasWrongItems(field);
  return ['cc', 'bcc'].find(hasCopies) ?? null;
}

// Data for addresses that are not in `to`, or that differ only in case.
export function warnUnusedData(field, draft, { to }, report) {
  if (!to.isComplete) {
    return;
  }
  const emails = new Set(to.addresses.map(({ email }) => email));
  const lowerEmails = new Set([...emails].map((email) => email.toLowerCase()));
  for (const { meaning: email, place } of draft.entries(field)) {
    if (!emails.has(email) && !draft.hasTwice(field, email)) {
      report.warning(lowerEmails.has(email.toLowerCase()) ? 'CaseMismatch' : 'UnusedData', place);
    }
  }
}

// Recipients without merge data, if others have some.
export function warnWithoutData(draft, { to }, report) {
  const known = new Set(draft.entries('merge_data').map(({ meaning }) => meaning));
  const hasData = ({ email }) => known.has(email) && !draft.hasTwice('merge_data', email);
  if (draft.isUnclear('merge_data') || !to.addresses.some(hasData)) {
    return;
  }
  for (const { email, place } of to.addresses) {
    if (!known.has(email)) {
      report.warning('RecipientWithoutData', place);
    }
  }
}

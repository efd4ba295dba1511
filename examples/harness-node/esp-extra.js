// esp_extra: the service's own properties. They are merged into the payload last and override it.

import { AddressError, parseAddressList } from './addresses.js';
import { compareByCodePoint } from './json-text.js';
import { warnRecipientHeaders, warnReserved } from './headers.js';
import { WRONG, tellSameKeys } from './message-check.js';
import { checkProperty, documentedName } from './payload-check.js';
import { inside } from './places.js';
import { lowerAscii } from './text-rules.js';

const PROPERTIES_OF_V3_1 = new Set([
  'from', 'replyto', 'textpart', 'htmlpart', 'templateid', 'templatelanguage', 'templateerrorreporting',
  'templateerrordeliver', 'inlinedattachments', 'priority', 'customcampaign', 'deduplicatecampaign', 'trackopens',
  'trackclicks', 'customid', 'eventpayload', 'monitoringcategory', 'variables', 'urltags', 'sandboxmode', 'globals',
  'advanceerrorhandling',
]);
const RECIPIENT_PROPERTIES = ['Recipients', 'To', 'Cc', 'Bcc'];
const SHARED_PROPERTIES = ['To', 'Cc', 'Bcc'];

// Merges esp_extra into the payload. Returns its entries by their documented names.
export function mergeEspExtra(draft, payload, report) {
  const given = new Map();
  for (const entry of draft.entries('esp_extra')) {
    if (PROPERTIES_OF_V3_1.has(lowerAscii(entry.key))) {
      report.invalidValue('v3.1-property', entry.place);
      continue;
    }
    const name = documentedName(entry.key);
    if (name === null) {
      report.warning('UnknownProperty', entry.place);
    }
    given.set(name ?? entry.key, entry);
    mergeProperty(name ?? entry.key, entry, payload, report);
  }
  return given;
}

function mergeProperty(name, { value, place }, payload, report) {
  if (name === 'Headers' && value instanceof Map) {
    const headers = Array.from(value.keys(), (key) => ({ name: key, place: inside(place, key) }));
    warnReserved(headers, report);
    warnRecipientHeaders(headers, report);
  }
  const checked = checkProperty(name, value, place, report);
  if (checked === WRONG) {
    payload.markUnclear(name);
    return;
  }
  payload.unclear.delete(name);
  if (name === 'Headers') {
    mergeHeaders(checked, place, payload, report);
  } else if (name === 'Vars') {
    payload.set(name, new Map([...(payload.get(name) ?? []), ...checked]), place);
  } else if (name !== 'Messages') {
    const addresses = SHARED_PROPERTIES.includes(name) && checked !== '' ? parseAddressList(checked) : null;
    payload.set(name, checked, place, addresses);
  }
}

function mergeHeaders(headers, place, payload, report) {
  const entries = [...headers].map(([key, value]) => ({
    name: key, key, meaning: lowerAscii(key), value, place: inside(place, key),
  }));
  tellSameKeys(entries, report);
  const merged = new Map([...(payload.get('Headers') ?? [])].map(([key, value]) => [lowerAscii(key), [key, value]]));
  for (const { key, meaning, value } of entries) {
    merged.set(meaning, [meaning === 'reply-to' ? 'Reply-To' : key, value]);
  }
  payload.set('Headers', new Map(merged.values()), payload.place('Headers') ?? place);
}

// Errors: two kinds of recipients, Messages, and recipients that do not fit merge data or metadata.
export function tellRecipientConflicts(given, draft, payload, report) {
  const named = RECIPIENT_PROPERTIES.filter((name) => given.has(name) && holdsRecipients(given.get(name).value));
  const isThere = (name) => payload.has(name) || named.includes(name);
  const hasBothKinds = isThere('Recipients') && SHARED_PROPERTIES.some(isThere);
  const hasOwnMetadata = draft.entries('merge_metadata').length > 0;
  if (given.has('Messages')) {
    report.error('IncompatibleFields', given.get('Messages').place);
  }
  if (named.length > 0 && (hasBothKinds || hasOwnMetadata)) {
    report.error('IncompatibleFields', leastPlace(named.map((name) => given.get(name))));
  }
  // If the message itself has cc or bcc, the error is there. A To makes the message shared even if it cannot be read.
  const hasOwnCopies = draft.list('cc').length + draft.list('bcc').length > 0;
  const isShared = payload.has('To') || typeof given.get('To')?.value === 'string';
  if (draft.has('merge_data') && named.length > 0 && isShared && !hasOwnCopies) {
    report.error('IncompatibleFields', leastPlace(named.map((name) => given.get(name))));
  }
}

// A list counts even if an item in it is wrong, and a text even if only a domain in it is wrong.
function holdsRecipients(value) {
  if (typeof value !== 'string') {
    return Array.isArray(value) && value.length > 0;
  }
  try {
    return value === '' || parseAddressList(value).length > 0;
  } catch (error) {
    if (error instanceof AddressError) {
      return false;
    }
    throw error;
  }
}

function leastPlace(entries) {
  return [...entries].sort((first, second) => compareByCodePoint(first.key, second.key))[0].place;
}

// Deduplication of a campaign requires a campaign.
export function checkDeduplication(payload, report) {
  if (payload.has('Mj-deduplicatecampaign') && !payload.has('Mj-campaign') && !payload.isUnclear('Mj-campaign')) {
    report.invalidValue('payload-schema', payload.place('Mj-deduplicatecampaign'));
  }
}

// Metadata: JSON text in Mj-EventPayLoad, and one message for each recipient if some have their own metadata.

import { writeJson } from './json-text.js';

export function readMetadata(draft) {
  return new Map(draft.entries('metadata').map(({ key, value }) => [key, value]));
}

export function writeMetadata(draft, metadata, payload) {
  if (metadata.size > 0) {
    payload.set('Mj-EventPayLoad', writeJson(metadata, true), draft.place('metadata'));
  }
}

// One message for each recipient, with the shared metadata overridden by the recipient's own.
export function splitByRecipient(properties, metadata, ownMetadata, isPayloadGiven) {
  return properties.get('Recipients').map((recipient) => {
    const message = new Map(properties).set('Recipients', [recipient]);
    if (!isPayloadGiven) {
      const own = ownMetadata.get(recipient.get('Email')) ?? new Map();
      const merged = new Map([...metadata, ...own]);
      message.delete('Mj-EventPayLoad');
      if (merged.size > 0) {
        message.set('Mj-EventPayLoad', writeJson(merged, true));
      }
    }
    return message;
  });
}

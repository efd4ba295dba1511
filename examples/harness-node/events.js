// The ruleset `events`: the body of a tracking webhook, and the normalized events in it.

import { mend, readBody } from './bodies.js';
import { checkEvent } from './event-fields.js';
import { JsonNumber } from './json-number.js';
import { JsonTextError, pointerPart, readJson } from './json-text.js';

const EVENT_TYPES = new Map([
  ['sent', 'delivered'],
  ['open', 'opened'],
  ['click', 'clicked'],
  ['bounce', 'bounced'],
  ['blocked', 'rejected'],
  ['spam', 'complained'],
  ['unsub', 'unsubscribed'],
]);

const REJECT_REASONS = new Map([
  ['user unknown', 'bounced'],
  ['mailbox inactive', 'bounced'],
  ['quota exceeded', 'bounced'],
  ['invalid domain', 'bounced'],
  ['no mail host', 'bounced'],
  ['relay/access denied', 'bounced'],
  ['blacklisted', 'blocked'],
  ['sender blocked', 'blocked'],
  ['content blocked', 'blocked'],
  ['policy issue', 'blocked'],
  ['preblocked', 'blocked'],
  ['spam reporter', 'spam'],
  ['typofix', 'invalid'],
]);

export function handleEvents(input) {
  const body = readBody(input.get('body'));
  if (body === null || !(Array.isArray(body.value) || body.value instanceof Map)) {
    return { status: 'rejected', errors: [{ code: 'InvalidBody', document: 'body', path: '', params: {} }] };
  }
  const malformed = body.mended;
  const events = Array.isArray(body.value)
    ? body.value.map((event, index) => readEvent(event, pointerPart(index), malformed))
    : [readEvent(body.value, '', malformed)];
  const warnings = [...malformed].map((path) => ({ code: 'MalformedEvent', document: 'body', path, params: {} }));
  return { status: 'ok', output: { events }, warnings };
}

function readEvent(event, pointer, malformed) {
  const isObject = event instanceof Map;
  if (!isObject) {
    malformed.add(pointer);
  }
  const fields = checkEvent(isObject ? event : new Map(), pointer, malformed);
  // Empty text counts as absent.
  const text = (name) => (typeof fields.get(name) === 'string' && fields.get(name) !== '' ? fields.get(name) : null);
  const description = [text('error_related_to'), text('error')].filter((part) => part !== null).join(': ');
  const tag = text('customcampaign');
  return {
    event_type: eventType(text('event'), text('error'), fields.get('hard_bounce')),
    timestamp: timestamp(fields.get('time')),
    message_id: messageId(fields.get('MessageID')) ?? messageId(fields.get('mj_message_id')),
    event_id: null,
    recipient: text('email'),
    reject_reason: text('error') === null ? null : REJECT_REASONS.get(text('error')) ?? 'other',
    mta_response: text('smtp_reply') ?? text('comment'),
    description: description === '' ? null : description,
    tags: tag === null ? [] : [tag],
    metadata: metadata(text('Payload')),
    click_url: text('url'),
    user_agent: text('agent'),
    bounce_type: bounceType(text('event'), fields.get('hard_bounce')),
    esp_event: event,
  };
}

function isHard(hardBounce) {
  return hardBounce === true || hardBounce === 'true';
}

function bounceType(event, hardBounce) {
  if (!['bounce', 'blocked'].includes(event) || hardBounce === undefined || hardBounce === '') {
    return null;
  }
  return isHard(hardBounce) ? 'hard' : 'soft';
}

function eventType(event, error, hardBounce) {
  if (error === 'greylisted') {
    if (event === 'blocked' || (event === 'bounce' && !isHard(hardBounce))) {
      return 'deferred';
    }
  }
  return EVENT_TYPES.get(event) ?? 'unknown';
}

// event-fields.js ensures that this is a number, or digits, with a year that can be written.
function timestamp(time) {
  if (time === undefined || time === '') {
    return null;
  }
  const seconds = Math.trunc(time instanceof JsonNumber ? time.toNumber() : Number(time));
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

// Decimal digits, or null; 0 counts as absent, and digits with a leading zero are not a message id.
function messageId(value) {
  const digits = value instanceof JsonNumber ? value.toIntegerText() : value;
  return /^[1-9][0-9]*$/.test(digits ?? '') ? digits : null;
}

function metadata(payload) {
  if (payload === null) {
    return new Map();
  }
  try {
    const { value, repeatedKeys } = readJson(payload);
    // A text that needs repair comes from another program.
    const mended = new Set(repeatedKeys);
    mend(value, '', 1, mended);
    return value instanceof Map && mended.size === 0 ? value : new Map();
  } catch (error) {
    if (error instanceof JsonTextError) {
      return new Map();
    }
    throw error;
  }
}

// The sender: FromEmail, FromName and Sender, from from_email, a From header and envelope_sender.

import { orTell } from './address-fields.js';
import { parseAddressList } from './addresses.js';

export function writeSender(draft, headers, payload, report) {
  const envelope = draft.single('envelope_sender');
  const fromEmail = draft.single('from_email');
  if (envelope !== null) {
    const [address] = envelope.value;
    payload.set('Sender', address.email, envelope.place);
    if (address.name !== null) {
      report.noEffect('sender-name', envelope.place);
    }
  }
  if (headers.from !== null) {
    const isFree = envelope === null && !draft.isUnclear('envelope_sender');
    writeFromHeader(headers.from, fromEmail, isFree, payload, report);
  } else if (headers.unclear.has('from') || draft.isUnclear('from_email')) {
    payload.markUnclear('FromEmail');
  } else if (fromEmail !== null) {
    if (fromEmail.value.length > 1) {
      report.unsupported('multiple from emails', fromEmail.place);
    }
    writeFrom(fromEmail.value[0], fromEmail.place, payload);
  }
}

// The header is the sender; from_email then is the envelope sender, unless the message has one.
function writeFromHeader(header, fromEmail, isEnvelopeFree, payload, report) {
  const addresses = orTell(() => parseAddressList(header.value), header.place, report);
  if (addresses?.length > 1) {
    report.error('InvalidAddress', header.place);
  }
  if (fromEmail !== null && fromEmail.value.length > 1) {
    report.error('InvalidAddress', fromEmail.place);
  }
  if (addresses?.length !== 1) {
    payload.markUnclear('FromEmail');
    return;
  }
  writeFrom(addresses[0], header.place, payload);
  if (fromEmail?.value.length === 1 && isEnvelopeFree) {
    payload.set('Sender', fromEmail.value[0].email, fromEmail.place);
  }
}

function writeFrom({ email, name }, place, payload) {
  payload.set('FromEmail', email, place);
  if (name !== null) {
    payload.set('FromName', name, place);
  }
}

// A template has its own sender: the option gives it, or it is a requirement.
export function templateSenderNeeds(templateSender, place, payload) {
  if (payload.has('FromEmail') || payload.isUnclear('FromEmail', 'Mj-TemplateID') || !payload.has('Mj-TemplateID')) {
    return [];
  }
  if (templateSender === null) {
    return [{ kind: 'template_sender', template_id: payload.get('Mj-TemplateID') }];
  }
  const [{ email, name }] = templateSender;
  writeFrom({ email, name: payload.has('FromName') ? null : name }, place, payload);
  return [];
}

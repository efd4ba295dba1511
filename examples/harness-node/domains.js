// The domain of an address: dots and labels, an address literal, or a domain beyond ASCII, which gets its ASCII form.

import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';
import { isAscii } from './text-rules.js';

const ASCII_DOMAIN = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
// IDNA 2008 allows letters, marks and digits, and a few more; Node's UTS 46 is more lenient and accepts symbols.
const ALLOWED_LABEL = /^[\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}\u00b7\u0375\u05f3\u05f4\u30fb\u200c\u200d\u3007-]+$/u;

// The domain as written in the payload, or null if it is invalid.
export function normalizeDomain(domain) {
  if (domain.startsWith('[')) {
    return isAddressLiteral(domain) ? domain : null;
  }
  if (isAscii(domain)) {
    return ASCII_DOMAIN.test(domain) ? domain : null;
  }
  // The result of the mapping must still be a domain: a fullwidth dot is a dot.
  const ascii = domainToASCII(domain);
  if (!/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/.test(ascii) || ascii.length > 253) {
    return null;
  }
  const labels = ascii.split('.');
  return labels.every(isAllowedLabel) ? ascii : null;
}

function isAllowedLabel(label) {
  if (label.length > 63 || label.startsWith('-') || label.endsWith('-')) {
    return false;
  }
  if (!label.startsWith('xn--')) {
    return label.slice(2, 4) !== '--';
  }
  const text = domainToUnicode(label);
  return ALLOWED_LABEL.test(text) && !/^[\p{Mn}\p{Mc}]/u.test(text) && text.slice(2, 4) !== '--';
}

function isAddressLiteral(domain) {
  const content = domain.slice(1, -1);
  return /^IPv6:/i.test(content) ? isIPv6(content.slice(5)) && !content.includes('%') : isIPv4(content);
}

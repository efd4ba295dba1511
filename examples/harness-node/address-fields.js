// Reads addresses in fields of a message, as text or as objects, and reports errors in them.

import { AddressError, parseAddressList, parseBareAddress, readName } from './addresses.js';
import { inside } from './places.js';
import { hasLineBreak } from './text-rules.js';

const NON_ASCII = 'non-ascii local part';

// Runs a parser; reports its exception at the place, and then returns null.
export function orTell(parse, place, report) {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof AddressError)) {
      throw error;
    }
    if (error.reason === 'line-break') {
      report.invalidValue('line-break', place);
    } else if (error.reason === 'non-ascii') {
      // This error cannot be ignored, so it bypasses report.unsupported.
      report.error('UnsupportedFeature', place, { feature: NON_ASCII });
    } else {
      report.error('InvalidAddress', place);
    }
    return null;
  }
}

// The addresses of one value, each with its place; null if it cannot be read.
export function readAddresses(value, place, report) {
  if (typeof value === 'string') {
    const addresses = orTell(() => parseAddressList(value), place, report);
    return addresses?.map((address) => ({ ...address, place })) ?? null;
  }
  const email = orTell(() => parseBareAddress(value.get('email')), inside(place, 'email'), report);
  const name = orTell(() => readNameMember(value.get('name')), inside(place, 'name'), report);
  return email === null || name === null ? null : [{ email, ...name, place }];
}

function readNameMember(name) {
  if (hasLineBreak(name ?? '')) {
    throw new AddressError('line-break');
  }
  return readName(name);
}

// The single address of a value, in a list; null if there are several, which is reported, or none can be read.
export function readOneAddress(value, place, report) {
  const addresses = readAddresses(value, place, report);
  if (addresses !== null && addresses.length > 1) {
    report.error('InvalidAddress', place);
    return null;
  }
  return addresses;
}

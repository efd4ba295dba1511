// Attached files, and images that the HTML shows.

import { holdsLineBreak } from './encoded-words.js';
import { guessType, makeUpName } from './media-types.js';
import { inside } from './places.js';
import { isBase64 } from './text-rules.js';

// Writes both lists. Returns the inline ones as {contentId, place}, for the search in the HTML.
export function writeAttachments(draft, payload, report) {
  const files = [];
  const inline = [];
  for (const { value, place } of draft.list('attachments')) {
    const isInline = value.get('disposition') === 'inline';
    const written = isInline ? readInline(value, place, report) : readFile(value, place, report);
    const content = readContent(value, inside(place, 'content'), report);
    if (written === null || content === null) {
      payload.markUnclear('Attachments', 'Inline_attachments');
    } else {
      (isInline ? inline : files).push({ ...written, content, place });
    }
  }
  if (draft.isUnclear('attachments')) {
    payload.markUnclear('Attachments', 'Inline_attachments');
  }
  const place = draft.place('attachments');
  payload.set('Attachments', files.map(toEntry), place);
  payload.set('Inline_attachments', inline.map(toEntry), place);
  return inline.map((image) => ({ contentId: image.name, place: image.place }));
}

function toEntry({ type, name, content }) {
  return new Map([['Content-type', type], ['Filename', name], ['content', content]]);
}

function readFile(value, place, report) {
  const name = readLine(value, 'filename', place, report);
  const type = readLine(value, 'mimetype', place, report);
  if ((value.get('content_id') ?? '') !== '') {
    report.noEffect('plain-content-id', inside(place, 'content_id'));
  }
  if (name === null || type === null) {
    return null;
  }
  const knownType = type === '' ? guessType(name) : type;
  return { type: knownType, name: name === '' ? makeUpName(knownType) : name };
}

function readInline(value, place, report) {
  const name = readLine(value, 'filename', place, report);
  const type = readLine(value, 'mimetype', place, report);
  const contentId = readLine(value, 'content_id', place, report);
  if (name !== null && name !== '') {
    report.noEffect('inline-filename', inside(place, 'filename'));
  }
  if (contentId === null) {
    return null;
  }
  const bareId = withoutBrackets(contentId);
  if (bareId === '') {
    report.error('MissingField', inside(place, 'content_id'));
    return null;
  }
  return name === null || type === null ? null : { type: type === '' ? guessType(name) : type, name: bareId };
}

// A member that becomes a header: its text, empty if it is missing, or null if it has a line break.
function readLine(value, member, place, report) {
  const text = value.get(member) ?? '';
  if (holdsLineBreak(text)) {
    report.invalidValue('line-break', inside(place, member));
    return null;
  }
  return text;
}

// One pair of angle brackets and the white space around it are not part of a content id.
function withoutBrackets(contentId) {
  return /^\s*<([^]*)>\s*$/.exec(contentId)?.[1].trim() ?? contentId.trim();
}

// The content in base64; null if it is invalid.
function readContent(value, place, report) {
  const content = value.get('content');
  if (value.get('encoding') === 'utf-8') {
    return Buffer.from(content, 'utf8').toString('base64');
  }
  if (!isBase64(content)) {
    report.invalidValue('base64', place);
    return null;
  }
  return content;
}

export function warnUnreferenced(inline, payload, report) {
  // The HTML of a template is unknown, and so are its references.
  if (payload.has('Mj-TemplateID') || payload.isUnclear('Html-part', 'Mj-TemplateID')) {
    return;
  }
  const html = decodeCharacters(payload.get('Html-part') ?? '');
  const referredTo = new Set();
  for (const { index } of html.matchAll(URL_START)) {
    contentIds(html, index + 'cid:'.length).forEach((contentId) => referredTo.add(contentId));
  }
  for (const { contentId, place } of inline) {
    if (!referredTo.has(contentId)) {
      report.noEffect('unreferenced', place);
    }
  }
}

// References without a matching inline attachment, including those of esp_extra.
export function warnDangling(payload, report) {
  if (payload.has('Mj-TemplateID') || payload.isUnclear('Html-part', 'Inline_attachments', 'Mj-TemplateID')) {
    return;
  }
  const names = new Set((payload.get('Inline_attachments') ?? []).map((image) => image.get('Filename')));
  const html = decodeCharacters(payload.get('Html-part') ?? '');
  for (const found of html.matchAll(REFERENCE)) {
    const start = found.index + found[0].length;
    if (/[^"'<>()\s]/.test(html[start] ?? ' ') && !contentIds(html, start).some((contentId) => names.has(contentId))) {
      report.noEffect('dangling-reference', payload.place('Html-part'));
      return;
    }
  }
}

const NAMED_CHARACTERS = new Map([
  ['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"], ['commat', '@'], ['period', '.'],
  ['colon', ':'], ['num', '#'], ['dollar', '$'], ['percnt', '%'], ['plus', '+'], ['lowbar', '_'], ['equals', '='],
  ['sol', '/'], ['excl', '!'], ['quest', '?'], ['ast', '*'], ['lpar', '('], ['rpar', ')'], ['comma', ','],
  ['semi', ';'],
]);

const URL_START = /(?<![A-Za-z0-9+.-])cid:/gi;
// In an attribute or a style sheet, not in visible text.
const REFERENCE = /["'=(]\s{0,10}cid:/gi;
// The end of a URL in HTML; longer URLs are not content ids.
const URL_END = /["'<>]/;
const LONGEST_ID = 255;
// Places where it may end or continue: at a space, in a list of URLs, at its fragment or query.
const POSSIBLE_ENDS = [/\s/, /[\s()]/, /[\s(),;?#]/];

// The possible content ids of a cid: URL that continues here in the HTML, with character references decoded. An id may
// itself contain characters that could end a URL.
function contentIds(html, start) {
  const [whole] = html.slice(start, start + LONGEST_ID).split(URL_END, 1);
  const readings = [whole, ...POSSIBLE_ENDS.map((end) => whole.split(end, 1)[0])];
  return readings.flatMap((reading) => [reading, decodePercent(reading)]);
}

function decodeCharacters(text) {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));?/gi, (source, hexadecimal, decimal, name) => {
    if (name !== undefined) {
      return NAMED_CHARACTERS.get(name) ?? source;
    }
    const point = hexadecimal === undefined ? Number(decimal) : parseInt(hexadecimal, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : source;
  });
}

function decodePercent(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

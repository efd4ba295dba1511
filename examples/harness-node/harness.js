// The conformance protocol: one request per line on standard input, one response per line on standard output.

import { handleEvents } from './events.js';
import { readJson, writeJson } from './json-text.js';
import { handleSend } from './send.js';

const CAPABILITIES = [
  'addresses', 'attachments', 'big-integers', 'content', 'copies', 'defaults', 'delivery', 'encoded-words',
  'envelope-sender', 'esp-extra', 'events', 'from-header', 'header-injection', 'headers', 'idna', 'ignore-unsupported',
  'inline-attachments', 'input', 'limits', 'malformed-events', 'merge-data', 'merge-metadata', 'metadata', 'raw-text',
  'recipients', 'reply-to', 'send-at', 'sender', 'tags', 'templates', 'to-header', 'tracking',
];

const HELLO = {
  protocol: 1,
  implementation: { name: 'harness-node', version: '1.0.0', language: 'JavaScript' },
  rulesets: ['send', 'events'],
  capabilities: CAPABILITIES,
};

const HANDLERS = new Map([['send', handleSend], ['events', handleEvents]]);

// The line of the response; null after bye.
function answerTo(bytes) {
  let sequence = null;
  try {
    const request = readJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).value;
    if (!(request instanceof Map)) {
      throw new TypeError('a request is an object');
    }
    const command = request.get('cmd');
    sequence = request.get('seq') ?? null;
    if (command === 'bye') {
      return null;
    }
    if (command === 'hello') {
      return writeJson(HELLO);
    }
    const handler = HANDLERS.get(command);
    if (handler === undefined) {
      throw new TypeError('no such command');
    }
    return writeJson({ seq: sequence, ...handler(request.get('input')) });
  } catch (error) {
    return writeJson({ seq: sequence, status: 'internal_error', detail: String(error?.stack ?? error) });
  }
}

// Only U+000A ends a line; Node's readline would also split at U+2028, which may occur in a text.
let pending = [];

process.stdin.on('data', (chunk) => {
  let start = 0;
  for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
    pending.push(chunk.subarray(start, end));
    start = end + 1;
    answerLine();
  }
  pending.push(chunk.subarray(start));
});

// The last line may lack its line end, as with --harness-per-case.
process.stdin.on('end', () => {
  if (pending.some((piece) => piece.length > 0)) {
    answerLine();
  }
});

function answerLine() {
  const answer = answerTo(Buffer.concat(pending));
  pending = [];
  if (answer === null) {
    process.stdin.destroy();
    return;
  }
  process.stdout.write(answer + '\n');
}

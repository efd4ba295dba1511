// The message with the defaults merged in; every value has the place that it came from.

import { WRONG } from './message-check.js';
import { inMessage, inOptions, inside } from './places.js';

const MESSAGE = inMessage('');
const DEFAULTS = inOptions('/send_defaults');

export class Draft {
  // `fields` and `defaults` are the results of message-check.js; WRONG if they cannot be read at all.
  constructor(fields, defaults) {
    this.areDefaultsWrong = defaults === WRONG;
    this.fields = fields;
    this.defaults = this.areDefaultsWrong ? new Map() : defaults;
  }

  own(name) {
    return this.fields.get(name) ?? null;
  }

  // The default, unless null in the message drops it.
  default(name) {
    return this.fields.get(name) === null ? null : this.defaults.get(name) ?? null;
  }

  // A single value and its place, or null.
  single(name) {
    const own = this.own(name);
    const value = own ?? this.default(name);
    if (value === null || value === WRONG) {
      return null;
    }
    return { value, place: inside(own === null ? DEFAULTS : MESSAGE, name) };
  }

  // The items of a list, those of the defaults first.
  list(name) {
    return [...(this.default(name)?.items ?? []), ...(this.own(name)?.items ?? [])];
  }

  // The entries of an object; the message's entries override those of the defaults.
  entries(name) {
    const merged = new Map();
    for (const entry of [...(this.default(name)?.entries ?? []), ...(this.own(name)?.entries ?? [])]) {
      merged.set(entry.meaning, entry);
    }
    return [...merged.values()];
  }

  // Whether two keys mean the same, in the message or, if it does not have such a key, in the defaults.
  hasTwice(name, meaning) {
    const count = (given) => (given?.entries ?? []).filter((entry) => entry.meaning === meaning).length;
    return (count(this.own(name)) || count(this.default(name))) > 1;
  }

  // Whether the list or object exists, even if it is empty.
  has(name) {
    return this.own(name) !== null || this.default(name) !== null;
  }

  // Whether the list contains something that cannot be read.
  hasWrongItems(name) {
    return [this.own(name), this.default(name)].some((given) => given?.isComplete === false);
  }

  hasOwnItems(name) {
    return (this.own(name)?.items ?? []).length > 0;
  }

  // The field's place: in the message if it has the field, else in the defaults; a missing field is in the message.
  place(name) {
    const isDefaultsAlone = this.own(name) === null && this.default(name) !== null;
    return inside(isDefaultsAlone ? DEFAULTS : MESSAGE, name);
  }

  // Whether a part of the field was wrong, so that consequences must not be reported.
  isUnclear(name) {
    if (this.areDefaultsWrong && !this.fields.has(name)) {
      return true;
    }
    const isWrong = (value) => value === WRONG || value?.isComplete === false;
    const own = this.own(name);
    const isSingle = own !== null && own !== WRONG && own.isComplete === undefined;
    return isWrong(own) || (!isSingle && isWrong(this.default(name)));
  }
}

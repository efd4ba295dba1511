// The payload while it is made: properties, where each came from, and which of them cannot be told for a wrong value.

export class Payload {
  constructor() {
    this.entries = new Map();
    this.unclear = new Set();
  }

  // Empty lists and objects write nothing. `addresses` are those that a text of addresses holds.
  set(name, value, place, addresses = null) {
    const isEmpty = (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);
    if (!isEmpty) {
      this.entries.set(name, { value, place, addresses });
    }
  }

  has(name) {
    return this.entries.has(name);
  }

  get(name) {
    return this.entries.get(name)?.value;
  }

  place(name) {
    return this.entries.get(name)?.place;
  }

  addresses(name) {
    return this.entries.get(name)?.addresses ?? null;
  }

  // From here on nothing is said of what depends on these properties.
  markUnclear(...names) {
    names.forEach((name) => this.unclear.add(name));
  }

  isUnclear(...names) {
    return names.some((name) => this.unclear.has(name));
  }

  // Whether there is a text that is not empty.
  hasText(name) {
    return typeof this.get(name) === 'string' && this.get(name) !== '';
  }

  toMap() {
    return new Map([...this.entries].map(([name, { value }]) => [name, value]));
  }
}

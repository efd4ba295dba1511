// The payload under construction: properties, their origins, and the properties that are unknown because of errors.

export class Payload {
  constructor() {
    this.entries = new Map();
    this.unclear = new Set();
  }

  // Empty lists and objects write nothing. `addresses` are the addresses in a text.
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

  // From here on, consequences of these properties are not reported.
  markUnclear(...names) {
    names.forEach((name) => this.unclear.add(name));
  }

  isUnclear(...names) {
    return names.some((name) => this.unclear.has(name));
  }

  // Whether the property is a nonempty text.
  hasText(name) {
    return typeof this.get(name) === 'string' && this.get(name) !== '';
  }

  toMap() {
    return new Map([...this.entries].map(([name, { value }]) => [name, value]));
  }
}

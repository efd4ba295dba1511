// The diagnostics of a message: errors and warnings, each with a place, without duplicates.

import { writeJson } from './json-text.js';

// The features that can be ignored; the option accepts only these.
export const FEATURES = new Set([
  'alternative part', 'bcc header', 'cc header', 'multiple from emails', 'multiple html parts', 'multiple tags',
  'send_at', 'spoofed to header',
]);

export class Report {
  constructor() {
    this.errors = [];
    this.warnings = [];
    // The features to ignore: a set of names, true for all, or null if unknown.
    this.ignoredFeatures = new Set();
    this.told = new Set();
  }

  error(code, place, params = {}) {
    this.add(this.errors, code, place, params);
  }

  warning(code, place, params = {}) {
    this.add(this.warnings, code, place, params);
  }

  invalidValue(reason, place) {
    this.error('InvalidValue', place, { reason });
  }

  noEffect(reason, place) {
    this.warning('NoEffect', place, { reason });
  }

  unsupported(feature, place) {
    if (this.ignoredFeatures === null) {
      return;
    }
    if (this.ignoredFeatures === true || this.ignoredFeatures.has(feature)) {
      this.warning('FeatureDropped', place, { feature });
    } else {
      this.error('UnsupportedFeature', place, { feature });
    }
  }

  add(list, code, place, params) {
    const diagnostic = { code, document: place.document, path: place.path, params };
    const key = writeJson(diagnostic);
    if (!this.told.has(key)) {
      this.told.add(key);
      list.push(diagnostic);
    }
  }
}

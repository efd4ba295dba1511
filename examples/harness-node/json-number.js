// A number of a JSON text, with every digit as spelled.

// Beyond this number of digits a number is not written out: 1e999999999 would fill the memory.
const LONGEST_INTEGER = 5000;

export class JsonNumber {
  constructor(text) {
    this.text = String(text);
  }

  // The number as digits and a power of ten, without trailing zeros: 1.50e3 is 15 and 2.
  parts() {
    const [, sign, whole, fraction = '', exponent = '0'] =
      /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(this.text);
    const allDigits = (whole + fraction).replace(/^0+/, '');
    const digits = allDigits.replace(/0+$/, '');
    if (digits === '') {
      return { sign: '', digits: '0', power: 0n };
    }
    const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(allDigits.length - digits.length);
    return { sign, digits, power };
  }

  isInteger() {
    return this.parts().power >= 0n;
  }

  // An integer's digits, or null if it is not an integer or too long to be written.
  toIntegerText() {
    const { sign, digits, power } = this.parts();
    if (power < 0n || power > BigInt(LONGEST_INTEGER)) {
      return null;
    }
    return sign + digits + '0'.repeat(Number(power));
  }

  // As an integer if it is one, otherwise as spelled.
  toPlainText() {
    return this.toIntegerText() ?? this.text;
  }

  // Whether a number with a decimal point or an exponent exceeds the range of floats. Integers may have any size.
  isInfinite() {
    return /[.eE]/.test(this.text) && !Number.isFinite(Number(this.text));
  }

  // Precise enough for ranges, not for digits.
  toNumber() {
    return Number(this.text);
  }

  equals(other) {
    const mine = this.parts();
    const others = other.parts();
    return mine.sign === others.sign && mine.digits === others.digits && mine.power === others.power;
  }
}

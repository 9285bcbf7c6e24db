// Reads a file that has exactly one encoding (docs/formats.md, "Canonical JSON"): its bytes are
// those that would be written, and every field is in its place. Twin of
// attestation/src/canonical.

import { type Kind, malformed, parseWhole } from "./damage.ts";
import { type Decimal, parseDecimal } from "./decimal.ts";
import { fromHex } from "./digest.ts";
import type { Json } from "./json.ts";
import { CannotCheck, Refused, quoted } from "./refused.ts";

/** A field is missing, misplaced or of the wrong form. */
class Malformed extends Refused {}

function refuse(reason: string): never {
  throw new Malformed(reason);
}

/** The fields of a file, read one after another. */
export class Fields {
  private readonly entries: [string, Json][];
  private next = 0;

  constructor(
    private readonly path: string,
    value: Json | undefined,
  ) {
    if (!(value instanceof Map)) refuse(`${path} must be an object`);
    this.entries = [...value];
  }

  /** The next field, which is `name`. */
  field(name: string): Field {
    return this.optional(name) ?? refuse(`${this.path}: \`${name}\` is missing or misplaced`);
  }

  /** The next field if it is `name`. */
  optional(name: string): Field | undefined {
    const entry = this.entries[this.next];
    if (entry?.[0] !== name) return undefined;
    this.next++;
    return new Field(`${this.path}.${name}`, entry[1]);
  }

  /** Refuses any further field. */
  end(): void {
    const entry = this.entries[this.next];
    if (entry) refuse(`${this.path}: unexpected field ${quoted(entry[0])}`);
  }
}

/** One value of a file and its path. */
export class Field {
  constructor(
    readonly path: string,
    readonly json: Json,
  ) {}

  fail(what: string): never {
    return refuse(`${this.path} ${what}`);
  }

  text(): string {
    return typeof this.json === "string" ? this.json : refuse(`${this.path} must be a text`);
  }

  oneOf<T extends string>(words: readonly T[]): T {
    const text = this.text();
    const known = words.find((word) => word === text);
    return known ?? refuse(`${this.path} must be one of ${words.join(", ")}`);
  }

  /** A whole number below 2^bits. */
  integer(bits = 64): bigint {
    if (typeof this.json !== "bigint") return refuse(`${this.path} must be a whole number`);
    return this.json >> BigInt(bits) === 0n ? this.json : refuse(`${this.path} is too large`);
  }

  /** A whole number below 2^53, for counting and indexing. */
  index(): number {
    return Number(this.integer(53));
  }

  /** A whole number below 2^128 as a text of digits. */
  digits(): bigint {
    const text = this.text();
    if (!/^(0|[1-9][0-9]{0,38})$/.test(text))
      refuse(`${this.path} must be a whole number in quotes`);
    const number = BigInt(text);
    return number >> 128n === 0n ? number : refuse(`${this.path} is too large`);
  }

  /** A decimal number. */
  decimal(): Decimal {
    const text = this.text();
    try {
      return parseDecimal(text);
    } catch (error) {
      return refuse(`${this.path}: ${(error as Error).message}`);
    }
  }

  /** An amount: a decimal without a sign or trailing zeros. */
  amount(): string {
    const text = this.text();
    this.decimal();
    if (text.startsWith("-") || /\.[0-9]*0$/.test(text)) {
      refuse(`${this.path}: ${quoted(text)} is not an amount in its shortest form`);
    }
    return text;
  }

  list(): Field[] {
    if (!Array.isArray(this.json)) return refuse(`${this.path} must be a list`);
    return this.json.map((item, i) => new Field(`${this.path}[${i}]`, item));
  }

  fields(): Fields {
    return new Fields(this.path, this.json);
  }

  /** An object whose keys are the file's own, in order. */
  map(): [string, Field][] {
    if (!(this.json instanceof Map)) return refuse(`${this.path} must be an object`);
    const keys = [...this.json.keys()];
    const unsorted = keys.findIndex((key, i) => i > 0 && keys[i - 1]! >= key);
    if (unsorted > 0) refuse(`${this.path}: ${quoted(keys[unsorted]!)} is out of order`);
    return [...this.json].map(([key, value]) => [key, new Field(`${this.path}.${key}`, value)]);
  }

  /** Bytes as `0x` and lower-case digits: `size` of them, or any number. */
  bytes(size?: number): Uint8Array {
    const text = this.text();
    if (!/^0x([0-9a-f]{2})*$/.test(text)) {
      refuse(`${this.path} must be \`0x\` and hexadecimal digits in lower case`);
    }
    const bytes = fromHex(text.slice(2));
    if (size !== undefined && bytes.length !== size)
      refuse(`${this.path}: expected ${size} bytes, got ${bytes.length}`);
    return bytes;
  }

  /** A time in UTC, in its one shortest form. */
  time(): string {
    const text = this.text();
    return isTime(text) ? text : refuse(`${this.path}: ${quoted(text)} is not a UTC time`);
  }
}

/**
 * Reads the file of `kind` with `read`. Any other form than the canonical one cannot be checked.
 */
export function parseCanonical<T>(
  kind: Kind,
  version: string,
  bytes: Uint8Array,
  read: (fields: Fields) => T,
): T {
  const fields = new Fields(kind, parseWhole(kind, version, bytes));
  try {
    fields.field("version");
    const content = read(fields);
    fields.end();
    return content;
  } catch (error) {
    throw error instanceof Malformed ? new CannotCheck(malformed(kind, error.message)) : error;
  }
}

/** Whether a text is a day of the calendar, as `2026-01-01`. */
export function isDate(text: string): boolean {
  const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/** The last time that the native implementation can express, less its `Z`. */
const LAST_TIME = "9999-12-30T22:00:00.999999999";

/** Whether a text is a time in UTC, in its one shortest form. */
export function isTime(text: string): boolean {
  const time = /^(.{10})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{0,8}[1-9])?Z$/.exec(text);
  return time !== null && isDate(time[1]!) && text.slice(0, -1) <= LAST_TIME;
}

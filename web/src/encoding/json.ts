// JSON with exact integers and unique keys. `JSON.parse` turns integers into floating point and
// keeps the last of two equal keys; this keeps every digit and refuses the second key.

import { Refused, quoted } from "./refused.ts";

export type Json = null | string | bigint | Json[] | Map<string, Json>;

/** The deepest nesting of lists and objects: more than any of our files has. */
const MAX_DEPTH = 16;

/**
 * Reads one JSON value. No file of ours has fractions, exponents, true or false: they are refused.
 */
export function parseJson(text: string): Json {
  return read(new Reader(text, /null/y));
}

/** The same of a report, which has true and false too: nothing reads them, and they are null. */
export function parseReport(text: string): Json {
  return read(new Reader(text, /null|true|false/y));
}

function read(reader: Reader): Json {
  const value = reader.value(0);
  reader.end();
  return value;
}

/** The one way to write a value: two spaces of indent, one newline at the end. */
export function printJson(value: Json): string {
  return `${print(value, "\n")}\n`;
}

function print(value: Json, line: string): string {
  if (value === null) return "null";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string") return JSON.stringify(value);
  const inner = `${line}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[${inner}${value.map((item) => print(item, inner)).join(`,${inner}`)}${line}]`;
  }
  if (value.size === 0) return "{}";
  const field = ([key, item]: [string, Json]) => `${JSON.stringify(key)}: ${print(item, inner)}`;
  return `{${inner}${[...value].map(field).join(`,${inner}`)}${line}}`;
}

class Reader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly words: RegExp,
  ) {}

  value(depth: number): Json {
    if (depth > MAX_DEPTH) this.fail("lists or objects nested too deeply");
    this.space();
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.list(depth);
      case '"':
        return this.string();
      default:
        return this.nullOrNumber();
    }
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) this.fail("unexpected text after the end");
  }

  private object(depth: number): Map<string, Json> {
    const fields = new Map<string, Json>();
    this.at++;
    this.space();
    if (this.take("}")) return fields;
    do {
      this.space();
      if (this.text[this.at] !== '"') this.fail("expected a key in quotes");
      const key = this.string();
      if (fields.has(key)) this.fail(`duplicate key ${quoted(key)}`);
      this.space();
      this.need(":");
      fields.set(key, this.value(depth + 1));
      this.space();
    } while (this.take(","));
    this.need("}");
    return fields;
  }

  private list(depth: number): Json[] {
    const items: Json[] = [];
    this.at++;
    this.space();
    if (this.take("]")) return items;
    do {
      items.push(this.value(depth + 1));
      this.space();
    } while (this.take(","));
    this.need("]");
    return items;
  }

  private string(): string {
    const start = this.at++;
    for (; this.text[this.at] !== '"'; this.at++) {
      if (this.text[this.at] === "\\") this.at++;
      if (this.at >= this.text.length) this.fail("a text that does not end");
    }
    this.at++;
    const text = this.literal(this.text.slice(start, this.at));
    // Half of a surrogate pair cannot be written in UTF-8.
    return /\p{Surrogate}/u.test(text) ? this.fail("half a character") : text;
  }

  private literal(quoted: string): string {
    try {
      return JSON.parse(quoted) as string;
    } catch {
      return this.fail("a control character or an invalid escape");
    }
  }

  private nullOrNumber(): null | bigint {
    if (this.match(this.words) !== undefined) return null;
    const digits = this.match(/0|[1-9][0-9]*/y) ?? this.fail("expected a value");
    if (/[.eE]/.test(this.text[this.at] ?? "")) this.fail("expected a whole number");
    return BigInt(digits);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private space(): void {
    this.match(/[ \t\n\r]*/y);
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private need(character: string): void {
    if (!this.take(character)) this.fail(`expected \`${character}\``);
  }

  private fail(what: string): never {
    throw new Refused(`${what} at character ${this.at}`);
  }
}

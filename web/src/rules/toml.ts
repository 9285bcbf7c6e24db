// TOML with exact numbers: a table whose keys must all be known, and whose decimals are quoted.

import { TomlError, parse } from "smol-toml";

import { type Decimal, parseDecimal } from "../encoding/decimal.ts";
import { Refused, refuse } from "../encoding/refused.ts";

/** Reads TOML; integers are bigints. */
export function parseToml(toml: string): unknown {
  try {
    return parse(toml, { integersAsBigInt: true, maxDepth: 16, unsafeKeyBehaviour: "keep" });
  } catch (error) {
    if (error instanceof TomlError) throw new Refused(`the rules are malformed: ${error.message}`);
    throw error;
  }
}

/** A table of the file: every key in it must be read by name. */
export class Table {
  private readonly known = new Set<string>();
  private readonly content: Record<string, unknown>;

  constructor(
    private readonly path: string,
    value: unknown,
  ) {
    const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isTable || value instanceof Date) refuse(`rules: ${path} must be a table`);
    this.content = value as Record<string, unknown>;
  }

  read<T>(read: (table: this) => T): T {
    const content = read(this);
    const unknown = Object.keys(this.content).find((key) => !this.known.has(key));
    if (unknown !== undefined) refuse(`rules: unknown field ${this.key(unknown)}`);
    return content;
  }

  need<T>(name: string, value: T | undefined): T {
    return value ?? refuse(`rules: ${this.key(name)} is missing`);
  }

  is(name: string, text: string): boolean {
    return this.get(name) === text;
  }

  /** Whether there is a table of this name. */
  isTable(name: string): boolean {
    const value = this.get(name);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }

  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === "string") return value;
    return refuse(`rules: ${this.key(name)} must be a text`);
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const known = words.find((word) => word === text);
    return known ?? refuse(`rules: ${this.key(name)} must be one of ${words.join(", ")}`);
  }

  flag(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === "boolean") return value;
    return refuse(`rules: ${this.key(name)} must be true or false`);
  }

  /** A decimal in quotes: a bare number may have been through floating point. */
  decimal(name: string): Decimal | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseDecimal(text);
  }

  /** A number of decimals; validate.ts checks its range. */
  decimals(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== "bigint" || value < 0n || value >> 32n !== 0n) {
      return refuse(`rules: ${this.key(name)} must be a number of decimals`);
    }
    return Number(value);
  }

  /** A whole number that is not negative. */
  count(name: string): bigint | undefined {
    const value = this.get(name);
    if (value === undefined || (typeof value === "bigint" && value >= 0n)) return value;
    return refuse(`rules: ${this.key(name)} must be a whole number, not negative`);
  }

  texts(name: string): string[] | undefined {
    const items = this.items(name);
    const isText = (item: unknown): item is string => typeof item === "string";
    return items === undefined || items.every(isText)
      ? items
      : refuse(`rules: ${this.key(name)} must be a list of texts`);
  }

  table(name: string): Table | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : new Table(this.key(name), value);
  }

  tables(name: string): Table[] | undefined {
    return this.items(name)?.map((item, i) => new Table(`${this.key(name)}[${i}]`, item));
  }

  tableMap<T>(name: string, read: (table: Table) => T): Map<string, T> {
    return this.table(name)?.mapOf(read) ?? new Map();
  }

  /** All that is in this table, which has tables alone. */
  mapOf<T>(read: (table: Table) => T): Map<string, T> {
    const entry = (key: string): [string, T] => [key, this.need(key, this.table(key)).read(read)];
    return new Map(Object.keys(this.content).map(entry));
  }

  textMap(): Map<string, string> {
    const keys = Object.keys(this.content);
    return new Map(keys.map((key) => [key, this.need(key, this.text(key))]));
  }

  decimalMap(): Map<string, Decimal> {
    return new Map([...this.textMap()].map(([key, text]) => [key, parseDecimal(text)]));
  }

  private items(name: string): unknown[] | undefined {
    const value = this.get(name);
    if (value === undefined || Array.isArray(value)) return value;
    return refuse(`rules: ${this.key(name)} must be a list`);
  }

  private get(name: string): unknown {
    this.known.add(name);
    return Object.hasOwn(this.content, name) ? this.content[name] : undefined;
  }

  private key(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }
}

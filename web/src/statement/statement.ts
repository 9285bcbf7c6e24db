// Reads the statement file (docs/formats.md, "Statement"). Twin of attestation/src/statement.

import { type Field, parseCanonical } from "../encoding/canonical.ts";

export const STATEMENT = "pacioli statement v1-draft";

export interface StatementLine {
  readonly instrument: string;
  readonly quantity: string;
  readonly worth: readonly string[];
}

export interface Statement {
  readonly attestation: Uint8Array;
  readonly account: string;
  readonly volume: number;
  readonly page: number;
  readonly slot: number;
  readonly nonce: Uint8Array;
  readonly scenarios: readonly string[];
  readonly lines: readonly StatementLine[];
  readonly pageValues: readonly Uint8Array[];
  readonly opening: Uint8Array;
}

/** Reads a statement, and checks only its form. */
export function parseStatement(bytes: Uint8Array): Statement {
  return parseCanonical("statement", STATEMENT, bytes, (fields) => ({
    attestation: fields.field("attestation").bytes(32),
    account: fields.field("account").text(),
    volume: fields.field("volume").index(),
    page: fields.field("page").index(),
    slot: fields.field("slot").index(),
    nonce: fields.field("nonce").bytes(32),
    scenarios: fields
      .field("scenarios")
      .list()
      .map((name) => name.text()),
    lines: fields.field("lines").list().map(readLine),
    pageValues: fields
      .field("page_values")
      .list()
      .map((value) => value.bytes(32)),
    opening: fields.field("opening").bytes(64),
  }));
}

function readLine(field: Field): StatementLine {
  const fields = field.fields();
  const line = {
    instrument: fields.field("instrument").text(),
    quantity: fields.field("quantity").amount(),
    worth: fields
      .field("worth")
      .list()
      .map((worth) => worth.text()),
  };
  fields.end();
  return line;
}

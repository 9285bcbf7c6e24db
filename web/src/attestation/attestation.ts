// Reads the attestation file (docs/formats.md, "Attestation"). Twin of attestation/src/attestation.

import { type Field, type Fields, parseCanonical } from "../encoding/canonical.ts";
import { keccak } from "../encoding/digest.ts";
import { refuse } from "../encoding/refused.ts";
import { type Prices, readPrices } from "../rules/prices.ts";
import { type Drawn, readDrawn } from "./drawn/drawn.ts";
import { type Reserves, readReserves } from "./reserves.ts";

export const ATTESTATION = "pacioli attestation v1-draft";

/** An asset without a price, and all of it that is not in the book. */
export interface AssetLeftOut {
  readonly asset: string;
  readonly lines: bigint;
  readonly accounts: bigint;
  readonly deposits: string;
  readonly borrows: string;
}

/** Lines whose quantities were rounded, and the most that rounding changed. */
export interface Rounding {
  readonly lines: bigint;
  readonly instruments: readonly { instrument: string; lines: bigint; bound: string }[];
  readonly bound: string;
}

export interface Header {
  readonly venue: string;
  readonly sequence: bigint;
  readonly previous: Uint8Array | undefined;
  readonly asOf: string;
  /** How that time was drawn, where it was. */
  readonly drawn: Drawn | undefined;
  readonly accounts: bigint;
  readonly accountsLeftOut: bigint;
  readonly leftOut: readonly AssetLeftOut[];
  readonly rounding: Rounding;
  readonly k: number;
  readonly pageSize: number;
  /** Scenarios of the table, twins and `cover` included. */
  readonly scenarios: number;
  /** The hash of the rules' program; undefined if the rules have none that a contract can read. */
  readonly program: Uint8Array | undefined;
  readonly key: Uint8Array;
  readonly setup: string;
  readonly software: string;
}

/** One volume: per instrument, how many lines hold it and the sum of their quantities. */
export interface VolumeProof {
  readonly counts: readonly bigint[];
  readonly quantities: readonly bigint[];
  readonly proof: Uint8Array;
}

export interface Attestation {
  readonly digest: Uint8Array;
  readonly header: Header;
  readonly rules: string;
  readonly prices: Prices;
  readonly reserves: Reserves | undefined;
  readonly volumes: readonly VolumeProof[];
}

/** Reads an attestation, and checks only its form. */
export function parseAttestation(bytes: Uint8Array): Attestation {
  const content = parseCanonical("attestation", ATTESTATION, bytes, (fields) => ({
    header: readHeader(fields.field("header").fields()),
    rules: fields.field("rules").text(),
    prices: readPrices(fields.field("prices").fields()),
    reserves: readOptional(fields.optional("reserves"), readReserves),
    volumes: fields.field("volumes").list().map(readVolume),
  }));
  return { digest: keccak(bytes), ...content };
}

/**
 * Refuses a sequence number that does not fit the previous digest, and an attestation without
 * volumes.
 */
export function checkChain({ header: { sequence, previous }, volumes }: Attestation): void {
  if ((sequence === 0n) !== (previous === undefined)) {
    refuse(
      previous
        ? "the first attestation (sequence number 0) must not name a previous one"
        : `the attestation with sequence number ${sequence} must name the previous one`,
    );
  }
  if (volumes.length === 0) refuse("the attestation has no volume");
}

function readHeader(fields: Fields): Header {
  const header: Header = {
    venue: fields.field("venue").text(),
    sequence: fields.field("sequence").integer(),
    previous: readDigest(fields.field("previous")),
    asOf: fields.field("as_of").time(),
    drawn: readIf(fields.optional("drawn"), readDrawn),
    accounts: fields.field("accounts").integer(),
    accountsLeftOut: fields.field("accounts_left_out").integer(),
    leftOut: fields.field("left_out").list().map(readAssetLeftOut),
    rounding: readRounding(fields.field("rounding").fields()),
    k: fields.field("k").index(),
    pageSize: fields.field("page_size").index(),
    scenarios: fields.field("scenarios").index(),
    program: readDigest(fields.field("program")),
    key: fields.field("key").bytes(32),
    setup: fields.field("setup").text(),
    software: fields.field("software").text(),
  };
  fields.end();
  return header;
}

function readDigest(field: Field): Uint8Array | undefined {
  return field.json === null ? undefined : field.bytes(32);
}

function readAssetLeftOut(field: Field): AssetLeftOut {
  const fields = field.fields();
  const leftOut = {
    asset: fields.field("asset").text(),
    lines: fields.field("lines").integer(),
    accounts: fields.field("accounts").integer(),
    deposits: fields.field("deposits").amount(),
    borrows: fields.field("borrows").amount(),
  };
  fields.end();
  return leftOut;
}

function readRounding(fields: Fields): Rounding {
  const lines = fields.field("lines").integer();
  const instruments = fields
    .field("instruments")
    .list()
    .map((field) => {
      const fields = field.fields();
      const rounded = {
        instrument: fields.field("instrument").text(),
        lines: fields.field("lines").integer(),
        bound: fields.field("bound").amount(),
      };
      fields.end();
      return rounded;
    });
  const bound = fields.field("bound").amount();
  fields.end();
  return { lines, instruments, bound };
}

function readVolume(field: Field): VolumeProof {
  const fields = field.fields();
  const volume = {
    counts: fields
      .field("counts")
      .list()
      .map((count) => count.integer()),
    quantities: fields
      .field("quantities")
      .list()
      .map((quantity) => quantity.digits()),
    proof: fields.field("proof").bytes(),
  };
  fields.end();
  return volume;
}

function readOptional<T>(field: Field | undefined, read: (fields: Fields) => T): T | undefined {
  return readIf(field, (given) => read(given.fields()));
}

function readIf<T>(field: Field | undefined, read: (field: Field) => T): T | undefined {
  return field && read(field);
}

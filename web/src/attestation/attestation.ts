// The attestation file, read (docs/formats.md, "Attestation").

import { type Field, type Fields, parseCanonical } from "../encoding/canonical.ts";
import { type Prices, readPrices } from "../rules/prices.ts";
import { refuse } from "../encoding/refused.ts";
import { type Reserves, readReserves } from "./reserves.ts";
import { keccak } from "../encoding/digest.ts";

export const ATTESTATION = "pacioli attestation v1-draft";

export interface Exclusion {
  readonly asset: string;
  readonly lines: bigint;
  readonly accounts: bigint;
  readonly deposits: string;
  readonly borrows: string;
}

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
  readonly accounts: bigint;
  readonly accountsLeftOut: bigint;
  readonly exclusions: readonly Exclusion[];
  readonly rounding: Rounding;
  readonly k: number;
  readonly pageSize: number;
  readonly scenarios: number;
  /** The hash of the rules' program, where they have one that a contract can read. */
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

/** Reads an attestation: its form, not yet what it says. */
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

/** Refuses a number that does not go with what stands before, and an attestation of nothing. */
export function checkChain({ header: { sequence, previous }, volumes }: Attestation): void {
  if ((sequence === 0n) !== (previous === undefined)) {
    refuse(`attestation number ${sequence} names ${previous ? "one" : "none"} before it`);
  }
  if (volumes.length === 0) refuse("the attestation has no volume");
}

function readHeader(fields: Fields): Header {
  const header: Header = {
    venue: fields.field("venue").text(),
    sequence: fields.field("sequence").integer(),
    previous: readDigest(fields.field("previous")),
    asOf: fields.field("as_of").time(),
    accounts: fields.field("accounts").integer(),
    accountsLeftOut: fields.field("accounts_left_out").integer(),
    exclusions: fields.field("exclusions").list().map(readExclusion),
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

function readExclusion(field: Field): Exclusion {
  const fields = field.fields();
  const exclusion = {
    asset: fields.field("asset").text(),
    lines: fields.field("lines").integer(),
    accounts: fields.field("accounts").integer(),
    deposits: fields.field("deposits").amount(),
    borrows: fields.field("borrows").amount(),
  };
  fields.end();
  return exclusion;
}

function readRounding(fields: Fields): Rounding {
  const lines = fields.field("lines").integer();
  const instruments = fields.field("instruments").list().map((field) => {
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
    counts: fields.field("counts").list().map((count) => count.integer()),
    quantities: fields.field("quantities").list().map((quantity) => quantity.digits()),
    proof: fields.field("proof").bytes(),
  };
  fields.end();
  return volume;
}

function readOptional<T>(field: Field | undefined, read: (fields: Fields) => T): T | undefined {
  return field && read(field.fields());
}

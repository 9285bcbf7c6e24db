// The files that a reader gave, each in the place of its kind, wherever it was put.

import { sha256 } from "@noble/hashes/sha2.js";

import { type Header, parseAttestation } from "../attestation/attestation.ts";
import { parseKey } from "../attestation/key.ts";
import { type Added, type Kind, kindOf, otherKind } from "../encoding/damage.ts";
import { keccak, toHex } from "../encoding/digest.ts";
import { CannotCheck, Refused } from "../encoding/refused.ts";
import { parseStatement } from "../statement/statement.ts";

/** A place for files on the web page. */
export type Place = Kind | "more";

/** A file that is of one of our kinds, however damaged. */
export interface Given {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly kind: Kind | Added;
  /** Keccak-256 of the bytes, by which attestations are named. */
  readonly keccak: string;
  readonly sha256: string;
  /** What it says of itself, if it can be read. */
  readonly about: About | undefined;
  /** Why it cannot be read, if so. */
  readonly damage: string | undefined;
  /** The place it was put into, if that is not its own. */
  readonly movedFrom: Place | undefined;
}

/** What a file says of itself, read once: an attestation can be large. */
export interface About {
  readonly attestation?: Header;
  /** The digest of a key. */
  readonly key?: string;
  /** The account of a statement, and the digest of the attestation that it belongs to. */
  readonly statement?: { readonly account: string; readonly attestation: string };
}

/** A file of no use here. */
export interface Useless {
  readonly name: string;
  readonly why: string;
  readonly place: Place;
}

/** Everything that was given. */
export class Files {
  readonly all: Given[] = [];
  readonly useless: Useless[] = [];

  /** Takes a file that was put into a place, or dropped anywhere. */
  take(name: string, bytes: Uint8Array, place: Place | undefined): Given | undefined {
    const kind = kindOf(bytes);
    if (!kind) {
      this.useless.push({ name, why: otherKind(bytes), place: place ?? "attestation" });
      return undefined;
    }
    const own = placeOf(kind);
    const given: Given = {
      name,
      bytes,
      kind,
      keccak: toHex(keccak(bytes)),
      sha256: toHex(sha256(bytes)).slice(2),
      ...readAbout(kind, bytes),
      movedFrom: place === undefined || place === own ? undefined : place,
    };
    // A file that is there is given again in vain; one that could not be read was to be replaced.
    this.drop((one) => one.keccak === given.keccak);
    this.drop((one) => one.kind === kind && (one.damage !== undefined || own === "more"));
    this.all.push(given);
    return given;
  }

  /** The files of one kind, in the order in which they were given. */
  of(kind: Kind | Added): Given[] {
    return this.all.filter((one) => one.kind === kind);
  }

  /** Forgets the files for which this is so. */
  drop(which: (one: Given) => boolean): void {
    for (const one of this.all.filter(which)) this.all.splice(this.all.indexOf(one), 1);
  }

  /** Forgets everything. */
  clear(): void {
    this.all.length = 0;
    this.useless.length = 0;
  }
}

/** The place of a kind of file. */
export function placeOf(kind: Kind | Added): Place {
  return kind === "prices" || kind === "certificates" ? "more" : kind;
}

function readAbout(kind: Kind | Added, bytes: Uint8Array): Pick<Given, "about" | "damage"> {
  try {
    return { about: aboutOf(kind, bytes), damage: undefined };
  } catch (error) {
    if (!(error instanceof Refused || error instanceof CannotCheck)) throw error;
    return { about: undefined, damage: error.message };
  }
}

function aboutOf(kind: Kind | Added, bytes: Uint8Array): About {
  switch (kind) {
    case "attestation":
      return { attestation: parseAttestation(bytes).header };
    case "key":
      return { key: toHex(parseKey(bytes).digest) };
    case "statement": {
      const { account, attestation } = parseStatement(bytes);
      return { statement: { account, attestation: toHex(attestation) } };
    }
    default:
      return {};
  }
}

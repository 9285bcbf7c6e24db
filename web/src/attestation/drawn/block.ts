// Blocks of Ethereum: what their RLP headers say, and which is the first after a day. A block's
// hash can be ground by whoever builds it, prevRandao cannot. Twin of
// attestation/src/drawn/block.rs.

import { keccak, numberOf, toHex } from "../../encoding/digest.ts";
import { refuse } from "../../encoding/refused.ts";

/** Where in the list of a header's fields they are, and how many every block has. */
const [PARENT, DIFFICULTY, NUMBER, TIME, MIX_HASH, FIELDS] = [0, 7, 8, 11, 13, 15] as const;

/** The last time that the native implementation can express, in seconds since 1970. */
const LAST_SECOND = 253_402_207_200n;

interface Header {
  readonly hash: Uint8Array;
  readonly parent: Uint8Array;
  readonly isMined: boolean;
  readonly number: bigint;
  /** Seconds since 1970. */
  readonly time: bigint;
  readonly prevRandao: Uint8Array;
}

export interface First {
  readonly number: bigint;
  readonly hash: Uint8Array;
  readonly randomness: Uint8Array;
}

/** The block, if it is the first at or after a day's end, as the one before it shows. */
export function firstAfter(end: bigint, parentBytes: Uint8Array, bytes: Uint8Array): First {
  const parent = readHeader("parent", parentBytes);
  const { number, ...block } = readHeader("block", bytes);
  if (toHex(block.parent) !== toHex(parent.hash) || parent.number + 1n !== number) {
    refuse(`block ${number} does not name ${toHex(parent.hash)} as the one before it`);
  }
  if (block.isMined) refuse(`block ${number} is of the time when blocks were mined`);
  if (block.time < end) refuse(`block ${number} is of before the end of the day`);
  if (parent.time >= end) refuse(`block ${number} is not the first after the end of the day`);
  return { number, hash: block.hash, randomness: block.prevRandao };
}

function readHeader(name: string, bytes: Uint8Array): Header {
  const header = parseHeader(bytes);
  return header ?? refuse(`\`${name}\` is not the RLP header of a block`);
}

function parseHeader(bytes: Uint8Array): Header | undefined {
  const list = readItem(bytes);
  if (!list?.isList || list.rest.length > 0) return undefined;
  const fields: Uint8Array[] = [];
  for (let rest = list.payload; rest.length > 0; ) {
    const item = readItem(rest);
    if (!item || item.isList) return undefined;
    fields.push(item.payload);
    rest = item.rest;
  }
  if (fields.length < FIELDS) return undefined;
  const [parent, prevRandao] = [fields[PARENT]!, fields[MIX_HASH]!];
  const [number, time] = [readNumber(fields[NUMBER]!), readNumber(fields[TIME]!)];
  if (parent.length !== 32 || prevRandao.length !== 32) return undefined;
  if (number === undefined || time === undefined || time > LAST_SECOND) return undefined;
  const isMined = fields[DIFFICULTY]!.length > 0;
  return { hash: keccak(bytes), parent, isMined, number, time, prevRandao };
}

/** A number of at most 64 bits, without zeros before it. */
function readNumber(bytes: Uint8Array): bigint | undefined {
  return bytes.length > 8 || bytes[0] === 0 ? undefined : numberOf(bytes);
}

interface Item {
  readonly isList: boolean;
  readonly payload: Uint8Array;
  readonly rest: Uint8Array;
}

/** The first item of RLP, in its shortest form; undefined where there is none. */
function readItem(bytes: Uint8Array): Item | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first < 0x80) return cut(bytes, false, 0, 1);
  const isList = first >= 0xc0;
  const short = first - (isList ? 0xc0 : 0x80);
  if (short < 56) {
    const isByte = !isList && short === 1;
    return isByte && (bytes[1] ?? 0) < 0x80 ? undefined : cut(bytes, isList, 1, short);
  }
  const size = short - 55;
  const length = bytes.subarray(1, 1 + size);
  if (length.length < size || length[0] === 0) return undefined;
  const count = numberOf(length);
  if (count < 56n || count > BigInt(bytes.length)) return undefined;
  return cut(bytes, isList, 1 + size, Number(count));
}

function cut(bytes: Uint8Array, isList: boolean, start: number, count: number): Item | undefined {
  if (bytes.length < start + count) return undefined;
  const end = start + count;
  return { isList, payload: bytes.subarray(start, end), rest: bytes.subarray(end) };
}

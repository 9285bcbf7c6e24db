// Times that nobody chose (docs/drawn-times.md): a second of a past day that follows from
// randomness which became known only after the day had ended. Twin of attestation/src/drawn.

import { type Field, isDate } from "../../encoding/canonical.ts";
import { Words, keccak, numberOf, toHex } from "../../encoding/digest.ts";
import { refuse } from "../../encoding/refused.ts";
import type { DrawSource } from "../../rules/schema.ts";
import { firstAfter } from "./block.ts";
import { KEY, firstRound, randomnessAt } from "./quicknet.ts";

/** The seconds of a day of UTC. */
const DAY = 86_400n;

/** The last day whose end can be written. */
const LAST_DAY = "9999-12-29";

/** How a time was drawn: the day, and what its second is computed from. */
export interface Drawn {
  readonly from: DrawSource;
  readonly day: string;
  /** The signature of a round, or the headers of a block's parent and of the block. */
  readonly evidence: readonly Uint8Array[];
}

/** A drawn time, computed again. */
export interface Draw {
  readonly second: string;
  /** What it was computed from, as text. */
  readonly seen: string;
}

/** The fields of a drawn time, in the one order that they have. */
export function readDrawn(field: Field): Drawn {
  const fields = field.fields();
  const from = fields.field("from").oneOf(["drand:quicknet", "eip155:1"]);
  const dayField = fields.field("day");
  const day = dayField.text();
  // Texts of this form are in the order of the days.
  if (!isDate(day) || day < "1970-01-01" || day > LAST_DAY) dayField.fail("is not a day");
  const evidence =
    from === "drand:quicknet"
      ? [fields.field("signature").bytes()]
      : [fields.field("parent").bytes(), fields.field("block").bytes()];
  fields.end();
  return { from, day, evidence };
}

/** The digest by which it enters that of the header. */
export function drawnDigest({ from, day, evidence }: Drawn): Uint8Array {
  const words = new Words("pacioli.drawn.v1").text(from).text(day);
  return words.list(evidence, (words, bytes) => words.digest(keccak(bytes))).finish();
}

/** Computes the second again. `key` is that of the network; another one is for tests. */
export function drawAgain({ from, day, evidence }: Drawn, key = KEY): Draw {
  const end = BigInt(Date.parse(`${day}T00:00:00Z`)) / 1_000n + DAY;
  if (from === "drand:quicknet") {
    const randomness = randomnessAt(end, evidence[0]!, key);
    return { second: secondOf(day, randomness), seen: `round ${firstRound(end)}` };
  }
  const { number, hash, randomness } = firstAfter(end, evidence[0]!, evidence[1]!);
  return { second: secondOf(day, randomness), seen: `block ${number}, ${toHex(hash)}` };
}

/** Refuses a snapshot's time that is not the drawn one. */
export function checkDrawn(drawn: Drawn, asOf: string): Draw {
  const { day } = drawn;
  if (!asOf.startsWith(`${day}T`)) {
    refuse(`in the attestation's header: drawn: it is of ${day}, and the snapshot of ${asOf}`);
  }
  const draw = drawAgain(drawn);
  if (draw.second !== asOf) {
    refuse(
      `in the attestation's header: drawn: the second drawn from ${draw.seen} is ${draw.second}, ` +
        `and the snapshot is of ${asOf}`,
    );
  }
  return draw;
}

/** The second of a day that follows from randomness: the hash of both, modulo a day's seconds. */
export function secondOf(day: string, randomness: Uint8Array): string {
  const hash = new Words("pacioli.drawn-second.v1").digest(randomness).text(day).finish();
  const offset = numberOf(hash) % DAY;
  const [hours, minutes, seconds] = [offset / 3_600n, (offset / 60n) % 60n, offset % 60n];
  const two = (number: bigint) => String(number).padStart(2, "0");
  return `${day}T${two(hours)}:${two(minutes)}:${two(seconds)}Z`;
}

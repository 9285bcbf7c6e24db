// Random edits of proofs, the web page against the native verifier and the contract. It takes a
// quarter of an hour, and so is asked for. The first run writes the edits, one a line, and then the
// page's verdicts beside them; a test of the contracts, `verdicts_on_somebody_elses_edits`, writes
// the native ones, meanwhile if one likes; the second run compares.
//
// PACIOLI_EDITS=FILE PACIOLI_EDITS_COUNT=10000 node test.mjs random-edits

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

import { checkLength } from "../src/proof/read.ts";
import { checkVolume } from "../src/proof/volume.ts";
import { shapeOf } from "../src/circuit/shape.ts";
import { Refused } from "../src/encoding/refused.ts";
import { g1Bytes, parseG1 } from "../src/encoding/points.ts";
import { Q, R, big, hex, unhex, word } from "./bytes.ts";
import { type Edited, type Proof, edit, insecureKey, readProofs } from "./edited-proofs.ts";
import { dice } from "./proved.ts";

const file = process.env.PACIOLI_EDITS;

type Words = [number, string][];

/** One random edit of one of the proofs. */
function randomEdit(proofs: readonly Proof[], below: (limit: number) => number): Omit<Edited, "holds"> {
  const of = below(5) < 3 ? 0 : below(proofs.length);
  const proof = proofs[of]!;
  const given = unhex(proof.proof);
  const at = (place: number) => big(given.subarray(32 * place, 32 * place + 32));
  const words = given.length / 32;
  // Commitments, then values, then the two points of the opening.
  const shape = shapeOf(proof.k, proof.page_size);
  checkLength(shape, given);
  const points = 6 + shape.limbs + (4 + shape.limbs) + 3;
  const values = words - 2 * points - 4;
  const anyPoint = () => {
    const i = below(points + 2);
    return i < points ? 2 * i : 2 * i + values;
  };
  const anyValue = () => 2 * points + below(values);
  const random = (limit: bigint) => {
    let number = 0n;
    for (let i = 0; i < 20; i++) number = (number << 16n) | BigInt(below(1 << 16));
    return number % limit;
  };
  const pointAt = (place: number) => given.subarray(32 * place, 32 * place + 64);
  const put = (place: number, point: Uint8Array): Words => [
    [place, hex(point.subarray(0, 32))],
    [place + 1, hex(point.subarray(32))],
  ];
  const set = (place: number, number: bigint): Words => [
    [place, hex(word(BigInt.asUintN(256, number)))],
  ];
  const inInstance = (): Words => {
    const place = below(proof.instance.length);
    const number = BigInt(proof.instance[place]!);
    const other = below(proof.instance.length);
    switch (below(6)) {
      case 0:
        return set(place, number + BigInt(1 + below(3)));
      case 1:
        return set(place, number - 1n);
      case 2:
        return set(place, number + R);
      case 3:
        return set(place, number ^ (1n << BigInt(below(256))));
      case 4:
        // What one instrument loses another gains.
        return [...set(place, number + 1n), ...set(other, BigInt(proof.instance[other]!) - 1n)];
      default:
        return [...set(place, BigInt(proof.instance[other]!)), ...set(other, number)];
    }
  };
  const inProof = (): Words => {
    const [point, value, place] = [anyPoint(), anyValue(), below(words)];
    switch (below(12)) {
      case 0:
        return set(value, random(R));
      case 1:
        return set(value, at(value) + R);
      case 2:
        return set(value, R - at(value));
      case 3:
        return set(value, at(value) + BigInt(1 + below(9)));
      case 4:
        return set(place, at(place) ^ (1n << BigInt(below(256))));
      case 5:
        return set(place, random(1n << 256n));
      case 6:
        return set(point + 1, Q - at(point + 1));
      case 7:
        return set(point + below(2), at(point + below(2)) + Q);
      case 8:
        return put(point, pointAt(anyPoint()));
      case 9: {
        const [a, b] = [pointAt(anyPoint()), pointAt(anyPoint())].map((one) => parseG1(one, "it"));
        const sum = a!.add(b!);
        return put(point, sum.is0() ? new Uint8Array(64) : g1Bytes(sum));
      }
      case 10:
        return put(point, new Uint8Array(64));
      default: {
        const other = anyValue();
        return [...set(value, at(other)), ...set(other, at(value))];
      }
    }
  };
  switch (below(16)) {
    case 0:
      return { of };
    case 1:
      return { of, length: below(2) ? below(2 * given.length) : given.length - 1 + below(3) };
    case 2:
      return { of, scenarios: below(12) };
    case 3:
    case 4:
    case 5:
    case 6:
      return { of, instance: inInstance() };
    case 7:
      return { of, instance: inInstance(), proof: inProof() };
    case 8:
      return { of, proof: [...inProof(), ...inProof()] };
    default:
      return { of, proof: inProof() };
  }
}

async function holds(proofs: readonly Proof[], edited: Omit<Edited, "holds">): Promise<boolean> {
  const { public: inputs, proof } = edit(proofs[edited.of]!, edited);
  try {
    await checkVolume(await insecureKey(proofs[edited.of]!), inputs, proof, async () => {});
    return true;
  } catch (error) {
    assert.ok(error instanceof Refused, String(error));
    return false;
  }
}

test("random edits have the native verdicts", { skip: !file && "PACIOLI_EDITS names no file" }, async () => {
  const proofs = readProofs();
  const lines = (path: string) => readFileSync(path, "utf8").trimEnd().split("\n");
  if (!existsSync(file!)) {
    const below = dice(Number(process.env.PACIOLI_EDITS_SEED ?? 1));
    const count = Number(process.env.PACIOLI_EDITS_COUNT ?? 1000);
    const edits = Array.from({ length: count }, () => JSON.stringify(randomEdit(proofs, below)));
    writeFileSync(file!, `${edits.join("\n")}\n`);
    const own: string[] = [];
    for (const line of edits) {
      own.push((await holds(proofs, JSON.parse(line))) ? "holds" : "refused");
    }
    writeFileSync(`${file}.page`, `${own.join("\n")}\n`);
    return;
  }
  const [edits, own, said] = [lines(file!), lines(`${file}.page`), lines(`${file}.said`)];
  assert.deepEqual([own.length, said.length], [edits.length, edits.length]);
  const others = edits.filter((_, i) => own[i] !== said[i]);
  const held = own.filter((verdict) => verdict === "holds").length;
  console.log(`${edits.length} edits, ${held} hold, ${others.length} said otherwise`);
  assert.deepEqual(others, []);
});

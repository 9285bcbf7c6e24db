// The proofs: what the native verifier and the contract say of each, edited in every word, the web
// page says too, and it draws and computes what halo2's own verifier does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { parseAttestation } from "../src/attestation/attestation.ts";
import { compileBook } from "../src/attestation/book.ts";
import { contextOf, contextWord } from "../src/attestation/context.ts";
import { insecureSetup } from "../src/attestation/setup.ts";
import { toHex, word } from "../src/encoding/digest.ts";
import { g1Bytes } from "../src/encoding/points.ts";
import { verifyingKey } from "../src/proof/key.ts";
import { verifyProofs } from "../src/proof/verify.ts";
import { checkVolume, traceVolume } from "../src/proof/volume.ts";
import { verdictOf } from "./edited-attestations.ts";
import { type Edited, edit, insecureKey, readProofs } from "./edited-proofs.ts";

const json = (name: string) => JSON.parse(readFileSync(`../tests/vectors/${name}.json`, "utf8"));
const never = async () => {};

test("challenges, the quotient and both sides of the pairing are those of halo2's verifier", async () => {
  const native = json("trace");
  const attestation = parseAttestation(readFileSync(`../${native.attestation}`));
  const { header, volumes } = attestation;
  const key = await verifyingKey(header, insecureSetup(header.pageSize), never);
  const { compiled } = compileBook(attestation);
  const { counts, quantities, proof } = volumes[native.volume]!;
  const context = contextWord(contextOf(attestation), native.volume);
  const scenarios = compiled.scenarios.length;
  const inputs = { context, table: compiled.rows, scenarios, counts, quantities };
  const traced = await traceVolume(key, inputs, proof, never);

  const words = (numbers: Readonly<Record<string, bigint>>) =>
    Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, toHex(word(number))]));
  const { y, v, u } = traced.proof.opening;
  const { challenges } = traced.proof;
  assert.deepEqual(
    {
      attestation: native.attestation,
      volume: native.volume,
      key: toHex(key.digest),
      circuit: toHex(word(key.circuit)),
      context: toHex(word(context)),
      theta: toHex(word(traced.theta)),
      challenges: words({ ...challenges, opening_y: y, opening_v: v, u }),
      instance_at_x: words(traced.instance),
      constraints_at_x: toHex(word(traced.constraints)),
      quotient_at_x: toHex(word(traced.quotient)),
      left: toHex(g1Bytes(traced.left)),
      right: toHex(g1Bytes(traced.right)),
    },
    native,
  );
  await checkVolume(key, inputs, proof, never);
});

const STORED = [
  ...["vectors/open_interest/stated", "vectors/portfolio/attestation", "vectors/refused/attestation"],
  ...["vectors/forms/attestation", "vectors/statements/attestation"],
  "fixtures/attestation_v1_draft",
];

for (const name of STORED) {
  test(`the proofs of ${name} hold, and progress is told`, async () => {
    const attestation = parseAttestation(readFileSync(`../tests/${name}.json`));
    const told: number[] = [];
    const setup = insecureSetup(attestation.header.pageSize);
    await verifyProofs(attestation, setup, (checked, of) => told.push(checked, of));
    const { length } = attestation.volumes;
    assert.deepEqual(told, [...Array(length + 1).keys()].flatMap((checked) => [checked, length]));
  });
}

test("every edited proof has the verdict of the native verifier and the contract", async () => {
  const proofs = readProofs();
  const edits: Edited[] = json("edited-proofs");
  assert.ok(edits.some(({ holds }) => holds) && edits.length > 200);
  for (const one of edits) {
    const { public: inputs, proof } = edit(proofs[one.of]!, one);
    const key = await insecureKey(proofs[one.of]!);
    const holds = await checkVolume(key, inputs, proof, never).then(
      () => true,
      ({ message }) => (assert.doesNotMatch(message, /undefined|NaN/), false),
    );
    assert.equal(holds, one.holds, JSON.stringify(one));
  }
});

test("every edited attestation and key has the native verdict", async () => {
  const cases = json("edited-attestations");
  assert.ok(cases.length > 20);
  for (const one of cases) assert.equal(await verdictOf(one), one.says, one.name);
});

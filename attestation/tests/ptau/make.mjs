// Makes a small powers-of-tau file with snarkjs: new, one contribution, a beacon, prepare phase 2.
// Not a ceremony: one machine, fixed entropy.
//
//   node make.mjs POWER FILE
import { rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { curves, powersOfTau } from "snarkjs";

const [power, file] = process.argv.slice(2);
if (!/^[1-9][0-9]?$/.test(power ?? "") || !file) {
  console.error("usage: node make.mjs POWER FILE");
  process.exit(2);
}

const curve = await curves.getCurveFromName("bn128");
const folder = await mkdtemp(join(tmpdir(), "pacioli-ptau-"));
const step = (name) => join(folder, `${name}.ptau`);
try {
  await powersOfTau.newAccumulator(curve, Number(power), step("new"));
  await powersOfTau.contribute(step("new"), step("contributed"), "test", "pacioli test entropy");
  await powersOfTau.beacon(step("contributed"), step("beacon"), "beacon", "0b".repeat(32), 10);
  await powersOfTau.preparePhase2(step("beacon"), file);
} finally {
  await rm(folder, { recursive: true });
  await curve.terminate();
}

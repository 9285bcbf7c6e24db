// Bundles every test and runs node's own test runner on the bundles: `node test.mjs [PART]`, only files whose
// name has the part.

import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";

import { build } from "esbuild";

const outdir = "node_modules/.tests";
rmSync(outdir, { recursive: true, force: true });
const tests = readdirSync("test").filter((file) => file.endsWith(".test.ts") && file.includes(process.argv[2] ?? ""));
await build({
  entryPoints: tests.map((file) => `test/${file}`),
  outdir,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: "inline",
  outExtension: { ".js": ".mjs" },
});
const files = tests.map((file) => `${outdir}/${file.replace(/\.ts$/, ".mjs")}`);
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
process.exit(status ?? 1);

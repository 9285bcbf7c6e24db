// Bundles every test and runs node's own test runner on the bundles: `node test.mjs [PART]`, only files whose
// name has the part.

import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";

import { build } from "esbuild";

// A folder of its own, so that two runs at once do not take each other's files away.
const outdir = `node_modules/.tests/${process.pid}`;
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
rmSync(outdir, { recursive: true, force: true });
process.exit(status ?? 1);

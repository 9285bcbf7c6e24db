// Builds dist/check.html: one file with everything in it, the same bytes every time.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

import { build } from "esbuild";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const { outputFiles } = await build({
  entryPoints: ["src/page.ts"],
  bundle: true,
  write: false,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  // Not minified: who relies on the page can read it.
  legalComments: "inline",
});
const script = `\n${outputFiles[0].text}`;
const style = `\n${readFileSync("src/style.css", "utf8")}`;
const hash = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
const parts = {
  SCRIPT_HASH: hash(script),
  STYLE_HASH: hash(style),
  VERSION: version,
  STYLE: style,
  SCRIPT: script,
};
const html = readFileSync("src/index.html", "utf8").replace(/%([A-Z_]+)%/g, (_, name) => parts[name]);
mkdirSync("dist", { recursive: true });
writeFileSync("dist/check.html", html);

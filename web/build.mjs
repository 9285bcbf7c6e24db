// Builds dist/check.html: one file with everything in it, the same bytes every time. With --check it
// writes nothing, and fails if the file is not what the source builds.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
process.chdir(root);
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const around = readFileSync("src/view/index.html", "utf8").replace("%VERSION%", version);
const { outputFiles } = await build({
  entryPoints: ["src/view/main.ts"],
  absWorkingDir: root,
  bundle: true,
  write: false,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  // The script carries the HTML around it, so that it can say the digest of the whole file.
  define: { HTML: JSON.stringify(around) },
  // Not minified, so that anybody who relies on the web page can read it.
  legalComments: "inline",
});
const script = `\n${outputFiles[0].text}`;
const style = `\n${readFileSync("src/view/style.css", "utf8")}`;
const hash = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
const parts = {
  SCRIPT_HASH: hash(script),
  STYLE_HASH: hash(style),
  STYLE: style,
  SCRIPT: script,
};
const html = around.replace(/%([A-Z_]+)%/g, (_, name) => parts[name]);
if (process.argv.includes("--check")) {
  if (readFileSync("dist/check.html", "utf8") !== html) {
    console.error("dist/check.html is not what the source builds: npm run build");
    process.exit(1);
  }
} else {
  mkdirSync("dist", { recursive: true });
  writeFileSync("dist/check.html", html);
}

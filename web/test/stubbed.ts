// The web page with another check of proofs: files that tests forge have no proof that holds, and
// what the page says of proofs is to be tested without making any.

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { type Plugin, build } from "esbuild";

const stub: Plugin = {
  name: "stub",
  setup({ onResolve }) {
    const path = resolve("test/stub-verify.ts");
    onResolve({ filter: /\/proof\/verify\.ts$/ }, () => ({ path }));
  },
};

/** Builds the web page with the stub, and returns where it is. */
export async function buildStubbed(): Promise<string> {
  const around = readFileSync("src/view/index.html", "utf8").replace("%VERSION%", "0.0.0");
  const { outputFiles } = await build({
    entryPoints: ["src/view/main.ts"],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    define: { HTML: JSON.stringify(around) },
    plugins: [stub],
  });
  const script = `\n${outputFiles[0]!.text}`;
  const style = `\n${readFileSync("src/view/style.css", "utf8")}`;
  const hash = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
  const parts: Record<string, string> = {
    SCRIPT: script,
    STYLE: style,
    SCRIPT_HASH: hash(script),
    STYLE_HASH: hash(style),
  };
  const html = around.replace(/%([A-Z_]+)%/g, (place, name: string) => parts[name] ?? place);
  const file = join(mkdtempSync(join(tmpdir(), "pacioli-page-")), "stubbed.html");
  writeFileSync(file, html);
  return file;
}

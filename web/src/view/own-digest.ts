// The digest of this very file: its SHA-256, as `sha256sum check.html` and `pacioli page --digest`
// print it.
//
// A document cannot read its file, so it puts the file together again: the script and the style as
// they stand in the document, in the HTML around them (build.mjs), which the script carries along.
// It says which file runs to a reader whose file is genuine, and nothing else: a forged one shows
// whatever digest it likes. Who wants to know compares the file from outside.

import { sha256 } from "@noble/hashes/sha2.js";

import { toHex, utf8 } from "../encoding/digest.ts";

/** The HTML around script and style, with a place for each and for its hash (build.mjs). */
declare const HTML: string;

// Known only while the script starts.
const script = typeof document === "undefined" ? null : document.currentScript;

/** The file's SHA-256: 64 digits. */
export function ownDigest(): Promise<string> {
  const style = document.querySelector("style")?.textContent ?? "";
  return Promise.resolve(digestOf(HTML, script?.textContent ?? "", style));
}

/** The SHA-256 of the file with this script and style. */
export function digestOf(html: string, script: string, style: string): string {
  const parts: Record<string, string> = {
    SCRIPT: script,
    STYLE: style,
    SCRIPT_HASH: policyHash(script),
    STYLE_HASH: policyHash(style),
  };
  const file = html.replace(/%([A-Z_]+)%/g, (place, name: string) => parts[name] ?? place);
  return toHex(sha256(utf8(file))).slice(2);
}

/** The hash of a script or style as the content security policy has it. */
function policyHash(text: string): string {
  return `sha256-${btoa(String.fromCharCode(...sha256(utf8(text))))}`;
}

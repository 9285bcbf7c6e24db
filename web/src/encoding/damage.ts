// Recognises a file's kind, and what happened to it on its way. Damage by mail or an editor, or a
// wrong file, says nothing about whoever made the file, so it is kept apart from what does not
// hold. Twin of rules/src/form.rs.

import { utf8 } from "./digest.ts";
import { type Json, parseJson, printJson } from "./json.ts";
import { CannotCheck, Refused, quoted, refuse } from "./refused.ts";

/** Files with one encoding, which state their kind. */
export type Kind = "attestation" | "statement" | "key";

/** Files that a reader may add, which state no kind and are told by their form. */
export type Added = "prices" | "certificates";

const ARTICLES: Record<Kind | Added, string> = {
  attestation: "an attestation",
  statement: "a statement",
  key: "a key",
  prices: "a prices file",
  certificates: "a file of certificates",
};

const VERSION = /"version"\s*:\s*"(pacioli (attestation|statement|key) [^"\\]{0,80})"/;

/** The kind that a file says it is, however damaged; undefined for any that is not ours. */
export function kindOf(bytes: Uint8Array): Kind | Added | undefined {
  const text = loosely(bytes);
  const stated = VERSION.exec(text)?.[2] as Kind | undefined;
  return stated ?? ADDED.find(([, form]) => form.test(text) && !HEADER.test(text))?.[0];
}

/** What an attestation has whose version was lost. */
const HEADER = /"header"\s*:/;

/**
 * A report with certificates; prices by asset under their key; or scenarios, each with multipliers
 * by scenario.
 */
const ADDED: readonly (readonly [kind: Added, form: RegExp])[] = [
  ["certificates", /^\s*\{[^]*"certificates"\s*:\s*\{/],
  ["prices", /^\s*\{[^]*"prices"\s*:\s*\{/],
  ["certificates", /^\s*\{\s*"[^"\\]{1,64}"\s*:\s*\{\s*("[^"\\]{1,64}"\s*:\s*["0-9-]|\})/],
];

/** Describes a file of a kind that this web page does not take. */
export function otherKind(bytes: Uint8Array): string {
  const text = loosely(bytes).trimStart();
  if (text === "") return "an empty file: nothing of it arrived";
  const known = STARTS.find(([start]) => text.startsWith(start));
  if (known) return known[1];
  if (/^\{[^]*"reserves"\s*:/.test(text) && !HEADER.test(text)) {
    return "reserves, which the attestation already contains";
  }
  return "not an attestation, a statement or a key";
}

const STARTS: readonly (readonly [start: string, description: string])[] = [
  ["pacioli setup", "a setup, which is too large for this web page: add the key made from it"],
  ["ptau", "a ceremony’s powers of tau: add the key made from it"],
  ["account,", "a snapshot of a whole book, which should stay private"],
  ["PAR1", "a Parquet file, not an attestation, a statement or a key"],
  ["PK\u0003\u0004", "a compressed file: unpack it first"],
  ["\u001f\ufffd", "a compressed file: unpack it first"],
  ["%PDF", "a PDF document, not an attestation, a statement or a key"],
  ["<", "a web page, not an attestation, a statement or a key: fetch the file itself"],
];

/** The file's one value, if the bytes are exactly those that would be written for it. */
export function parseWhole(kind: Kind, version: string, bytes: Uint8Array): Json {
  const stop = (reason: string): never => {
    throw new CannotCheck(reason);
  };
  const own = kindOf(bytes);
  if (own !== kind) {
    const is = own ? ARTICLES[own] : otherKind(bytes);
    return stop(
      own ? `this is ${is}, not ${ARTICLES[kind]}: give another file` : `the ${kind} is ${is}`,
    );
  }
  if (MARKS.some((mark) => mark.every((byte, i) => bytes[i] === byte))) {
    stop(`the ${kind} begins with a byte order mark: ${RESAVED}`);
  }
  const got = VERSION.exec(loosely(bytes))![1]!;
  if (got !== version) {
    stop(
      `the ${kind} is of version ${quoted(got)}, but this web page reads ${quoted(version)}: ` +
        "use the web page for that version",
    );
  }
  const text = exactly(bytes) ?? stop(`the ${kind} is not UTF-8 text: ${RESAVED}`);
  const json = (() => {
    try {
      return parseJson(text);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (isCutOff(text)) {
        const line = text.split("\n").length;
        return stop(
          `the ${kind} ends in the middle (line ${line}): it was cut off on its way; fetch it ` +
            `again`,
        );
      }
      return stop(malformed(kind, error.message));
    }
  })();
  const written = printJson(json);
  if (written === text) return json;
  const bare = (text: string) => text.replace(/[\r\n]/g, "");
  if (bare(written) === bare(text)) {
    stop(`the line ends of the ${kind} were changed on its way; fetch it again`);
  }
  const differs = firstDifference(utf8(written), bytes);
  return stop(`the ${kind} was formatted anew (byte ${differs} differs): ${RESAVED}`);
}

/** What to do about a file that a program changed. */
const RESAVED = "a program saved it anew on its way; fetch it again";

/** The reason for a file that is not in the form of its kind. */
export function malformed(kind: Kind, what: string): string {
  return (
    `the ${kind} is malformed: ${what}; it was changed on its way, or is of another version: ` +
    "fetch it again"
  );
}

/** Marks that programs put before a text: UTF-8's, and the two of UTF-16. */
const MARKS = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/** The bytes as text, to recognise what they are. */
function loosely(bytes: Uint8Array): string {
  const isWide = (first: number, second: number) => bytes[0] === first && bytes[1] === second;
  const encoding = isWide(0xff, 0xfe) ? "utf-16le" : isWide(0xfe, 0xff) ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** A file's text without the mark before it; refused if it is not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return exactly(bytes)?.replace(/^\ufeff/, "") ?? refuse("the file is not UTF-8 text");
}

function exactly(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether text that is not JSON is only the beginning of it: some bracket or text is open. */
function isCutOff(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (inText) {
      if (character === "\\") at++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
  }
  return inText || depth > 0;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 ? a.length : at;
}

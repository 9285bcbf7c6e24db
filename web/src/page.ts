// The page: takes files, tells them apart by what they say they are, and shows the verdict.

import { ATTESTATION } from "./attestation.ts";
import { versionOf } from "./canonical.ts";
import { type Verdict, check } from "./check.ts";
import { element } from "./dom.ts";
import { KEY } from "./key.ts";
import { STATEMENT } from "./statement.ts";
import { viewAccount } from "./view-account.ts";
import { viewSteps } from "./view-steps.ts";
import { viewVenue } from "./view-venue.ts";
import { verdictTone, viewVerdict } from "./view-verdict.ts";

const KINDS = { [ATTESTATION]: "attestation", [STATEMENT]: "statement", [KEY]: "key" } as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];

interface Given {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const given = new Map<Kind, Given>();
const ignored: string[] = [];

const at = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const form = at<HTMLFormElement>("form");
const files = at<HTMLInputElement>("files");
const id = at<HTMLInputElement>("id");
const list = at("given");
const box = at("verdict");
const report = at("report");

async function take(chosen: Iterable<File>): Promise<void> {
  const started = performance.now();
  ignored.length = 0;
  for (const file of chosen) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const kind = kindOf(bytes);
    if (kind) given.set(kind, { name: file.name, bytes });
    else ignored.push(file.name);
  }
  show(started);
}

function kindOf(bytes: Uint8Array): Kind | undefined {
  try {
    const version = versionOf(bytes);
    return Object.hasOwn(KINDS, version) ? KINDS[version as keyof typeof KINDS] : undefined;
  } catch {
    return undefined;
  }
}

function show(started: number): void {
  list.replaceChildren(
    ...[...given].map(([kind, { name }]) => element("li", {}, `${name}: the ${kind}`)),
    ...ignored.map((name) => element("li", {}, `${name}: not an attestation, a statement or a key`)),
    ...(["attestation", "statement"] as const)
      .filter((kind) => given.size > 0 && !given.has(kind))
      .map((kind) => element("li", {}, `still missing: the ${kind}`)),
  );
  const attestation = given.get("attestation");
  const statement = given.get("statement");
  if (!attestation || !statement) {
    clear();
    return;
  }
  const key = given.get("key")?.bytes ?? null;
  const verdict = check(attestation.bytes, statement.bytes, key, id.value === "" ? null : id.value);
  render(verdict, performance.now() - started);
}

function render(verdict: Verdict, milliseconds: number): void {
  box.className = verdictTone(verdict);
  box.replaceChildren(...viewVerdict(verdict));
  box.hidden = false;
  const { attestation, book, summary, statement, lines, setup } = verdict.found;
  report.replaceChildren(
    ...(verdict.outcome === "holds" && statement && lines && book
      ? viewAccount(statement.account, lines, book.compiled)
      : []),
    ...(attestation && book && summary ? viewVenue(attestation, book, summary, setup) : []),
    ...viewSteps(verdict, milliseconds),
  );
  box.dataset.milliseconds = String(Math.round(milliseconds));
  box.focus({ preventScroll: true });
  box.scrollIntoView();
}

function clear(): void {
  box.hidden = true;
  box.replaceChildren();
  report.replaceChildren();
}

files.addEventListener("change", () => void take(files.files ?? []));
id.addEventListener("change", () => show(performance.now()));
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => {
  given.clear();
  ignored.length = 0;
  list.replaceChildren();
  clear();
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("over");
});
document.addEventListener("dragleave", () => document.body.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  void take(event.dataTransfer?.files ?? []);
});

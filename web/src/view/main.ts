// The web page: takes files, checks them, and shows what came of it.

import type { Added } from "../encoding/damage.ts";
import { say } from "../words/say.ts";
import { type Checked, checkAll } from "./checks.ts";
import { code, details, nodes, tell } from "./dom.ts";
import { rememberedInUse, sayForm, showGiven, startForm, typed } from "./form.ts";
import { Files, type Place } from "./given.ts";
import { startLanguage } from "./languages.ts";
import { type OtherPrices, viewOtherPrices } from "./other-prices.ts";
import { ownDigest } from "./own-digest.ts";
import { startPrinting } from "./print.ts";
import { ProofChecks } from "./proofs.ts";
import { proofLine } from "./result.ts";
import { mainOf, viewCards, viewReport, worstOf } from "./results.ts";
import { printResult } from "./save.ts";

const files = new Files();
const proofs = new ProofChecks();
let checked: Checked = { attestations: [], statements: [] };
let otherPrices: OtherPrices | undefined;
/** Which run of the checks is the latest: an earlier one shows nothing more. */
let run = 0;
let digest = "";
/** What was typed when everything was checked. */
let lastTyped = typed();
/** Whether the last results were a holder's, whose details are folded. */
let wasHolder = false;

const at = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const box = at("verdict");
const report = at("report");
const said = at("said");
const version = document.querySelector("footer")!.dataset.version!;

async function give(chosen: Iterable<File>, place: Place | undefined): Promise<void> {
  // What was checked so far is not of all files any more.
  run++;
  delete box.dataset.done;
  files.useless.length = 0;
  const kinds: string[] = [];
  for (const file of chosen) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    kinds.push(files.take(file.name, bytes, place)?.kind ?? "none");
  }
  const isAdded = (kind: string) => kind === "prices" || kind === "certificates";
  const isMore = kinds.length > 0 && kinds.every(isAdded);
  if (isMore && otherPrices) {
    // The verdict is about the other files, and stays.
    showGiven(files, () => void update());
    otherPrices.use(addedFiles(kinds));
    otherPrices.section.closest("details")!.open = true;
    otherPrices.section.scrollIntoView();
    box.dataset.done = "";
    return;
  }
  await update();
  if (files.of("statement").length > 0 && !box.hidden) box.scrollIntoView();
}

function addedFiles(kinds: readonly string[]): Map<Added, { name: string; bytes: Uint8Array }> {
  const added = (["prices", "certificates"] as const).filter((kind) => kinds.includes(kind));
  return new Map(added.flatMap((kind) => files.of(kind).map((one) => [kind, one] as const)));
}

/** Checks everything anew, and then the proofs. */
async function update(): Promise<void> {
  const own = ++run;
  delete box.dataset.done;
  showGiven(files, () => void update());
  const isEmpty = files.all.length === 0;
  said.textContent = isEmpty ? "" : say("page.checking");
  const started = performance.now();
  const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));
  const all = await checkAll(files, (lastTyped = typed()), breathe);
  if (own !== run) return;
  checked = all;
  box.dataset.milliseconds = String(Math.round(performance.now() - started));
  render();
  await proofs.check(checked.attestations, () => own === run && progress());
  if (own === run) box.dataset.done = String(Math.round(performance.now() - started));
}

const proofsOf: typeof proofs.of = (one) => proofs.of(one);

/** Shows how far the proofs are; where they are done, everything that rests on them. */
function progress(): void {
  const isChecking = checked.attestations.some((one) => proofsOf(one).state === "checking");
  for (const one of checked.attestations) {
    for (const line of box.querySelectorAll(`[data-proofs="${one.file.keccak}"]`)) {
      line.replaceWith(proofLine(one, proofsOf(one)));
    }
  }
  if (!isChecking) render();
}

function render(): void {
  showGiven(files, () => void update());
  const opened = detailsOf();
  const isHolder = checked.statements.length > 0;
  const was = new Map(opened.map(([name, one]) => [name, one.open]));
  if (wasHolder !== isHolder) was.clear();
  wasHolder = isHolder;
  const hasFocus = box.contains(document.activeElement);
  const now = Date.now();
  const shown = { now, remembered: rememberedInUse() };
  const { tone, words } = worstOf(checked, proofsOf);
  const isEmpty = checked.attestations.length === 0;
  box.hidden = isEmpty;
  box.className = isEmpty ? "" : tone;
  box.replaceChildren(...nodes(isEmpty ? [] : viewCards(checked, proofsOf, shown)));
  report.replaceChildren(
    ...nodes(isEmpty ? [] : [viewReport(checked, proofsOf, now), otherPricesOf(tone === "good")]),
  );
  for (const [name, one] of detailsOf()) one.open = was.get(name) ?? one.open;
  otherPrices?.use(addedFiles(["prices", "certificates"]));
  at("actions").hidden = isEmpty || tone === "wait";
  at("onward").hidden = isEmpty;
  if (hasFocus) box.querySelector<HTMLElement>("h2")?.focus();
  const verdict = tone === "wait" ? words : say("page.said", { verdict: words });
  said.textContent = isEmpty ? missing() : verdict;
}

/** All that can be folded, each with its name and the names of what it is in. */
function detailsOf(): [name: string, details: HTMLDetailsElement][] {
  const all = [...document.querySelectorAll<HTMLDetailsElement>("details[data-name]")];
  return all.map((one) => {
    let name = "";
    for (let at: Element | null | undefined = one; at; at = at.parentElement?.closest("details")) {
      name += ` ${(at as HTMLElement).dataset.name}`;
    }
    return [name, one];
  });
}

function missing(): string {
  if (files.all.length === 0) return "";
  return say("page.missing", { missing: say("kind.attestation") });
}

/** Bounds at other prices, for a book that was checked and holds. */
function otherPricesOf(isGood: boolean) {
  const main = mainOf(checked);
  const { attestation, book, summary } = main?.found ?? {};
  const isRefused = checked.statements.some(({ verdict }) => verdict.outcome !== "holds");
  const state = main && proofsOf(main).state;
  otherPrices = undefined;
  if (main?.outcome !== "holds" || !attestation || !book || !summary || isRefused) return [];
  // What is typed there stays: it comes when the proofs are done.
  if (state === "checking" || state === "refused") return [];
  const take = (chosen: Iterable<File>) => void give(chosen, "more");
  otherPrices = viewOtherPrices({ attestation, book, summary }, isGood, take);
  return details("other-prices", say("other.title"), [otherPrices.section], !wasHolder);
}

async function save(): Promise<void> {
  const text = printResult({
    page: { version, sha256: await ownDigest() },
    now: Date.now(),
    files,
    digest: typed().digest,
    remembered: rememberedInUse(),
    checked,
    proofs: proofsOf,
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "pacioli-result.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function sayOwn(): void {
  const values = { version: [version], digest: code(digest) };
  at("own").replaceChildren(...nodes(tell("page.own", values)));
}

startLanguage(() => {
  sayForm();
  sayOwn();
  render();
});
sayForm();
startForm({
  give: (chosen, place) => void give(chosen, place),
  change: () => {
    const { id, digest } = typed();
    // A result that stays is not made anew under the reader's hands.
    if (id !== lastTyped.id || digest !== lastTyped.digest) void update();
    else showGiven(files, () => void update());
  },
  reset: () => {
    files.clear();
    void update();
  },
});
showGiven(files, () => void update());
startPrinting();
at("save").addEventListener("click", () => void save());
at("onward").addEventListener("click", (event) => {
  event.preventDefault();
  box.scrollIntoView();
  box.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
});
box.hidden = true;
void ownDigest().then((own) => {
  digest = own;
  sayOwn();
});

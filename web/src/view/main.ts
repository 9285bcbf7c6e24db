// The web page: takes files, tells them apart by the kind they state, and shows the verdict.

import { parseKey } from "../attestation/key.ts";
import { type Added, type Kind, kindOf, otherKind } from "../encoding/damage.ts";
import { toHex } from "../encoding/digest.ts";
import { type Verdict, check } from "../statement/check.ts";
import { viewAccount } from "./account.ts";
import { code, element } from "./dom.ts";
import { type OtherPrices, viewOtherPrices } from "./other-prices.ts";
import { viewSteps } from "./steps.ts";
import { viewVenue } from "./venue.ts";
import { verdictTone, viewVerdict } from "./verdict.ts";

interface Given {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The name of the file of the same kind that it replaced. */
  readonly instead: string | undefined;
}

const given = new Map<Kind, Given>();
/** Files about other prices. */
const added = new Map<Added, Given>();
let otherPrices: OtherPrices | undefined;
const ignored: { readonly name: string; readonly why: string }[] = [];

const at = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const form = at<HTMLFormElement>("form");
const files = at<HTMLInputElement>("files");
const id = at<HTMLInputElement>("id");
const digest = at<HTMLInputElement>("digest");
const list = at("given");
const box = at("verdict");
const report = at("report");

async function take(chosen: Iterable<File>): Promise<void> {
  const started = performance.now();
  ignored.length = 0;
  const all = [...chosen];
  const more: Added[] = [];
  for (const file of all) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const kind = kindOf(bytes);
    const taken = { name: file.name, bytes };
    if (kind === "prices" || kind === "certificates") {
      added.set(kind, { ...taken, instead: added.get(kind)?.name });
      more.push(kind);
    } else if (kind) given.set(kind, { ...taken, instead: given.get(kind)?.name });
    else ignored.push({ name: file.name, why: otherKind(bytes) });
  }
  if (!otherPrices || more.length < all.length) {
    show(started);
    return;
  }
  // The verdict is about the other files, and stays.
  showGiven();
  otherPrices.use(new Map([...added].filter(([kind]) => more.includes(kind))));
  otherPrices.section.scrollIntoView();
}

function showGiven(): void {
  list.replaceChildren(
    ...[...given].map(([kind, one]) => {
      const instead = one.instead === undefined ? "" : `, instead of ${one.instead} given before`;
      const digest = kind === "key" ? digestOf(one.bytes) : [];
      return element("li", {}, `${one.name}: the ${kind}${instead}`, ...digest);
    }),
    ...[...added].map(([kind, one]) => {
      const instead = one.instead === undefined ? "" : `, instead of ${one.instead} given before`;
      const text = `${one.name}: ${kind === "prices" ? "other prices" : kind}${instead}`;
      return element("li", {}, text);
    }),
    ...ignored.map(({ name, why }) => element("li", {}, `${name}: ${why}`)),
    ...(["attestation", "statement"] as const)
      .filter((kind) => given.size + added.size > 0 && !given.has(kind))
      .map((kind) => element("li", {}, `still missing: the ${kind}`)),
  );
}

function show(started: number): void {
  showGiven();
  const attestation = given.get("attestation");
  const statement = given.get("statement");
  if (!attestation || !statement) {
    clear();
    return;
  }
  const typed = (input: HTMLInputElement) => (input.value.trim() === "" ? null : input.value);
  // Blanks belong to an id.
  const own = id.value === "" ? null : id.value;
  const key = given.get("key")?.bytes ?? null;
  const verdict = check(attestation.bytes, statement.bytes, key, own, typed(digest));
  render(verdict, performance.now() - started);
}

/** The digest of a key file, for the reader to compare with the one from somebody they trust. */
function digestOf(bytes: Uint8Array): (string | Node)[] {
  try {
    return [", with the digest ", code(toHex(parseKey(bytes).digest))];
  } catch {
    // The verdict says why.
    return [", which could not be read"];
  }
}

function render(verdict: Verdict, milliseconds: number): void {
  box.className = verdictTone(verdict);
  box.replaceChildren(...viewVerdict(verdict));
  box.hidden = false;
  const { attestation, book, summary, statement, lines, setup } = verdict.found;
  // Bounds are for a book that was checked, as far as this web page checks one.
  otherPrices =
    verdict.outcome === "holds" && attestation && book && summary
      ? viewOtherPrices(
          { attestation, book, summary },
          verdictTone(verdict) === "good",
          (chosen) => void take(chosen),
        )
      : undefined;
  report.replaceChildren(
    ...(verdict.outcome === "holds" && statement && lines && book
      ? viewAccount(statement.account, lines, book.compiled)
      : []),
    ...(verdict.outcome !== "cannot check" && attestation && book && summary
      ? viewVenue(attestation, book, summary, setup, Date.now())
      : []),
    ...(otherPrices ? [otherPrices.section] : []),
    ...viewSteps(verdict, milliseconds),
  );
  otherPrices?.use(added);
  box.dataset.milliseconds = String(Math.round(milliseconds));
  box.focus({ preventScroll: true });
  box.scrollIntoView();
}

function clear(): void {
  box.hidden = true;
  box.replaceChildren();
  report.replaceChildren();
  otherPrices = undefined;
}

files.addEventListener("change", () => void take(files.files ?? []));
for (const input of [id, digest]) {
  input.addEventListener("change", () => show(performance.now()));
}
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => {
  given.clear();
  added.clear();
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

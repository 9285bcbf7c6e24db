// The form: one place for each kind of file, what was given in each, and what the reader typed.

import type { Kind } from "../encoding/damage.ts";
import type { Key } from "../words/text.ts";
import { say } from "../words/say.ts";
import { showTime } from "../words/times.ts";
import type { Typed } from "./checks.ts";
import { type Child, element, nodes, tell } from "./dom.ts";
import type { Files, Given, Place } from "./given.ts";
import { reasonOf, stepOf } from "./reasons.ts";
import {
  type RememberedDigest,
  canRemember,
  rememberDigest,
  rememberedDigest,
} from "./remembered.ts";

const PLACES: readonly Kind[] = ["attestation", "key", "statement"];

const at = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const digest = at<HTMLInputElement>("digest");
const id = at<HTMLInputElement>("id");
const remember = at<HTMLInputElement>("remember");

/** What the form tells whoever listens to it. */
export interface Listener {
  /** Files were put into a place, or dropped anywhere. */
  readonly give: (files: Iterable<File>, place: Place | undefined) => void;
  /** Something was typed, or a file was taken away. */
  readonly change: () => void;
  readonly reset: () => void;
}

/** What the reader typed. */
export function typed(): Typed {
  return { id: id.value, digest: digest.value };
}

/** The remembered digest, if it is the one in use. */
export function rememberedInUse(): RememberedDigest | undefined {
  const known = rememberedDigest();
  return known?.digest === digest.value.trim() ? known : undefined;
}

/** Listens to the form, and fills in what this device remembers. */
export function startForm({ give, change, reset }: Listener): void {
  for (const place of PLACES) {
    const input = at<HTMLInputElement>(`file-${place}`);
    input.addEventListener("change", () => {
      give([...(input.files ?? [])], place);
      // The same file can be chosen again, after it was fetched again.
      input.value = "";
    });
  }
  const known = rememberedDigest();
  if (known) [digest.value, remember.checked] = [known.digest, true];
  at("remembering").hidden = false;
  remember.disabled = !canRemember();
  id.addEventListener("change", change);
  digest.addEventListener("change", () => {
    keepDigest();
    change();
  });
  remember.addEventListener("change", () => {
    keepDigest();
    change();
  });
  const form = at<HTMLFormElement>("form");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    // What is remembered stays.
    event.preventDefault();
    id.value = "";
    digest.value = rememberedDigest()?.digest ?? "";
    reset();
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("over");
  });
  document.addEventListener("dragleave", () => document.body.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("over");
    const target = event.target instanceof Element ? event.target.closest(".place") : null;
    const place = target instanceof HTMLElement ? (target.dataset.place as Place) : undefined;
    give([...(event.dataTransfer?.files ?? [])], place);
  });
}

function keepDigest(): void {
  const known = rememberedDigest()?.digest;
  if (!remember.checked) rememberDigest(undefined, Date.now());
  else if (known !== digest.value.trim()) rememberDigest(digest.value, Date.now());
}

/** Shows what was given in each place. */
export function showGiven(files: Files, change: () => void): void {
  for (const place of PLACES) {
    const list = document.querySelector(`[data-place="${place}"] .given`)!;
    const useless = files.useless.filter((one) => one.place === place);
    const items = [
      ...files.of(place).map((one) => given(one, files, change)),
      ...useless.map(({ name, why }) => {
        return element("li", {}, tell("given.useless", { name, what: [stepOf(why)] }));
      }),
      ...(place === "attestation" ? files.all.filter(isMore) : []).map((one) =>
        given(one, files, change),
      ),
    ];
    // A click on a button ends in vain if the button is made anew under it.
    const isSame = items.map((one) => one.outerHTML).join("") === list.innerHTML;
    if (!isSame) list.replaceChildren(...items);
  }
  showRemembered();
}

function isMore({ kind }: Given): boolean {
  return kind === "prices" || kind === "certificates";
}

function showRemembered(): void {
  const known = rememberedInUse();
  at("remembered").textContent = !canRemember()
    ? say("place.remember.cannot")
    : known
      ? say("place.remembered", { time: showTime(known.since) })
      : say("place.remember.is");
}

function given(one: Given, files: Files, change: () => void): HTMLElement {
  const { name, movedFrom, damage } = one;
  const remove = element("button", {
    type: "button",
    class: "remove",
    "aria-label": say("given.remove", { name }),
  });
  remove.textContent = "×";
  remove.addEventListener("click", () => {
    files.drop((other) => other === one);
    at(`file-${placeId(one)}`).focus();
    change();
  });
  const kind = say(`kind.${one.kind}` as Key);
  const moved = movedFrom ? [" ", say("given.moved", { kind })] : [];
  return element("li", {}, said(one), moved, damage ? [" ", reasonOf(damage)] : [], " ", remove);
}

function placeId({ kind }: Given): Kind {
  return kind === "prices" || kind === "certificates" ? "attestation" : kind;
}

/** What a file is, by what it says of itself. */
function said({ name, kind, about }: Given): Child {
  if (!about) return tell("given.damaged", { name });
  const { attestation, statement, key } = about;
  if (attestation) {
    const { venue, sequence, asOf } = attestation;
    return tell("given.attestation", { name, venue, sequence, time: [showTime(asOf)] });
  }
  if (statement) return tell("given.statement", { name, account: statement.account });
  // Its digest is not shown beside the place for the one that somebody else said.
  if (key) return tell("given.key", { name });
  return tell(kind === "prices" ? "given.prices" : "given.certificates", { name });
}

/** Says all words of the form anew, in the language that is spoken. */
export function sayForm(): void {
  for (const one of document.querySelectorAll<HTMLElement>("[data-say]")) {
    one.replaceChildren(...nodes(tell(one.dataset.say as Key)));
  }
  for (const one of document.querySelectorAll<HTMLElement>("[data-say-label]")) {
    one.setAttribute("aria-label", say(one.dataset.sayLabel as Key));
  }
}

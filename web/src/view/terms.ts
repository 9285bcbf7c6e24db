// Terms, explained where they stand.

import type { Key } from "../words/text.ts";
import { say } from "../words/say.ts";
import { type Child, details, element, tell } from "./dom.ts";

type Named<K> = K extends `term.${infer T}.is` ? T : never;

/** A term that the web page explains. */
export type Term = Named<Key>;

/** What these terms mean, under a summary that opens. */
export function terms(...all: readonly (readonly Term[])[]): Child {
  const entries = all.flat().map((term) => [
    element("dt", {}, say(`term.${term}` as Key)),
    element("dd", {}, tell(`term.${term}.is` as Key)),
  ]);
  const name = `terms-${all[0]![0]}`;
  const list = element("dl", { class: "terms" }, entries);
  const made = details(name, say("terms.title"), [list]);
  made.classList.add("soft");
  return made;
}

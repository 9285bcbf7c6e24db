// The switch between languages.

import { LANGUAGES, type Language, preferred, speak } from "../words/language.ts";
import { say } from "../words/say.ts";
import { element } from "./dom.ts";
import { rememberLanguage, rememberedLanguage } from "./remembered.ts";

const select = document.getElementById("language") as HTMLSelectElement;

/** Speaks the reader's language, and every one that they choose after that. */
export function startLanguage(change: () => void): void {
  const remembered = rememberedLanguage();
  const wanted = [...(remembered ? [remembered] : []), ...navigator.languages];
  for (const [language, { name }] of Object.entries(LANGUAGES)) {
    select.append(element("option", { value: language, lang: language }, name));
  }
  const use = (language: Language) => {
    speak(language);
    select.value = language;
    document.documentElement.lang = language;
    document.title = say("page.name");
  };
  use(preferred(wanted));
  select.addEventListener("change", () => {
    use(select.value as Language);
    rememberLanguage(select.value);
    change();
  });
}

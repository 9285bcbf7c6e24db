// What a check throws: the reason, in words for the person who checks.

/** A file or a claim in it does not hold, for the reason in the message. */
export class Refused extends Error {}

/** The page lacks something to check with, such as a key. */
export class CannotCheck extends Error {}

/** Throws `reason` as a refusal. */
export function refuse(reason: string): never {
  throw new Refused(reason);
}

/** A text of somebody else's, cut and quoted for a message. */
export function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}...` : text;
  return `\`${short.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?")}\``;
}

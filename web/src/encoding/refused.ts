// What a check throws: the reason, in words for the person who checks.

/** A file or a claim in it was read whole and does not hold, for the reason in the message. */
export class Refused extends Error {}

/**
 * Nothing could be checked: something is missing, such as a key, or a file is another one or was
 * changed on its way. It accuses nobody, and the message says what to do.
 */
export class CannotCheck extends Error {}

/** Throws `reason` as a refusal. */
export function refuse(reason: string): never {
  throw new Refused(reason);
}

/** A text of somebody else's, cut and quoted for a message. */
export function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}...` : text;
  return `\`${printable(short)}\``;
}

/** A text of somebody else's in which nothing moves, hides or turns around what stands beside it. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
}

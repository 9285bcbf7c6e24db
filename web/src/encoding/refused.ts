// The two ways in which a check fails, each with a reason in plain text for the person who checks.

/** A file was read whole, and something in it does not hold; the message says why. */
export class Refused extends Error {}

/**
 * Nothing could be checked: a file, such as the key, is missing, is the wrong one, or was changed
 * on its way. This accuses nobody, and the message says what to do.
 */
export class CannotCheck extends Error {}

/** Throws `reason` as a refusal. */
export function refuse(reason: string): never {
  throw new Refused(reason);
}

/** A text from a file, cut to 80 characters and quoted for a message. */
export function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}...` : text;
  return `\`${printable(short)}\``;
}

/** A text from a file without characters that move, hide or reverse the text around them. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
}

// What this device remembers from one visit to the next, where its browser allows it: the digest of
// the key that the reader typed, and the language. Nothing that a file says is ever remembered.

const DIGEST = "pacioli.key-digest";
const LANGUAGE = "pacioli.language";

/** A digest that the reader typed, and when. */
export interface RememberedDigest {
  readonly digest: string;
  readonly since: string;
}

/** The remembered digest, if there is one. */
export function rememberedDigest(): RememberedDigest | undefined {
  const [digest, since] = (get(DIGEST) ?? "").split(" ");
  if (!digest || !since || !/^0x[0-9a-f]{64}$/.test(digest)) return undefined;
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z$/.test(since) ? { digest, since } : undefined;
}

/** Remembers a digest, or forgets the one that was remembered. Says whether that was possible. */
export function rememberDigest(typed: string | undefined, now: number): boolean {
  const digits = /^\s*(?:0x)?([0-9a-f]{64})\s*$/i.exec(typed ?? "")?.[1]?.toLowerCase();
  if (digits === undefined) return set(DIGEST, undefined);
  const since = `${new Date(now).toISOString().slice(0, 19)}Z`;
  return set(DIGEST, `0x${digits} ${since}`);
}

/** The language that the reader chose. */
export function rememberedLanguage(): string | undefined {
  return get(LANGUAGE);
}

/** Remembers the language that the reader chose. */
export function rememberLanguage(language: string): void {
  set(LANGUAGE, language);
}

/** Whether this browser remembers anything for a web page that is a file. */
export function canRemember(): boolean {
  try {
    return typeof localStorage.length === "number";
  } catch {
    return false;
  }
}

function get(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

function set(name: string, value: string | undefined): boolean {
  try {
    if (value === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
    return true;
  } catch {
    return false;
  }
}

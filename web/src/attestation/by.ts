// Who vouches for a figure or a clause, in one letter (prover/src/by.rs). A clause's letter is that of
// the worst it rests on. The page reads no chain and checks no observer's signature, so it has no C or O.

export type By = "P" | "R" | "W";

export const LETTERS: Readonly<Record<By, string>> = {
  P: "the proof shows it, for the accounts in the book; this page did not check the proof",
  R: "this page computed it, from what is public or in your own files",
  W: "the publisher’s word, which nothing here shows",
};

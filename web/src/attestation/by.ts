// Who vouches for a figure or a clause, in one letter. Twin of attestation/src/by.rs. A clause has
// the letter of the weakest evidence it rests on. The web page reads no chain and checks no
// observer's signature, so it has no C or O.

export type By = "P" | "R" | "W";

export const LETTERS: Readonly<Record<By, string>> = {
  P: "the proof shows it, for the accounts in the book; this web page did not check the proof",
  R: "this web page computed it, from public data or your own files",
  W: "the publisher’s word, not proved here",
};

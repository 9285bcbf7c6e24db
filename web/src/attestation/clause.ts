// What came of one demand of a policy.

import type { By } from "./by.ts";

/** A clause of a policy, as it was evaluated. */
export interface Clause {
  /** The clause's key in the rules, such as `bad_debt.mark`. */
  readonly name: string;
  readonly holds: boolean;
  readonly detail: string;
  /** The letter of the weakest evidence it rests on. */
  readonly by: By;
}

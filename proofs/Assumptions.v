(** What the theorems rest on beside their own hypotheses: nothing. *)
From Pacioli Require Import Covered Union.
Print Assumptions sound.
Print Assumptions few_false_proofs.
Print Assumptions every_line_is_in_an_account.

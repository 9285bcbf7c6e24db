(** The circuit: its shapes, its columns and its gates, over any finite field. *)
From mathcomp Require Import all_ssreflect all_algebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

(** The sizes, as in [circuits/src/shape.rs]. *)
Record shape := Shape {
  stride : nat;       (* rows between two slots of a page *)
  slots : nat;        (* slots of a page *)
  limbs : nat;        (* limbs of a quantity *)
  bits : nat;         (* bits of a limb *)
  instruments : nat   (* table rows of instruments *)
}.

Definition rows s := (stride s * slots s)%N.
Definition last_row s := (rows s - 7)%N.
Definition pages s := (stride s - 7)%N.
Definition quantity_bits s := (limbs s * bits s)%N.

(** What holds of every shape that the crate makes. *)
Definition is_shape s := [/\ (7 < stride s)%N, (0 < slots s <= 2 ^ 9)%N, (rows s <= 2 ^ 24)%N,
  quantity_bits s = 90%N & [/\ (bits s <= 18)%N, (limbs s <= 9)%N, (instruments s + 2 ^ bits s <= last_row s)%N
  & (2 * instruments s <= 2 ^ bits s)%N]].

Section Columns.
Variables (F : finFieldType) (s : shape).

(** A column is a function of its row. *)
Notation column := (nat -> F).

Definition next_line i := ((i + stride s) %% rows s)%N.
Definition next_row i := ((i + 1) %% rows s)%N.

(** Fixed columns. *)
Definition line_on i := (i %% stride s < pages s)%N.
Definition row_on i := (i < last_row s)%N.
Definition is_end i := (i == 0%N) || (i == last_row s).
Definition is_instrument i := (i < instruments s)%N.
Definition table_entry i :=
  (if is_instrument i then i
   else if i < instruments s + 2 ^ bits s then i - instruments s else 0)%N.

(** What is public, integers: one value per instrument in each column. *)
Record public := Public {
  scenarios : nat;
  value : nat -> nat -> int;    (* of an instrument, in a scenario *)
  cap_of : nat -> nat;          (* most that a line may hold, 0 for no limit *)
  count_of : nat -> nat;        (* how many lines hold it *)
  total_of : nat -> nat         (* the sum of their quantities *)
}.

(** What a verifier checks of it before it looks at a proof. *)
Definition is_public (pub : public) := forall j, (j < instruments s)%N ->
  [/\ forall k, (k < scenarios pub)%N -> (`|value pub j k| < 2 ^ 64)%N,
      (cap_of pub j < 2 ^ 90)%N, (count_of pub j < 2 ^ 25)%N & (total_of pub j < 2 ^ 115)%N].

(** The lines: what is committed first. *)
Record lines := Lines { last : column; instrument : column; limb : nat -> column }.
(** What is committed once [theta] is known. *)
Record second := Second { cap : column; worth : column; multiplicity : column }.
(** What is committed once [eta], [alpha] and [beta] are known. *)
Record third := Third {
  balance : column; limb_term : nat -> column; step_term : column; table_term : column;
  sum : column
}.

Variables (pub : public) (l : lines).

Definition quantity i : F := \sum_(m < limbs s) (2 ^ (bits s * m))%:R * limb l m i.
Definition step i : F :=
  instrument l (next_line i) - instrument l i - 1 + (instruments s)%:R * last l i.

(** The instance columns: nothing behind the instruments. *)
Definition instance (f : nat -> F) i : F := if is_instrument i then f i else 0.
Definition worth_of (theta : F) j : F :=
  \sum_(k < scenarios pub) theta ^+ k.+1 * (value pub j k)%:~R.
Definition table_worth theta := instance (worth_of theta).
Definition table_cap := instance (fun j => (cap_of pub j)%:R).
Definition total_count := instance (fun j => (count_of pub j)%:R).
Definition total_quantity := instance (fun j => (total_of pub j)%:R).

Section Gates.
Variables (theta eta alpha beta : F) (a : second) (b : third).

Definition compress (first w c tag : F) : F := ((tag * eta + c) * eta + w) * eta + first.

Definition line_term i : F :=
  sum b (next_row i) - sum b i + table_term b i - step_term b i
  - \sum_(m < limbs s) limb_term b m i.

Let q i : F := (line_on i)%:R.
Let r i : F := (row_on i)%:R.

Definition gate_limb m i := r i * limb_term b m i * (beta - limb l m i) - q i * limb l m i.
Definition gate_step i := r i * step_term b i * (beta - step i) - q i * step i.
Definition gate_table i :=
  r i * table_term b i
    * (beta - compress (table_entry i)%:R (table_worth theta i) (table_cap i) (is_instrument i)%:R)
  - (total_count i + alpha * total_quantity i)
  - (1 - (is_instrument i)%:R) * (table_entry i)%:R * multiplicity a i.
Definition gate_line i :=
  r i * line_term i * (beta - compress (instrument l i) (worth a i) (cap a i) 1)
  - q i * (1 + alpha * quantity i).
Definition gate_ends i := (is_end i)%:R * sum b i.
Definition gate_last i := q i * last l i * (1 - last l i).
Definition gate_cap i := q i * cap a i * (quantity i + quantity (next_line i) - cap a i).
Definition gate_balance i :=
  q i * (balance b (next_line i) - balance b i - quantity i * worth a i).
Definition gate_account i := q i * last l i * balance b (next_line i).

(** All gates are zero in all rows. *)
Record gates : Prop := Gates {
  limb_ok : forall m i, (m < limbs s)%N -> (i < rows s)%N -> gate_limb m i = 0;
  step_ok : forall i, (i < rows s)%N -> gate_step i = 0;
  table_ok : forall i, (i < rows s)%N -> gate_table i = 0;
  line_ok : forall i, (i < rows s)%N -> gate_line i = 0;
  ends_ok : forall i, (i < rows s)%N -> gate_ends i = 0;
  last_ok : forall i, (i < rows s)%N -> gate_last i = 0;
  cap_ok : forall i, (i < rows s)%N -> gate_cap i = 0;
  balance_ok : forall i, (i < rows s)%N -> gate_balance i = 0;
  account_ok : forall i, (i < rows s)%N -> gate_account i = 0
}.
End Gates.
End Columns.

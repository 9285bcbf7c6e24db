(** The book behind the lines: integers, accounts, and what is claimed of them. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Pacioli Require Import Field Circuit Cycle.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Book.
Variables (F : finFieldType) (s : shape) (pub : public) (l : lines F).

Let n := rows s.
Let J := instruments s.

(** The number of a line's instrument, and its quantity, as integers. *)
Definition number i : nat := if [pick j : 'I_J | instrument l i == j%:R] is Some j then j else 0.
Definition limb_value m i : nat :=
  if [pick v : 'I_(2 ^ bits s) | limb l m i == v%:R] is Some v then v else 0.
Definition amount i : nat := (\sum_(m < limbs s) 2 ^ (bits s * m) * limb_value m i)%N.

(** An account: [length] slots of a page from [start] on, round and round, behind a last line, with its own
    last line at the end. *)
Definition is_account page start length :=
  [&& last l (at_slot s page (start + (slots s).-1)) == 1,
      last l (at_slot s page (start + length.-1)) == 1 &
      [forall k : 'I_length.-1, last l (at_slot s page (start + k)) == 0]].

(** What a proof shows. *)
Record holds : Prop := Holds {
  (* 1. Every line is of an instrument of the table, and holds a quantity below 2^90. *)
  a_line : forall i, (i < n)%N -> line_on s i ->
    [/\ (number i < J)%N, instrument l i = (number i)%:R, (amount i < 2 ^ 90)%N
      & quantity s l i = (amount i)%:R];
  (* 2. A line is its account's last or not; until it is, instruments increase; every page has one. *)
  a_bit : forall i, (i < n)%N -> line_on s i -> last l i = 0 \/ last l i = 1;
  a_step : forall i, (i < n)%N -> line_on s i -> last l i = 0 ->
    (number i < number (next_line s i))%N;
  a_last : forall page, (page < pages s)%N ->
    exists2 slot, (slot < slots s)%N & last l (at_slot s page slot) = 1;
  (* 3. No line holds more than its instrument's cap. *)
  a_cap : forall i, (i < n)%N -> line_on s i -> (0 < cap_of pub (number i))%N ->
    (amount i <= cap_of pub (number i))%N;
  (* 4. Every account is worth exactly zero in every scenario. *)
  an_account : forall page start length k, (page < pages s)%N -> (start < slots s)%N ->
    (0 < length <= slots s)%N -> is_account page start length -> (k < scenarios pub)%N ->
    \sum_(i < length) (amount (at_slot s page (start + i)))%:Z
      * value pub (number (at_slot s page (start + i))) k = 0;
  (* 5. Counts and totals are those of the lines. *)
  a_count : forall j, (j < J)%N ->
    count_of pub j = #|[set i : 'I_n | line_on s i && (number i == j)]|;
  a_total : forall j, (j < J)%N ->
    total_of pub j = (\sum_(i < n | line_on s i && (number i == j)) amount i)%N
}.

(** The sum of an account in one scenario, in the field. *)
Definition account_sum page start length k : F :=
  \sum_(i < length) quantity s l (at_slot s page (start + i))
    * (value pub (number (at_slot s page (start + i))) k)%:~R.

(** An account that does not balance, if there is one. *)
Definition account := ('I_(pages s) * 'I_(slots s) * 'I_(slots s).+1)%type.
Definition does_not_balance (x : account) :=
  let: (page, start, length) := x in
  [&& (0 < length)%N, is_account page start length
    & [exists k : 'I_(scenarios pub), account_sum page start length k != 0]].

(** The values of [theta] at which it seems to. *)
Definition bad_theta : {set F} :=
  if [pick x | does_not_balance x] is Some (page, start, length) then
    [set theta | \sum_(k < scenarios pub) theta ^+ k.+1 * account_sum page start length k == 0]
  else set0.

Lemma few_bad_theta : (#|bad_theta| <= scenarios pub)%N.
Proof.
rewrite /bad_theta; case: pickP => [[[page start] length]|_]; last by rewrite cards0.
case/and3P=> _ _ /existsP[k0 nz]; set B := account_sum _ _ _ in nz *.
pose q : {poly F} := 'X * \poly_(k < scenarios pub) B k.
have q0 : q != 0.
  rewrite mulf_neq0 ?polyX_eq0 //; apply: contraNneq nz => /(congr1 (fun r : {poly F} => r`_k0)).
  by rewrite coef_poly ltn_ord coef0 => ->.
rewrite (_ : [set _ | _] = [set theta | root q theta]).
  apply: (few_roots q0); rewrite /q mulrC size_mulX; first by rewrite ltnS size_poly.
  by apply: contraNneq q0 => zero; rewrite /q zero mulr0.
apply/setP => theta; rewrite !inE rootE hornerM hornerX horner_poly mulr_sumr.
by congr (_ == _); apply: eq_bigr => k _; rewrite exprS -mulrA [theta ^+ k * _]mulrC.
Qed.
End Book.

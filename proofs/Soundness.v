(** The theorem: what passes the gates at challenges that are not among a few is a book that holds. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Pacioli Require Import Field Circuit Cycle Fractions Lookup Told Book.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** Digits of so many bits. *)
Lemma digits_small b L (v : nat -> nat) : (forall m, (m < L)%N -> (v m < 2 ^ b)%N) ->
  (\sum_(m < L) 2 ^ (b * m) * v m < 2 ^ (L * b))%N.
Proof.
elim: L => [|L IH] small; first by rewrite big_ord0 mul0n expn0.
rewrite big_ord_recr /= mulSn addnC expnD.
have low : (\sum_(m < L) 2 ^ (b * m) * v m < 2 ^ (L * b))%N.
  by apply: IH => m lt; apply: small; apply: leq_trans lt _.
apply: (@leq_trans (2 ^ (L * b) * (v L).+1)%N); last first.
  by rewrite mulnC leq_mul2r small ?orbT.
by rewrite mulnS [(b * L)%N]mulnC addnC ltn_add2r.
Qed.

(** The size of a sum of products. *)
Lemma sum_size m (f : nat -> int) B : (forall i, (i < m)%N -> (`|f i| <= B)%N) ->
  (absz (\sum_(i < m) f i)%R <= m * B)%N.
Proof.
elim: m => [|m IH] small; first by rewrite big_ord0.
rewrite big_ord_recr /= mulSn addnC.
set x := \sum_(i < m) _; have := leq_add_dist x 0 (- f m); rewrite opprK subr0 add0r.
move/leq_trans; apply; apply: leq_add (small m (ltnSn m)).
by apply: IH => i lt; apply: small; apply: leq_trans lt _.
Qed.

Section Soundness.
Variables (F : finFieldType) (p : nat).
Hypothesis char_p : p \in [char F].
Hypothesis big_p : (2 ^ 253 < p)%N.
Variables (s : shape) (pub : public) (l : lines F).
Hypothesis ok : is_shape s.
Hypothesis pub_ok : is_public s pub.

Let n := rows s.
Let J := instruments s.
Notation number := (number s l).
Notation amount := (amount s l).
Notation below := (below_p big_p).

Lemma number_below i : (number i < J.+1)%N.
Proof. by rewrite /Book.number; case: pickP => // j _; apply: ltnW; rewrite ltnS ltn_ord. Qed.

Lemma amount_below i : (amount i < 2 ^ 90)%N.
Proof.
case: ok => _ _ _ <- _; rewrite /quantity_bits; apply: (@digits_small _ _ (fun m => limb_value s l m i)) => m _; rewrite /limb_value.
by case: pickP => [v _|_]; rewrite ?ltn_ord ?expn_gt0.
Qed.

Lemma number_small (j : 'I_J) : (j < p)%N.
Proof.
apply: leq_ltn_trans (rows_below_p big_p ok); apply: ltnW.
exact: leq_trans (ltn_ord j) (instruments_rows ok).
Qed.

(** An instrument that is one of the table's is that of its number. *)
Lemma numberE i (j : 'I_J) : instrument l i = j%:R ->
  number i = j /\ instrument l i = (number i)%:R.
Proof.
rewrite /Book.number; case: pickP => [j' /eqP e|none] e'; last by have := none j; rewrite e' eqxx.
by split=> //; apply: (natr_inj_small char_p) (number_small j') (number_small j) _; rewrite -e.
Qed.

Section Challenges.
Variables (theta eta alpha beta : F) (a : second F) (b : third F).
Hypothesis good_theta : theta \notin bad_theta s pub l.
Hypothesis good_eta : eta \notin bad_eta s pub l theta a.
Hypothesis good_alpha : alpha \notin bad_alpha s pub l theta a eta.
Hypothesis good_beta :
  beta \notin bad_points (@pole F s pub l theta a eta) (@weight F s pub l a alpha).
Hypothesis passes : gates s pub l theta eta alpha beta a b.

Let no_weight_at x : weight_at (@pole F s pub l theta a eta) (@weight F s pub l a alpha)
  (@pole F s pub l theta a eta x) = 0.
Proof. by apply: (no_weight x good_beta) => off; apply: (sum_of_fractions ok passes off). Qed.

Let entry_parts (y : entry s) :
  let x := at_eta eta (@entry_key F s pub l theta a y) in
  fixed_at s pub l theta a eta x = 0 /\ total_at s pub l theta a eta x = 0.
Proof.
apply: (alpha_tells good_alpha); case: y => [i|j] /=; first exact: (no_weight_at (inr (inl i))).
exact: (no_weight_at (inr (inr (widen_ord (instruments_rows ok) j)))).
Qed.

Let no_fixed y := proj1 (entry_parts y).
Let no_total y := proj2 (entry_parts y).
Let in_table := line_is_instrument char_p big_p ok good_eta no_fixed.
Let in_range := small_in_range char_p big_p ok good_eta no_weight_at.

(** Statement 1. *)
Lemma line_holds i : (i < n)%N -> line_on s i ->
  [/\ (number i < J)%N, instrument l i = (number i)%:R, worth a i = worth_of pub theta (number i)
    & cap a i = (cap_of pub (number i))%:R].
Proof.
move=> lt on; have [j] := @in_table (Ordinal lt) on.
rewrite /Lookup.line_key /Lookup.table_key /table_worth /table_cap /instance /table_entry.
rewrite /is_instrument ltn_ord /= => -[e -> ->].
by have [-> e'] := numberE e.
Qed.

Lemma limb_holds m i : (m < limbs s)%N -> (i < n)%N -> line_on s i ->
  limb l m i = (limb_value s l m i)%:R.
Proof.
move=> lm lt on; have [v /= e] := @in_range (inl (Ordinal lm, Ordinal lt)) on.
rewrite /limb_value; case: pickP => [w /eqP //|none].
by have := none v; rewrite e eqxx.
Qed.

Lemma quantity_holds i : (i < n)%N -> line_on s i -> quantity s l i = (amount i)%:R.
Proof.
move=> lt on; rewrite /quantity /Book.amount natr_sum; apply: eq_bigr => m _.
by rewrite natrM limb_holds.
Qed.

(** Statement 2. *)
Lemma bit_holds i : (i < n)%N -> line_on s i -> last l i = 0 \/ last l i = 1.
Proof.
move=> lt on; have := last_ok passes lt; rewrite /gate_last on mul1r => /eqP.
by rewrite mulf_eq0 subr_eq0 eq_sym => /orP[] /eqP; [left|right].
Qed.

Lemma step_holds i : (i < n)%N -> line_on s i -> last l i = 0 ->
  (number i < number (next_line s i))%N.
Proof.
move=> lt on zero; have [v /= e] := @in_range (inr (Ordinal lt)) on.
have [small own _ _] := line_holds lt on.
have [small' next _ _] := line_holds (next_line_row ok i) (next_line_on ok lt on).
move: e; rewrite /step zero mulr0 addr0 own next => /(step_small char_p)->.
- by rewrite addnS ltnS leq_addr.
- case: ok => _ _ rows_le _ [bits_le _ fits _].
  apply: (below (isT : (25 <= 253)%N)); rewrite addnS expnS mul2n -addnn.
  have v_lt : (v < 2 ^ 24)%N.
    by apply: leq_trans (ltn_ord v) _; rewrite leq_exp2l // (leq_trans bits_le).
  rewrite -addSn; apply: leq_add (ltnW v_lt); apply: leq_trans rows_le.
  by apply: leq_trans small (instruments_rows ok).
- exact: (number_small (Ordinal small')).
Qed.

Lemma last_holds page : (page < pages s)%N ->
  exists2 slot, (slot < slots s)%N & last l (at_slot s page slot) = 1.
Proof.
move=> small; have stride_small := page_stride small.
have [/existsP[k /eqP e]|/existsPn none] :=
  boolP [exists k : 'I_(slots s), last l (at_slot s page k) == 1]; first by exists k.
have up k : (number (at_slot s page k) < number (at_slot s page k.+1))%N.
  rewrite -next_at_slot //; apply: step_holds; rewrite ?at_slot_on ?at_slot_row //.
  have [//|one] := bit_holds (at_slot_row ok k stride_small) (at_slot_on k small).
  have slot_lt : (k %% slots s < slots s)%N by rewrite ltn_mod slots_gt0.
  by have := none (Ordinal slot_lt); rewrite /= /at_slot modn_mod -/(at_slot s page k) one eqxx.
have grow k : (number (at_slot s page 0) + k <= number (at_slot s page k))%N.
  by elim: k => [|k IH]; rewrite ?addn0 // addnS; apply: leq_ltn_trans IH (up k).
have e : at_slot s page (slots s) = at_slot s page 0 by rewrite /at_slot modnn mod0n.
have := grow (slots s); rewrite e -[X in (_ <= X)%N]addn0 leq_add2l leqNgt.
by rewrite (slots_gt0 ok).
Qed.

(** Statement 3. *)
Lemma cap_holds i : (i < n)%N -> line_on s i -> (0 < cap_of pub (number i))%N ->
  (amount i <= cap_of pub (number i))%N.
Proof.
move=> lt on pos; have [small _ _ capE] := line_holds lt on.
have [_ cap_lt _ _] := pub_ok small.
have next_lt := next_line_row ok i; have next_on := next_line_on ok lt on.
have := cap_ok passes lt; rewrite /gate_cap on mul1r capE => /eqP; rewrite mulf_eq0.
case/orP=> [/eqP zero|].
  have small_cap : (cap_of pub (number i) < p)%N by apply: below (ltnW cap_lt).
  by move: pos; rewrite (natr0_small char_p small_cap zero).
rewrite subr_eq0 !quantity_holds // -natrD => /eqP e.
rewrite -(natr_inj_small char_p _ _ e) ?leq_addr //; last by apply: below (ltnW cap_lt).
apply: (below (isT : (91 <= 253)%N)); rewrite expnS mul2n -addnn.
by apply: leq_add; apply: ltnW; apply: amount_below.
Qed.
(** Statement 4. *)
Section Account.
Variables page start length : nat.
Hypothesis small : (page < pages s)%N.
Hypothesis length_gt0 : (0 < length)%N.
Hypothesis it_is : is_account s l page start length.

Let stride_small := page_stride small.
Let row k := at_slot s page (start + k).
Let row_lt k : (row k < n)%N := at_slot_row ok _ stride_small.
Let row_on k : line_on s (row k) := at_slot_on _ small.

Let next_row k : next_line s (row k) = row k.+1.
Proof. by rewrite /row next_at_slot // addnS. Qed.

Let after_last i : (i < n)%N -> line_on s i -> last l i = 1 -> balance b (next_line s i) = 0.
Proof.
by move=> lt on one; have := account_ok passes lt; rewrite /gate_account on one !mul1r.
Qed.

Lemma balance_starts : balance b (row 0) = 0.
Proof.
case/and3P: it_is => /eqP before _ _.
have := after_last (at_slot_row ok _ stride_small) (at_slot_on _ small) before.
rewrite next_at_slot // -addnS prednK ?slots_gt0 // /row addn0.
by rewrite /at_slot modnDr.
Qed.

Lemma balance_ends : balance b (row length) = 0.
Proof.
case/and3P: it_is => _ /eqP one _.
have := after_last (row_lt length.-1) (row_on length.-1) one.
by rewrite next_row prednK.
Qed.

Lemma account_combined :
  \sum_(k < scenarios pub) theta ^+ k.+1 * account_sum s pub l page start length k = 0.
Proof.
have step k : quantity s l (row k) * worth_of pub theta (number (row k))
    = balance b (row k.+1) - balance b (row k).
  have := balance_ok passes (row_lt k); rewrite /gate_balance row_on mul1r next_row => /eqP.
  rewrite subr_eq0 => /eqP ->; have [_ _ -> _] := line_holds (row_lt k) (row_on k); by [].
have zero : \sum_(i < length) quantity s l (row i) * worth_of pub theta (number (row i)) = 0.
  rewrite (eq_bigr (fun i : 'I_length => balance b (row i.+1) - balance b (row i))) //.
  rewrite -(big_mkord xpredT (fun i => balance b (row i.+1) - balance b (row i))).
  by rewrite telescope_sumr // balance_ends balance_starts subrr.
rewrite -[RHS]zero; under eq_bigr do rewrite /account_sum mulr_sumr.
rewrite exchange_big /=; apply: eq_bigr => i _.
by rewrite /worth_of mulr_sumr; apply: eq_bigr => k _; rewrite mulrCA.
Qed.
End Account.

Lemma account_holds page start length k : (page < pages s)%N -> (start < slots s)%N ->
  (0 < length <= slots s)%N -> is_account s l page start length -> (k < scenarios pub)%N ->
  \sum_(i < length) (amount (at_slot s page (start + i)))%:Z
    * value pub (number (at_slot s page (start + i))) k = 0.
Proof.
move=> small start_lt /andP[length_gt0 length_le] it_is k_lt.
have stride_small := page_stride small.
pose row i := at_slot s page (start + i).
have row_lt i : (row i < n)%N := at_slot_row ok _ stride_small.
have row_on i : line_on s (row i) := at_slot_on _ small.
have field_zero : account_sum s pub l page start length k = 0.
  apply/eqP; apply: contraNT good_theta => nz; rewrite /bad_theta.
  case: pickP => [[[page' start'] length']|none] /=.
    case/and3P=> length'_gt0 it_is' _; rewrite inE; apply/eqP.
    exact: (account_combined (ltn_ord page') length'_gt0 it_is').
  have := none (Ordinal small, Ordinal start_lt, Ordinal (length_le : (length < (slots s).+1)%N)).
  rewrite /= length_gt0 it_is /= => /negbT /existsPn /(_ (Ordinal k_lt)) /=.
  by rewrite nz.
apply: (intr0_small char_p); last first.
  rewrite -[RHS]field_zero /account_sum raddf_sum /=; apply: eq_bigr => i _.
  by rewrite rmorphM /= -pmulrn (quantity_holds (row_lt i) (row_on i)).
have size_le : (absz (\sum_(i < length) (amount (row i))%:Z * value pub (number (row i)) k)%R
    <= length * (2 ^ 90 * 2 ^ 64))%N.
  apply: (sum_size (f := fun i => (amount (row i))%:Z * value pub (number (row i)) k)) => i _.
  have [num_lt _ _ _] := line_holds (row_lt i) (row_on i).
  have [value_lt _ _ _] := pub_ok num_lt.
  rewrite abszM absz_nat; apply: leq_mul; apply: ltnW; first exact: amount_below.
  exact: value_lt.
apply: leq_ltn_trans size_le _.
apply: (below (isT : (163 <= 253)%N)).
apply: (@leq_trans (2 ^ 9 * (2 ^ 90 * 2 ^ 64))%N); last by rewrite -!expnD; apply: leqnn.
rewrite leq_mul2r; apply/orP; right; apply: leq_trans length_le _.
by case: ok => _ /andP[].
Qed.

(** Statement 5. *)
Let held_number j (j_lt : (j < J)%N) :
  [set i : 'I_n | line_on s i && (line_key l a i == table_key s pub theta j)]
  = [set i : 'I_n | line_on s i && (number i == j)].
Proof.
apply/setP => i; rewrite !inE; case: (boolP (line_on s i)) => //= on.
have [j'] := @in_table i on; move=> e; rewrite e.
have eI : instrument l i = j'%:R.
  by move: e; rewrite /line_key /Lookup.table_key /table_entry /is_instrument ltn_ord => -[-> _ _].
have [-> _] := numberE eI; apply/eqP/eqP => [|->//].
rewrite /Lookup.table_key /table_entry /is_instrument ltn_ord j_lt => -[e' _ _].
exact: (natr_inj_small char_p (number_small j') (number_small (Ordinal j_lt)) e').
Qed.

Lemma count_holds j : (j < J)%N ->
  count_of pub j = #|[set i : 'I_n | line_on s i && (number i == j)]|.
Proof.
move=> lt; have := count_is char_p big_p ok good_eta no_fixed (Ordinal lt).
rewrite /held /= held_number // => e; apply/esym.
have [_ _ count_lt _] := pub_ok lt.
apply: (natr_inj_small char_p) e; last by apply: (below (isT : (25 <= 253)%N)); apply: ltnW.
by apply: leq_ltn_trans (max_card _) _; rewrite card_ord (rows_below_p big_p ok).
Qed.

Lemma total_holds j : (j < J)%N ->
  total_of pub j = (\sum_(i < n | line_on s i && (number i == j)) amount i)%N.
Proof.
move=> lt; have := total_is char_p big_p ok good_eta no_total (Ordinal lt).
rewrite /held /= held_number // => e; apply/esym.
have [_ _ _ total_lt] := pub_ok lt.
apply: (natr_inj_small char_p); last first.
- rewrite -e natr_sum; apply: eq_big => [i|i]; rewrite ?inE // => /andP[on _].
  by rewrite quantity_holds.
- by apply: (below (isT : (115 <= 253)%N)); apply: ltnW.
apply: (below (isT : (114 <= 253)%N)).
apply: (@leq_trans (\sum_(i < n) 2 ^ 90)%N).
  rewrite big_mkcond; apply: leq_sum => i _; case: ifP => _; last exact: leq0n.
  apply: ltnW; exact: amount_below.
rewrite sum_nat_const card_ord; apply: (@leq_trans (2 ^ 24 * 2 ^ 90)%N).
  by rewrite leq_mul2r; apply/orP; right; case: ok.
by rewrite -expnD; apply: leqnn.
Qed.

(** All of it. *)
Lemma the_book_holds : holds s pub l.
Proof.
split.
- move=> i lt on; have [? ? _ _] := line_holds lt on.
  by split; rewrite ?amount_below ?quantity_holds.
- exact: bit_holds.
- exact: step_holds.
- exact: last_holds.
- exact: cap_holds.
- exact: account_holds.
- exact: count_holds.
- exact: total_holds.
Qed.
End Challenges.
End Soundness.

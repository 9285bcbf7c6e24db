(** What the lookup tells: lines are instruments, limbs and steps are small, totals are the totals. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Pacioli Require Import Field Circuit Cycle Fractions Lookup.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Told.
Variables (F : finFieldType) (p : nat).
Hypothesis char_p : p \in [char F].
Hypothesis big_p : (2 ^ 253 < p)%N.
Variables (s : shape) (pub : public) (l : lines F) (theta : F) (a : second F).
Hypothesis ok : is_shape s.
Hypothesis pub_ok : is_public s pub.

Let n := rows s.
Let J := instruments s.
Notation line_key := (line_key l a).
Notation table_key := (table_key s pub theta).
Notation entry := (entry s).
Notation entry_key := (@entry_key F s pub l theta a).
Notation key_of := (@key_of F s pub l theta a).

Variables (eta alpha : F).
Hypothesis good_eta : eta \notin bad_eta s pub l theta a.
Hypothesis no_fixed : forall y : entry, fixed_at s pub l theta a eta (at_eta eta (entry_key y)) = 0.
Hypothesis no_total : forall y : entry, total_at s pub l theta a eta (at_eta eta (entry_key y)) = 0.
Hypothesis no_weight : forall x : fraction s,
  weight_at (@pole F s pub l theta a eta) (@weight F s pub l a alpha) (@pole F s pub l theta a eta x) = 0.

Lemma below_p m e : (e <= 253)%N -> (m <= 2 ^ e)%N -> (m < p)%N.
Proof.
by move=> le /leq_ltn_trans; apply; apply: leq_ltn_trans big_p; rewrite leq_exp2l.
Qed.

Lemma rows_below_p : (n < p)%N.
Proof. by case: ok => _ _ le _ _; apply: below_p le. Qed.

Lemma instruments_rows : (J <= n)%N.
Proof.
case: ok => _ _ _ _ [_ _ le _]; apply: leq_trans (leq_addr _ _) (leq_trans le _).
exact: leq_subr.
Qed.

Definition tag (k : key F) : F := let: (_, _, _, t) := k in t.

Lemma tag_entry y : tag (entry_key y) = 1.
Proof. by case: y => //= j; rewrite /is_instrument ltn_ord. Qed.

Lemma tag_small x y : (key_of (inl x) == entry_key y) = false.
Proof.
apply/negP => /eqP /(congr1 tag); rewrite tag_entry => e.
by move: (@oner_neq0 F); rewrite -e; case: x e => [[m i]|i] /=; rewrite eqxx.
Qed.

(** The lines with a key, and the instruments with it. *)
Definition held k : {set 'I_n} := [set i : 'I_n | line_on s i && (line_key i == k)].
Definition offered k : {set 'I_n} := [set i : 'I_n | is_instrument s i && (table_key i == k)].

Lemma sum_at (w : fraction s -> F) (y : entry) :
  weight_at (@pole F s pub l theta a eta) w (at_eta eta (entry_key y))
  = \sum_(i < n | line_key i == entry_key y) w (inr (inl i))
  + \sum_(i in offered (entry_key y)) w (inr (inr i)).
Proof.
rewrite /weight_at (eq_bigl (fun x => key_of x == entry_key y)); last first.
  by move=> x; rewrite /pole eta_tells.
rewrite big_sumType /= big_pred0 ?add0r; last by move=> x; rewrite tag_small.
rewrite big_sumType /=; congr (_ + _); apply: eq_bigl => i; rewrite inE.
case: (boolP (is_instrument s i)) => //= not; apply/negP => /eqP /(congr1 tag).
by rewrite tag_entry /= (negPf not) => /esym/eqP; rewrite oner_eq0.
Qed.

Lemma held_count y :
  #|held (entry_key y)|%:R = \sum_(j in offered (entry_key y)) (count_of pub j)%:R :> F.
Proof.
have := no_fixed y; rewrite /fixed_at sum_at /= => /eqP; rewrite addr_eq0 => /eqP e.
transitivity (\sum_(i < n | line_key i == entry_key y) (line_on s i)%:R : F).
  rewrite -sumr_const (eq_bigl (fun i : 'I_n => (line_key i == entry_key y) && line_on s i)).
    by rewrite big_mkcondr; apply: eq_bigr => i _; case: (line_on s i).
  by move=> i; rewrite inE andbC.
rewrite e -sumrN; apply: eq_bigr => j; rewrite inE => /andP[is_j _].
by rewrite opprK /offer /total_count /instance is_j subrr !mul0r addr0.
Qed.

Lemma held_total y :
  \sum_(i in held (entry_key y)) quantity s l i
  = \sum_(j in offered (entry_key y)) (total_of pub j)%:R.
Proof.
have := no_total y; rewrite /total_at sum_at /= => /eqP; rewrite addr_eq0 => /eqP e.
transitivity (\sum_(i < n | line_key i == entry_key y) (line_on s i)%:R * quantity s l i).
  rewrite (eq_bigl (fun i : 'I_n => (line_key i == entry_key y) && line_on s i)).
    rewrite big_mkcondr; apply: eq_bigr => i _.
    by case: (line_on s i); rewrite ?mul1r ?mul0r.
  by move=> i; rewrite inE andbC.
rewrite e -sumrN; apply: eq_bigr => j; rewrite inE => /andP[is_j _].
by rewrite opprK /total_quantity /instance is_j.
Qed.

Lemma offered_alone (j : 'I_J) :
  offered (entry_key (inr j)) = [set widen_ord instruments_rows j].
Proof.
apply/setP => i; rewrite !inE /=; apply/andP/eqP => [[is_i]|->]; last first.
  by rewrite /is_instrument /= ltn_ord eqxx.
rewrite /Lookup.table_key /table_entry is_i {1}/is_instrument ltn_ord => /eqP[e _ _ _].
apply: val_inj => /=; apply: (natr_inj_small char_p) e.
  by apply: ltn_trans rows_below_p; apply: leq_trans (ltn_ord i) _.
by apply: leq_ltn_trans rows_below_p; apply: ltnW; apply: leq_trans (ltn_ord j) instruments_rows.
Qed.

(** Statement 1, of instruments. *)
Lemma line_is_instrument (i : 'I_n) : line_on s i ->
  exists j : 'I_J, line_key i = table_key j.
Proof.
move=> on; have [/existsP[j /eqP e]|/existsPn none] :=
  boolP [exists j : 'I_J, line_key i == table_key j]; first by exists j.
have empty : offered (entry_key (inl i)) = set0.
  apply/setP => j; rewrite !inE /=; apply/negP => /andP[is_j /eqP e].
  by have := none (Ordinal is_j); rewrite /= e eqxx.
have := held_count (inl i); rewrite empty big_set0 => zero.
have /(natr0_small char_p)/(_ zero)/eqP : (#|held (entry_key (inl i))| < p)%N.
  by apply: leq_ltn_trans (max_card _) _; rewrite card_ord rows_below_p.
by rewrite cards_eq0 => /eqP/setP/(_ i); rewrite !inE on eqxx.
Qed.

(** Statement 5, mod p. *)
Lemma count_is (j : 'I_J) : #|held (table_key j)|%:R = (count_of pub j)%:R :> F.
Proof. by have := held_count (inr j); rewrite offered_alone big_set1. Qed.

Lemma total_is (j : 'I_J) :
  \sum_(i in held (table_key j)) quantity s l i = (total_of pub j)%:R.
Proof. by have := held_total (inr j); rewrite offered_alone big_set1. Qed.

(** Statement 1, of quantities, and statement 2: limbs and steps are small. *)
Definition small_value (x : ('I_(limbs s) * 'I_n) + 'I_n) : F :=
  match x with inl (m, i) => limb l m i | inr i => step s l i end.
Definition small_row (x : ('I_(limbs s) * 'I_n) + 'I_n) : 'I_n :=
  match x with inl (m, i) => i | inr i => i end.

Lemma small_in_range x : line_on s (small_row x) ->
  exists v : 'I_(2 ^ bits s), small_value x = v%:R.
Proof.
move=> on; have [/existsP[v /eqP e]|/existsPn none] :=
  boolP [exists v : 'I_(2 ^ bits s), small_value x == v%:R]; first by exists v.
have v_gt0 : (0 < 2 ^ bits s)%N by rewrite expn_gt0.
have nz : small_value x != 0 := none (Ordinal v_gt0).
have pole_small y : @pole F s pub l theta a eta (inl y) = small_value y.
  by case: y => [[m i]|i]; apply: at_small.
have entry_off (y : entry) : (at_eta eta (entry_key y) == small_value x) = false.
  by rewrite -pole_small eq_sym eta_tells // tag_small.
have := no_weight (inl x); rewrite /weight_at pole_small big_sumType /=.
rewrite [X in _ + X]big_pred0 ?addr0; last first.
  case=> i; first exact: (entry_off (inl i)).
  case: (boolP (is_instrument s i)) => [is_i|not_i].
    exact: (entry_off (inr (Ordinal is_i))).
  rewrite /pole /= /Lookup.table_key /table_worth /table_cap /instance (negPf not_i) /compress.
  rewrite !(mul0r, add0r) /table_entry (negPf not_i); case: ifP => [lt|_]; last first.
    by rewrite eq_sym (negPf nz).
  apply/negP => /eqP e; have range : (i - instruments s < 2 ^ bits s)%N.
    by rewrite ltn_subLR // leqNgt.
  by have := none (Ordinal range); rewrite -e eqxx.
pose same := [set y | line_on s (small_row y) && (small_value y == small_value x)].
rewrite (_ : \sum_(y | _) _ = #|same|%:R * small_value x); last first.
  rewrite mulr_natl -sumr_const big_mkcond [RHS]big_mkcond /=; apply: eq_bigr => y _.
  rewrite pole_small inE andbC; case: eqP => //= e.
  rewrite -e /weight /= mulr0 addr0; case: y e => [[m i]|i] _ /=.
    by case: (line_on s i); rewrite ?mul1r ?mul0r.
  by case: (line_on s i); rewrite ?mul1r ?mul0r.
move/eqP; rewrite mulf_eq0 (negPf nz) orbF => /eqP zero.
have /(natr0_small char_p)/(_ zero)/eqP : (#|same| < p)%N.
  apply: (@below_p _ 28 isT); apply: leq_trans (max_card _) _.
  rewrite card_sum card_prod !card_ord -mulSnr.
  case: ok => _ _ le _ [_ le9 _ _]; apply: (@leq_trans (2 ^ 4 * 2 ^ 24)%N).
    by apply: leq_mul le; apply: (@leq_trans 10%N).
  by rewrite -expnD; apply: leqnn.
by rewrite cards_eq0 => /eqP/setP/(_ x); rewrite !inE on eqxx.
Qed.
End Told.

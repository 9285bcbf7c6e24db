(** Fractions with poles: a sum of them that is zero at a random point is zero as a function. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Pacioli Require Import Field.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Lemma card_bigcup_le (T U : finType) (A : T -> {set U}) d :
  (forall x, #|A x| <= d)%N -> (#|\bigcup_x A x| <= #|T| * d)%N.
Proof.
move=> small; rewrite -sum_nat_const.
apply: (big_ind2 (fun (B : {set U}) m => #|B| <= m)%N) => // [|B m C k Bm Ck].
  by rewrite cards0.
by apply: leq_trans (leq_of_leqif (leq_card_setU _ _)) _; apply: leq_add.
Qed.

(** Poles that differ. *)
Section Poles.
Variables (F : finFieldType) (A : seq F) (W : F -> F).
Hypothesis uA : uniq A.

Definition others a : {poly F} := \prod_(b <- A | b != a) ('X - b%:P).
Definition R : {poly F} := \sum_(a <- A) W a *: others a.

Lemma others_at a x : (others a).[x] = \prod_(b <- A | b != a) (x - b).
Proof. by rewrite horner_prod; apply: eq_bigr => b _; rewrite hornerXsubC. Qed.

Lemma others_size a : a \in A -> (size (others a) <= size A)%N.
Proof.
move=> aA; rewrite /others -big_filter.
have -> : \prod_(b <- [seq b <- A | b != a]) ('X - b%:P)
        = \prod_(b <- [seq b <- A | b != a]) ('X - (id b)%:P) by [].
rewrite size_prod_XsubC size_filter.
have := count_predC (fun b => b != a) A; rewrite -[size A]/(size A) => <-.
by rewrite -addn1 leq_add2l -has_count; apply/hasP; exists a => //=; rewrite negbK.
Qed.

Lemma R_size : (size R <= size A)%N.
Proof.
rewrite /R big_seq; apply: leq_trans (size_sum _ _ _) _.
by apply/bigmax_leqP_seq => a aA _; apply: leq_trans (size_scale_leq _ _) (others_size aA).
Qed.

Lemma R_pole a : a \in A -> R.[a] = W a * \prod_(b <- A | b != a) (a - b).
Proof.
move=> aA; rewrite /R horner_sum (bigD1_seq a) //= hornerZ others_at.
rewrite [X in _ + X]big_seq_cond [X in _ + X]big1 ?addr0 // => c /andP[cA ca].
apply/eqP; rewrite hornerZ others_at mulf_eq0; apply/orP; right.
by rewrite prodf_seq_eq0; apply/hasP; exists a => //; rewrite eq_sym ca subrr eqxx.
Qed.

Lemma R_fractions b : b \notin A ->
  R.[b] = (\prod_(a <- A) (b - a)) * \sum_(a <- A) W a / (b - a).
Proof.
move=> bA; rewrite /R horner_sum mulr_sumr big_seq [RHS]big_seq; apply: eq_bigr => a aA.
rewrite hornerZ others_at (bigD1_seq a) //=.
have nz : b - a != 0 by rewrite subr_eq0; apply: contraNneq bA => ->.
set p := \prod_(j <- A | j != a) _.
by rewrite [(b - a) * p]mulrC -mulrA [(b - a) * (_ / _)]mulrCA divff // mulr1 mulrC.
Qed.

Lemma few_betas : (exists2 a, a \in A & W a != 0) ->
  (#|[set b : F | (b \notin A) && ((\sum_(a <- A) W a / (b - a))%R == 0%R)]| < size A)%N.
Proof.
case=> a aA Wa; rewrite cardE; set s := enum _.
have Rn0 : R != 0.
  apply: contraNneq Wa => R0; have := R_pole aA; rewrite R0 horner0 => /esym/eqP.
  rewrite mulf_eq0 => /orP[//|]; rewrite prodf_seq_eq0 => /hasP[b bA /andP[ba]].
  by rewrite subr_eq0 => /eqP E; rewrite E eqxx in ba.
apply: leq_trans R_size.
apply: max_poly_roots Rn0 _ (enum_uniq _).
apply/allP => b; rewrite mem_enum inE => /andP[bA /eqP s0].
by rewrite rootE (R_fractions bA) s0 mulr0.
Qed.
End Poles.

(** A family of fractions, whose poles may repeat. *)
Section Family.
Variables (F : finFieldType) (I : finType) (pole weight : I -> F).

(** The weight at a point: that of all fractions with this pole. *)
Definition weight_at x : F := \sum_(i | pole i == x) weight i.

Definition poles : {set F} := [set x in codom pole].

(** The points to avoid: the poles, and the roots of the sum where it is not zero as a function. *)
Definition bad_points : {set F} :=
  poles :|: (if [exists i, weight_at (pole i) != 0]
             then [set x | (x \notin poles) && (\sum_i weight i / (x - pole i) == 0)] else set0).

Let A := enum poles.

Lemma sum_by_pole x : \sum_i weight i / (x - pole i) = \sum_(a <- A) weight_at a / (x - a).
Proof.
rewrite -big_enum /= (partition_big pole (mem poles)) /=; last by move=> i _; rewrite inE codom_f.
rewrite /A [RHS]big_enum /=; apply: eq_bigr => a _.
by rewrite /weight_at big_enum_cond /= mulr_suml; apply: eq_bigr => i /eqP->.
Qed.

Lemma few_poles : (#|poles| <= #|I|)%N.
Proof.
rewrite cardsE; have -> : #|codom pole| = #|image pole I| by [].
by apply: leq_trans (leq_image_card _ _) _; rewrite cardE -cardE max_card.
Qed.

Lemma few_bad_points : (#|bad_points| <= 2 * #|I|)%N.
Proof.
rewrite mul2n -addnn /bad_points; apply: leq_trans (leq_of_leqif (leq_card_setU _ _)) _.
apply: leq_add few_poles _.
case: ifP => [/existsP[i nz]|_]; last by rewrite cards0.
apply: leq_trans few_poles.
have -> : [set x | (x \notin poles) && (\sum_i weight i / (x - pole i) == 0)]
        = [set x | (x \notin A) && (\sum_(a <- A) weight_at a / (x - a) == 0)].
  by apply/setP => x; rewrite !inE sum_by_pole mem_enum inE.
rewrite (leq_trans (ltnW (few_betas (enum_uniq _) _))) -?cardE //.
by exists (pole i); rewrite ?mem_enum ?inE ?codom_f.
Qed.

(** At any other point a sum of zero has no weight at any pole. *)
Lemma no_weight x i : x \notin bad_points ->
  (x \notin poles -> \sum_j weight j / (x - pole j) = 0) -> weight_at (pole i) = 0.
Proof.
rewrite inE negb_or => /andP[off good] /(_ off) zero; apply/eqP; apply: contraNT good => nz.
have -> : [exists i, weight_at (pole i) != 0] by apply/existsP; exists i.
by rewrite inE off zero eqxx.
Qed.
End Family.

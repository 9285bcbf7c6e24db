(** The theorem, with the challenges one after another, and counted together. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Pacioli Require Import Field Circuit Cycle Fractions Lookup Told Book Soundness.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

(** Pairs of which the first is one of a few, or the second is. *)
Lemma card_rounds (A B : finType) (P : {set A * B}) (X : {set A}) d c e :
  (#|X| <= d)%N -> (#|B| <= c)%N ->
  (forall x, x \notin X -> #|[set y | (x, y) \in P]| <= e)%N ->
  (#|P| <= d * c + #|A| * e)%N.
Proof.
move=> few_x few_b few_y.
have -> : #|P| = (\sum_x #|[set y | (x, y) \in P]|)%N.
  rewrite -sum1_card (eq_bigl (fun z => (z.1, z.2) \in P)); last by case.
  rewrite -(pair_big_dep xpredT (fun x y => (x, y) \in P) (fun _ _ => 1%N)) /=.
  by apply: eq_bigr => x _; rewrite -sum1_card; apply: eq_bigl => y; rewrite inE.
rewrite (bigID (mem X)) /=; apply: leq_add.
  apply: (@leq_trans (\sum_(x in X) c)%N).
    by apply: leq_sum => x _; apply: leq_trans (max_card _) few_b.
  by rewrite sum_nat_const leq_mul2r few_x orbT.
apply: (@leq_trans (\sum_(x | x \notin X) e)%N); first by apply: leq_sum => x; apply: few_y.
by rewrite sum_nat_const leq_mul2r max_card orbT.
Qed.

Section Union.
Variables (F : finFieldType) (p : nat).
Hypothesis char_p : p \in [char F].
Hypothesis big_p : (2 ^ 253 < p)%N.
Variables (s : shape) (pub : public) (l : lines F).
Hypothesis ok : is_shape s.
Hypothesis pub_ok : is_public s pub.

(** How many values of each challenge may let a false statement through. *)
Definition theta_bound := scenarios pub.
Definition eta_bound := ((rows s + instruments s) * (((limbs s + 3) * rows s) * 3))%N.
Definition alpha_bound := (rows s + instruments s)%N.
Definition beta_bound := (2 * ((limbs s + 3) * rows s))%N.

(** Each challenge has few values to avoid, which are fixed by what is committed before it is drawn; at any
    others, what passes the gates is a book that holds. *)
Theorem sound :
  exists Theta : {set F}, (#|Theta| <= theta_bound)%N /\ forall theta, theta \notin Theta ->
  forall a : second F,
  exists Eta : {set F}, (#|Eta| <= eta_bound)%N /\ forall eta, eta \notin Eta ->
  exists Alpha : {set F}, (#|Alpha| <= alpha_bound)%N /\ forall alpha, alpha \notin Alpha ->
  exists Beta : {set F}, (#|Beta| <= beta_bound)%N /\ forall beta, beta \notin Beta ->
  forall b : third F, gates s pub l theta eta alpha beta a b -> holds s pub l.
Proof.
exists (bad_theta s pub l); split=> [|theta good_theta a]; first exact: few_bad_theta.
exists (bad_eta s pub l theta a); split=> [|eta good_eta]; first exact: few_bad_eta.
exists (bad_alpha s pub l theta a eta); split=> [|alpha good_alpha]; first exact: few_bad_alpha.
exists (bad_points (@pole F s pub l theta a eta) (@weight F s pub l a alpha)).
split=> [|beta good_beta b passes].
  apply: leq_trans (few_bad_points _ _) _; rewrite leq_mul2l /=.
  by rewrite !card_sum card_prod !card_ord mulnDl !mulSn mul0n addn0 !addnA.
exact: (the_book_holds char_p big_p ok pub_ok good_theta good_eta good_alpha good_beta passes).
Qed.

(** The union: of all challenges at which a prover passes, whatever he commits to as they come, only so many
    can be there if the book does not hold: of [#|F| ^ 4], a share of their sum over [#|F|]. *)
Variables (second_of : F -> second F) (third_of : F -> F -> F -> F -> third F).

Theorem few_false_proofs (passing : {set F * (F * (F * F))}) :
  (forall theta eta alpha beta, (theta, (eta, (alpha, beta))) \in passing ->
     gates s pub l theta eta alpha beta (second_of theta) (third_of theta eta alpha beta)) ->
  ~ holds s pub l ->
  (#|passing| <= (theta_bound + eta_bound + alpha_bound + beta_bound) * #|F| ^ 3)%N.
Proof.
move=> passes false.
have [Theta [few_theta good_theta]] := sound.
apply: (@leq_trans (theta_bound * #|F| ^ 3 + #|F| * ((eta_bound + alpha_bound + beta_bound) * #|F| ^ 2))%N);
  last by rewrite [(#|F| * (_ * _))%N]mulnCA -(expnS #|F| 2) -mulnDl !addnA.
apply: (card_rounds few_theta); first by rewrite !card_prod !expnS expn0 muln1.
move=> theta /good_theta/(_ (second_of theta)) [Eta [few_eta good_eta]].
apply: (@leq_trans (eta_bound * #|F| ^ 2 + #|F| * ((alpha_bound + beta_bound) * #|F|))%N);
  last by rewrite [(#|F| * (_ * _))%N]mulnCA mulnn -mulnDl !addnA.
apply: (card_rounds few_eta); first by rewrite card_prod expnS expn1.
move=> eta /good_eta [Alpha [few_alpha good_alpha]].
apply: (@leq_trans (alpha_bound * #|F| + #|F| * beta_bound)%N);
  last by rewrite [(#|F| * _)%N]mulnC -mulnDl.
apply: (card_rounds few_alpha) => // alpha /good_alpha [Beta [few_beta good_beta]].
apply: leq_trans few_beta; apply: subset_leq_card; apply/subsetP => beta.
rewrite !inE => in_passing; apply: contraT => good.
by case: false; apply: good_beta good _ (passes _ _ _ _ in_passing).
Qed.
End Union.

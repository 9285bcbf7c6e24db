(** The lookup: what the running sum of fractions says of lines and totals. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Pacioli Require Import Field Circuit Cycle Fractions.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Lookup.
Variables (F : finFieldType) (s : shape) (pub : public) (l : lines F) (theta : F) (a : second F).
Hypothesis ok : is_shape s.

Let n := rows s.
Let J := instruments s.
Let q i : F := (line_on s i)%:R.
Let r i : F := (row_on s i)%:R.

(** What is looked up, before [eta] combines it: number, worth, cap, tag. *)
Definition key := (F * F * F * F)%type.
Definition at_eta eta (k : key) : F := let: (x, w, c, t) := k in compress eta x w c t.
Definition small_key v : key := (v, 0, 0, 0).
Lemma at_small eta v : at_eta eta (small_key v) = v.
Proof. by rewrite /at_eta /small_key /compress !(mul0r, add0r). Qed.

Definition line_key i : key := (instrument l i, worth a i, cap a i, 1).
Definition table_key i : key :=
  ((table_entry s i)%:R, table_worth s pub theta i, table_cap F s pub i, (is_instrument s i)%:R).

(** The fractions: a limb's, a step's, a line's, a table row's. *)
Definition fraction := ((('I_(limbs s) * 'I_n) + 'I_n) + ('I_n + 'I_n))%type.
Definition key_of (x : fraction) : key := match x with
  | inl (inl (m, i)) => small_key (limb l m i)
  | inl (inr i) => small_key (step s l i)
  | inr (inl i) => line_key i
  | inr (inr i) => table_key i
  end.

(** The weight of a fraction is [fixed_weight + alpha * total_weight]. *)
Definition offer i : F :=
  total_count F s pub i + (1 - (is_instrument s i)%:R) * (table_entry s i)%:R * multiplicity a i.
Definition fixed_weight (x : fraction) : F := match x with
  | inl (inl (m, i)) => q i * limb l m i
  | inl (inr i) => q i * step s l i
  | inr (inl i) => q i
  | inr (inr i) => - offer i
  end.
Definition total_weight (x : fraction) : F := match x with
  | inl _ => 0
  | inr (inl i) => q i * quantity s l i
  | inr (inr i) => - total_quantity F s pub i
  end.

Section Challenges.
Variables eta alpha : F.
Definition pole x := at_eta eta (key_of x).
Definition weight x := fixed_weight x + alpha * total_weight x.

(** Off the poles, what the gates say is a sum of fractions that is zero. *)
Lemma sum_of_fractions beta (b : third F) :
  gates s pub l theta eta alpha beta a b -> beta \notin poles pole ->
  \sum_x weight x / (beta - pole x) = 0.
Proof.
move=> g off.
have nz x : beta - pole x != 0.
  by rewrite subr_eq0; apply: contraNneq off => ->; rewrite inE codom_f.
have solve (x : fraction) t : r 0%N = r 0%N -> weight x = t * (beta - pole x) ->
    weight x / (beta - pole x) = t by move=> _ ->; rewrite mulfK.
pose rise i : F := r i * (sum b (next_row s i) - sum b i).
have limb_fraction m (i : 'I_n) :
    weight (inl (inl (m, i))) / (beta - pole (inl (inl (m, i)))) = r i * limb_term b m i.
  apply: solve => //; have /eqP := limb_ok g (ltn_ord m) (ltn_ord i).
  rewrite /gate_limb subr_eq0 => /eqP/esym; rewrite -/(q i) -/(r i) => e.
  by rewrite /weight /= mulr0 addr0 e (_ : pole _ = limb l m i) //; apply: at_small.
have step_fraction (i : 'I_n) :
    weight (inl (inr i)) / (beta - pole (inl (inr i))) = r i * step_term b i.
  apply: solve => //; have /eqP := step_ok g (ltn_ord i).
  rewrite /gate_step subr_eq0 => /eqP/esym; rewrite -/(q i) -/(r i) => e.
  by rewrite /weight /= mulr0 addr0 e (_ : pole _ = step s l i) //; apply: at_small.
have line_fraction (i : 'I_n) :
    weight (inr (inl i)) / (beta - pole (inr (inl i))) = r i * line_term s b i.
  apply: solve => //; have /eqP := line_ok g (ltn_ord i).
  rewrite /gate_line subr_eq0 => /eqP/esym; rewrite -/(q i) -/(r i) => e.
  by rewrite -e /weight /= mulrDr mulr1 mulrCA.
have table_fraction (i : 'I_n) :
    weight (inr (inr i)) / (beta - pole (inr (inr i))) = - (r i * table_term b i).
  apply: solve => //; have /eqP := table_ok g (ltn_ord i).
  rewrite /gate_table -addrA -opprD subr_eq0 => /eqP e.
  rewrite mulNr e /weight /= mulrN -opprD /offer; congr (- _).
  by rewrite addrAC.
have last_lt : (last_row s < n)%N.
  rewrite /last_row /n ltn_subrL /= muln_gt0 slots_gt0 // stride_gt0 //.
have telescoped : \sum_(i < n) rise i = 0.
  rewrite -(big_mkord xpredT rise) (big_cat_nat _ _ _ (leq0n _) (ltnW last_lt)) /=.
  rewrite [X in _ + X]big_nat [X in _ + X]big1 ?addr0; last first.
    by move=> i /andP[le _]; rewrite /rise /r /row_on ltnNge le mul0r.
  rewrite (_ : \sum_(0 <= i < last_row s) rise i
             = \sum_(0 <= i < last_row s) (sum b i.+1 - sum b i)); last first.
    rewrite !big_nat; apply: eq_bigr => i /andP[_ lt].
    rewrite /rise /r /row_on lt mul1r /next_row addn1 modn_small //.
    exact: leq_ltn_trans lt last_lt.
  have ends i : is_end s i -> (i < n)%N -> sum b i = 0.
    by move=> e lt; have := ends_ok g lt; rewrite /gate_ends e mul1r.
  rewrite telescope_sumr // !ends ?subrr //; rewrite /is_end ?eqxx ?orbT //.
  exact: leq_ltn_trans last_lt.
rewrite !big_sumType /= (eq_bigr (fun x : 'I_(limbs s) * 'I_n => r x.2 * limb_term b x.1 x.2)); last first.
  by case=> m i _; apply: limb_fraction.
rewrite -(pair_bigA _ (fun (m : 'I_(limbs s)) (i : 'I_n) => r i * limb_term b m i)) exchange_big /=.
rewrite [X in _ + X + _](eq_bigr (fun i : 'I_n => r i * step_term b i)); last by move=> i _; apply: step_fraction.
rewrite [X in _ + (X + _)](eq_bigr (fun i : 'I_n => r i * line_term s b i)); last first.
  by move=> i _; apply: line_fraction.
rewrite [X in _ + (_ + X)](eq_bigr (fun i : 'I_n => - (r i * table_term b i))); last first.
  by move=> i _; apply: table_fraction.
rewrite -!big_split /= -[RHS]telescoped; apply: eq_bigr => i _.
rewrite -mulr_sumr -!mulrDr -mulrN -!mulrDr; congr (_ * _); rewrite /line_term.
set ls := \sum_(m < _) _.
set d := sum b _ - _; rewrite [d + _ - _]addrAC [d - _ + _ - _]addrAC addrK.
by rewrite addrC addrA subrK subrK.
Qed.
End Challenges.

(** An entry is what has the tag 1: a line, or an instrument. *)
Definition entry := ('I_n + 'I_J)%type.
Definition entry_key (y : entry) : key :=
  match y with inl i => line_key i | inr j => table_key j end.

(** Where two keys, of which one is an entry's, are alike though they differ. *)
Definition bad_eta : {set F} := \bigcup_(y : entry) \bigcup_(x : fraction)
  if entry_key y == key_of x then set0
  else [set eta | at_eta eta (entry_key y) == at_eta eta (key_of x)].

Lemma few_alike (k k' : key) : k != k' ->
  (#|[set eta | at_eta eta k == at_eta eta k']| <= 3)%N.
Proof.
case: k => [[[x w] c] t]; case: k' => [[[x' w'] c'] t'] differ.
pose d : {poly F} := Poly [:: x - x'; w - w'; c - c'; t - t'].
have d0 : d != 0.
  apply: contraNneq differ => zero.
  have coef i : d`_i = [:: x - x'; w - w'; c - c'; t - t']`_i by rewrite coef_Poly.
  move: (coef 0%N) (coef 1%N) (coef 2%N) (coef 3%N); rewrite zero !coef0 /=.
  move=> /esym/eqP + /esym/eqP + /esym/eqP + /esym/eqP.
  by rewrite !subr_eq0 => /eqP-> /eqP-> /eqP-> /eqP->.
rewrite (_ : [set _ | _] = [set eta | root d eta]).
  by apply: few_roots d0 _; apply: leq_trans (size_Poly _) _.
apply/setP => eta; rewrite !inE rootE horner_Poly /= mul0r add0r.
rewrite /compress -[LHS]subr_eq0; congr (_ == _).
have sub_step u u' v v' : u * eta + v - (u' * eta + v') = (u - u') * eta + (v - v').
  by rewrite mulrBl opprD addrACA.
by rewrite !sub_step.
Qed.

Lemma few_bad_eta : (#|bad_eta| <= (n + J) * (((limbs s + 3) * n) * 3))%N.
Proof.
have -> : (n + J = #|{: entry}|)%N by rewrite card_sum !card_ord.
have -> : ((limbs s + 3) * n = #|{: fraction}|)%N.
  by rewrite !card_sum card_prod !card_ord mulnDl !mulSn mul0n addn0 !addnA.
apply: card_bigcup_le => y; apply: card_bigcup_le => x.
by case: ifPn => [_|differ]; rewrite ?cards0 ?few_alike.
Qed.

Lemma eta_tells eta y x : eta \notin bad_eta ->
  (at_eta eta (key_of x) == at_eta eta (entry_key y)) = (key_of x == entry_key y).
Proof.
move=> good; apply/eqP/eqP => [alike|->//]; apply/eqP; rewrite eq_sym.
apply: contraNT good => differ; apply/bigcupP; exists y => //; apply/bigcupP; exists x => //.
by rewrite (negPf differ) inE alike.
Qed.

(** The two parts of the weight at an entry's pole. *)
Section Weights.
Variable eta : F.

Definition fixed_at x : F := weight_at (pole eta) fixed_weight x.
Definition total_at x : F := weight_at (pole eta) total_weight x.

Lemma weight_atE alpha x :
  weight_at (pole eta) (weight alpha) x = fixed_at x + alpha * total_at x.
Proof. by rewrite /fixed_at /total_at /weight_at mulr_sumr -big_split. Qed.

(** Where an entry's weight is zero though its two parts are not. *)
Definition bad_alpha : {set F} := \bigcup_(y : entry)
  [set alpha | let x := at_eta eta (entry_key y) in
    (total_at x != 0) && (fixed_at x + alpha * total_at x == 0)].

Lemma few_bad_alpha : (#|bad_alpha| <= n + J)%N.
Proof.
have -> : (n + J = #|{: entry}| * 1)%N by rewrite muln1 card_sum !card_ord.
apply: card_bigcup_le => y; rewrite -[1%N](cards1 (- fixed_at (at_eta eta (entry_key y))
  / total_at (at_eta eta (entry_key y)))).
apply: subset_leq_card; apply/subsetP => alpha; rewrite !inE => /andP[nz].
by rewrite addrC addr_eq0 => /eqP <-; rewrite mulfK.
Qed.

Lemma alpha_tells alpha y : alpha \notin bad_alpha ->
  weight_at (pole eta) (weight alpha) (at_eta eta (entry_key y)) = 0 ->
  fixed_at (at_eta eta (entry_key y)) = 0 /\ total_at (at_eta eta (entry_key y)) = 0.
Proof.
rewrite weight_atE; set x := at_eta _ _ => good zero.
have total0 : total_at x = 0.
  apply/eqP; apply: contraNT good => nz; apply/bigcupP; exists y => //.
  by rewrite inE /= -/x nz zero eqxx.
by move: zero; rewrite total0 mulr0 addr0.
Qed.
End Weights.
End Lookup.

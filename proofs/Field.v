(** Integers and their residues: what is small is what its residue says. *)
From mathcomp Require Import all_ssreflect all_algebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Residues.
Variables (F : fieldType) (p : nat).
Hypothesis char_p : p \in [char F].

Lemma natr0_small a : (a < p)%N -> a%:R = 0 :> F -> a = 0%N.
Proof.
move=> ap /eqP; rewrite -(dvdn_charf char_p) => /dvdnP[k def].
case: k def => [->|k def]; first by rewrite mul0n.
by move: ap; rewrite def mulSn ltnNge leq_addr.
Qed.

Lemma natr_inj_small a b : (a < p)%N -> (b < p)%N -> a%:R = b%:R :> F -> a = b.
Proof.
wlog le : a b / (a <= b)%N.
  by move=> H; case/orP: (leq_total a b) => ? *; [|apply/esym]; apply: H.
move=> ap bp eq; have /(natr0_small (leq_ltn_trans (leq_subr a b) bp)) : (b - a)%:R = 0 :> F.
  by rewrite natrB // eq subrr.
by move/eqP; rewrite subn_eq0 => ba; apply/eqP; rewrite eqn_leq le.
Qed.

Lemma intr0_small (z : int) : (`|z| < p)%N -> z%:~R = 0 :> F -> z = 0.
Proof.
case: z => n /=; rewrite ?absz_nat => small.
  by rewrite -pmulrn => /(natr0_small small) ->.
rewrite NegzE mulrNz => /eqP; rewrite oppr_eq0 -pmulrn => /eqP.
by move/(natr0_small small).
Qed.

(** Naturals of which one is the other and a small difference. *)
Lemma step_small a b v : (a + v.+1 < p)%N -> (b < p)%N ->
  b%:R - a%:R - 1 = v%:R :> F -> b = (a + v.+1)%N.
Proof.
move=> ap bp eq; apply: natr_inj_small => //.
by rewrite natrD -addn1 natrD -eq subrK addrC subrK.
Qed.
End Residues.

Section Roots.
Variable F : finFieldType.

Lemma few_roots (q : {poly F}) d : q != 0 -> (size q <= d.+1)%N ->
  (#|[set x | root q x]| <= d)%N.
Proof.
move=> q0 size_q; rewrite cardE -ltnS.
apply: leq_trans size_q; apply: max_poly_roots q0 _ (enum_uniq _).
by apply/allP => x; rewrite mem_enum inE.
Qed.
End Roots.

(** The lines of a page: a cycle. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Pacioli Require Import Circuit.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.

Section Cycle.
Variable s : shape.
Hypothesis ok : is_shape s.

(** The row of a page's slot, slots counted round and round. *)
Definition at_slot page slot := ((slot %% slots s) * stride s + page)%N.

Lemma stride_gt0 : 0 < stride s. Proof. by case: ok => /(leq_trans _)->. Qed.
Lemma slots_gt0 : 0 < slots s. Proof. by case: ok => _ /andP[]. Qed.

Lemma page_stride page : page < pages s -> page < stride s.
Proof. by move/leq_trans; apply; apply: leq_subr. Qed.

Lemma at_slot_row page slot : page < stride s -> at_slot page slot < rows s.
Proof.
move=> lt; rewrite /at_slot /rows [stride s * _]mulnC.
apply: (@leq_trans ((slot %% slots s).+1 * stride s)).
  by rewrite mulSn addnC ltn_add2r.
by rewrite leq_mul2r ltn_mod slots_gt0 orbT.
Qed.

Lemma at_slot_on page slot : page < pages s -> line_on s (at_slot page slot).
Proof.
by move=> lt; rewrite /line_on /at_slot modnMDl modn_small ?page_stride.
Qed.

Lemma next_at_slot page slot : page < stride s ->
  next_line s (at_slot page slot) = at_slot page slot.+1.
Proof.
move=> lt; rewrite /next_line {1}/at_slot addnAC -mulSnr.
have [small|big] := ltnP (slot %% slots s).+1 (slots s).
  have -> : at_slot page slot.+1 = ((slot %% slots s).+1 * stride s + page)%N.
    by rewrite /at_slot -addn1 -modnDml addn1 modn_small.
  rewrite modn_small // /rows mulnC.
  apply: (@leq_trans ((slot %% slots s).+2 * stride s)).
    by rewrite [X in _ < X]mulSn addnC [stride s * _]mulnC ltn_add2r.
  by rewrite mulnC leq_mul2l small orbT.
have eq : (slot %% slots s).+1 = slots s.
  by apply/eqP; rewrite eqn_leq big ltn_mod slots_gt0.
rewrite eq mulnC -/(rows s) modnDl modn_small; last first.
  by apply: leq_trans lt _; rewrite leq_pmulr ?slots_gt0.
by rewrite /at_slot -addn1 -modnDml addn1 eq modnn.
Qed.

Lemma on_at_slot i : i < rows s -> line_on s i ->
  i = at_slot (i %% stride s) (i %/ stride s) /\ i %% stride s < pages s.
Proof.
move=> lt on; split=> //; rewrite /at_slot modn_small -?divn_eq //.
by rewrite ltn_divLR ?stride_gt0 // mulnC.
Qed.

Lemma on_usable i : i < rows s -> line_on s i -> row_on s i.
Proof.
move=> lt on; rewrite /row_on /last_row ltn_subRL.
have [eq small] := on_at_slot lt on; rewrite eq /at_slot.
have le : (i %/ stride s %% slots s).+1 <= slots s by rewrite ltn_mod slots_gt0.
apply: (@leq_trans ((i %/ stride s %% slots s).+1 * stride s)); last first.
  by rewrite /rows mulnC leq_mul2l le orbT.
rewrite mulSn addnCA addnC ltn_add2r.
by move: small; rewrite /pages ltn_subRL.
Qed.

Lemma next_line_row i : next_line s i < rows s.
Proof. by rewrite ltn_mod muln_gt0 stride_gt0 slots_gt0. Qed.

Lemma next_line_on i : i < rows s -> line_on s i -> line_on s (next_line s i).
Proof.
move=> lt on; have [-> small] := on_at_slot lt on.
by rewrite next_at_slot ?page_stride // at_slot_on.
Qed.
End Cycle.

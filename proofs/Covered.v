(** Every line is in an account: none is left out of statement 4. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Pacioli Require Import Circuit Cycle Book.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Covered.
Variables (F : finFieldType) (s : shape) (pub : public) (l : lines F).
Hypothesis ok : is_shape s.
Hypothesis book : holds s pub l.

Let P := slots s.
Let P_gt0 : (0 < P)%N := slots_gt0 ok.

Section Page.
Variable page : nat.
Hypothesis small : (page < pages s)%N.
Let ends slot := last l (at_slot s page slot) == 1.

Let round k : at_slot s page (k + P) = at_slot s page k.
Proof. by rewrite /at_slot modnDr. Qed.

Let not_end k : ~~ ends k -> last l (at_slot s page k) = 0.
Proof.
move=> no; have row_lt := at_slot_row ok k (page_stride small).
by case: (a_bit book row_lt (at_slot_on k small)) => // one; move: no; rewrite /ends one eqxx.
Qed.

(** The first end from a slot on. *)
Let has_end c : exists d, ends (c + d).
Proof.
have [slot slot_lt one] := a_last book small.
exists (slot + (P - c %% P))%N; rewrite /ends /at_slot.
have -> : ((c + (slot + (P - c %% P))) %% P = slot %% P)%N.
  rewrite addnCA addnC -modnDml {1}(divn_eq c P) -!addnA modnMDl subnKC; last first.
    by apply: ltnW; rewrite ltn_mod.
  by rewrite modnn.
by rewrite modn_small // in one *; rewrite -one /at_slot modn_small.
Qed.

Let wrap start k : at_slot s page (start %% P + k) = at_slot s page (start + k).
Proof. by rewrite /at_slot modnDml. Qed.

Lemma slot_covered c : exists start length k,
  [/\ (start < P)%N, (0 < length <= P)%N, is_account s l page start length, (k < length)%N
    & at_slot s page (start + k) = at_slot s page c].
Proof.
pose before v := (v < P)%N && ends (c + v).
have some_before : exists v, before v.
  have [d end_d] := has_end c; exists (d %% P)%N; rewrite /before ltn_mod P_gt0 /=.
  by rewrite /ends /at_slot modnDmr.
have bounded v : before v -> (v <= P)%N by case/andP=> /ltnW.
case: (ex_maxnP some_before bounded) => v /andP[v_lt end_v] v_max.
pose start := (c + v.+1)%N.
case: (ex_minnP (has_end start)) => d end_d d_min.
have d_le : (d <= P.-1)%N.
  apply: d_min; have -> : (start + P.-1 = c + v + P)%N.
    by rewrite /start addnS addSnnS prednK.
  by rewrite /ends round.
have k_le : (P - v.+1 <= d)%N.
  rewrite leqNgt; apply/negP => d_lt.
  have : before (v.+1 + d)%N.
    by rewrite /before -ltn_subRL d_lt /= addnA.
  by move/v_max; rewrite addSn leqNgt ltnS leq_addr.
exists (start %% P)%N, d.+1, (P - v.+1)%N; split=> //.
- by rewrite ltn_mod.
- by rewrite -(prednK P_gt0) ltnS.
- rewrite /is_account !wrap /=; apply/and3P; split=> //.
  + have -> : (start + (slots s).-1 = c + v + P)%N by rewrite /start addnS addSnnS prednK.
    by rewrite round.
  + apply/forallP => k; rewrite wrap; apply/eqP; apply: not_end; apply/negP => /d_min.
    by rewrite leqNgt ltn_ord.
- by rewrite wrap /start -addnA subnKC // round.
Qed.
End Page.

(** The line of any row that is on, as a slot of an account. *)
Theorem every_line_is_in_an_account i : (i < rows s)%N -> line_on s i ->
  exists page start length k,
    [/\ (page < pages s)%N, (start < slots s)%N, (0 < length <= slots s)%N,
        is_account s l page start length & (k < length)%N /\ at_slot s page (start + k) = i].
Proof.
move=> lt on; have [e small] := on_at_slot ok lt on.
have [start [length [k [? ? ? ? e']]]] := slot_covered small (i %/ stride s).
by exists (i %% stride s)%N, start, length, k; split=> //; split=> //; rewrite e' -e.
Qed.
End Covered.

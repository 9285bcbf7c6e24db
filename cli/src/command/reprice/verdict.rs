//! The verdict at other prices, in one line, and what it rests on.

use pacioli_attestation::bound::{RepricedClause, RestsOn, Standing};

use super::{
    super::report::{named, warning, word},
    Found,
};
use crate::format::plural;

impl Found<'_> {
    /// The verdict, in one line.
    pub(super) fn verdict(&self) -> String {
        let origin = self.verified.origin();
        let word = match self.standing() {
            Standing::Holds => word(true, origin),
            Standing::CannotHold => word(false, origin),
            Standing::Unknown => "UNKNOWN",
        };
        let whose = "of the venue's own policy";
        let mut reasons = vec![reason(&self.own, whose)];
        reasons.extend(self.asked.as_deref().map(|asked| reason(asked, "of yours")));
        format!("{word}: the proofs verify, and at these prices {}", reasons.join("; "))
    }

    /// The lines under the verdict: what it rests on.
    pub(super) fn qualified(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            warning(self.verified.origin()).map(str::to_owned).into_iter().collect();
        let all = || self.own.iter().chain(self.asked.iter().flatten());
        let of_proof = all().filter(|clause| clause.rests_on == RestsOn::Proof).count();
        if of_proof > 0 {
            let go = if of_proof == 1 { "goes" } else { "go" };
            lines.push(format!(
                "{} of {} {go} by figures as of the proof, which may be others by now",
                of_proof,
                plural(all().count(), "clause")
            ));
        }
        if self.standing() == Standing::Unknown {
            lines.push(
                "unknown is not bad: the bounds are too far apart to tell, and a new proof would"
                    .into(),
            );
        }
        lines
    }
}

/// What stands of so many clauses.
fn reason(clauses: &[RepricedClause], whose: &str) -> String {
    let of = |standing| -> Vec<&str> {
        let those = clauses.iter().filter(|clause| clause.standing == standing);
        those.map(|clause| clause.name.as_str()).collect()
    };
    let (failing, unknown) = (of(Standing::CannotHold), of(Standing::Unknown));
    let all = clauses.len();
    let noun = if all == 1 { "clause" } else { "clauses" };
    if all == 0 {
        return format!("there is no clause {whose}");
    }
    let mut parts = Vec::new();
    if !failing.is_empty() {
        parts.push(format!(
            "{} of {all} {noun} {whose} cannot hold: {}",
            failing.len(),
            named(&failing)
        ));
    }
    if !unknown.is_empty() {
        parts.push(format!(
            "{} of {all} {noun} {whose} may hold or not: {}",
            unknown.len(),
            named(&unknown)
        ));
    }
    match parts.is_empty() {
        true if all == 1 => format!("the only clause {whose} holds for certain"),
        true => format!("all {all} clauses {whose} hold for certain"),
        false => parts.join(", and "),
    }
}

#[cfg(test)]
mod tests {
    use pacioli_attestation::By;

    use super::*;

    #[test]
    fn a_reason_says_what_cannot_hold_before_what_is_not_known() {
        use Standing::{CannotHold, Holds, Unknown};
        let clauses = |standings: &[Standing]| -> Vec<RepricedClause> {
            let clause = |(index, &standing): (usize, &Standing)| RepricedClause {
                name: format!("c{index}"),
                standing,
                rests_on: RestsOn::Repriced,
                detail: String::new(),
                by: By::Proved,
            };
            standings.iter().enumerate().map(clause).collect()
        };
        for (standings, said) in [
            (&[][..], "there is no clause of yours"),
            (&[Holds], "the only clause of yours holds for certain"),
            (&[Holds, Holds], "all 2 clauses of yours hold for certain"),
            (&[Unknown, Holds], "1 of 2 clauses of yours may hold or not: c0"),
            (
                &[Unknown, CannotHold, Holds],
                "1 of 3 clauses of yours cannot hold: c1, and 1 of 3 clauses of yours may hold or \
                 not: c0",
            ),
        ] {
            assert_eq!(reason(&clauses(standings), "of yours"), said);
        }
    }
}

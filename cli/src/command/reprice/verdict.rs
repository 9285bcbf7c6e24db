//! The verdict at other prices, in one line, and what it rests on.

use pacioli_attestation::bound::{RepricedClause, RestsOn, Standing};

use super::{
    super::report::{named, qualified, word},
    Found,
};

impl Found<'_> {
    /// The verdict, in one line.
    pub(super) fn verdict(&self) -> String {
        let origin = self.verified.origin();
        let all = || self.own.iter().chain(self.asked.iter().flatten());
        let word = match self.standing() {
            Standing::Holds if all().any(|clause| clause.standing == Standing::Held) => {
                format!("{}, MARGINS AS OF THE PROOF", word(true, origin))
            }
            Standing::Holds => word(true, origin).to_owned(),
            Standing::CannotHold => word(false, origin).to_owned(),
            _ => "UNKNOWN".to_owned(),
        };
        let whose = "of the venue's own policy";
        let mut reasons = vec![reason(&self.own, whose)];
        reasons.extend(self.asked.as_deref().map(|asked| reason(asked, "of yours")));
        format!("{word}: the proofs verify, and at these prices {}", reasons.join("; "))
    }

    /// The lines under the verdict: what it rests on.
    pub(super) fn qualified(&self) -> Vec<String> {
        let mut lines = qualified(self.verified.findings(), self.verified.origin());
        let all = || self.own.iter().chain(self.asked.iter().flatten());
        let is_there = |standing, rests_on| {
            all().any(|clause| (clause.standing, clause.rests_on) == (standing, rests_on))
        };
        if is_there(Standing::Unknown, RestsOn::Repriced) {
            lines.push("unknown is not bad, and not good: a new proof would tell".to_owned());
        }
        if is_there(Standing::Held, RestsOn::Proof) && !self.counts_held {
            let line = "margins have no figures at other prices: --accept-margins-of-proof counts those \
                        of the proof";
            lines.push(line.to_owned());
        }
        lines
    }
}

/// What stands of so many clauses, the worst first.
fn reason(clauses: &[RepricedClause], whose: &str) -> String {
    let all = clauses.len();
    let of = |standing| -> Vec<&str> {
        let those = clauses.iter().filter(|clause| clause.standing == standing);
        those.map(|clause| clause.name.as_str()).collect()
    };
    let holding = of(Standing::Holds).len();
    match (all, holding) {
        (0, _) => return format!("there is no clause {whose}"),
        (1, 1) => return format!("the only clause {whose} holds for certain"),
        (all, holding) if all == holding => {
            return format!("all {all} clauses {whose} hold for certain");
        }
        _ => {}
    }
    let noun = if all == 1 { "clause" } else { "clauses" };
    let told = [
        (Standing::CannotHold, "cannot hold"),
        (Standing::Failed, "failed in the proof"),
        (Standing::Unknown, "may hold or not"),
        (Standing::Held, "held in the proof"),
    ];
    let told = told.into_iter().map(|(standing, what)| (of(standing), what));
    let told = told.filter(|(names, _)| !names.is_empty());
    let parts: Vec<String> =
        told.map(|(names, what)| format!("{} {what}: {}", names.len(), named(&names))).collect();
    format!("of {all} {noun} {whose} {holding} hold for certain, {}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use pacioli_attestation::By;

    use super::*;

    #[test]
    fn a_reason_says_what_cannot_hold_before_what_is_not_known() {
        use Standing::{CannotHold, Failed, Held, Holds, Unknown};
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
            (&[Unknown, Holds], "of 2 clauses of yours 1 hold for certain, 1 may hold or not: c0"),
            (
                &[Unknown, CannotHold, Holds, Held, Failed],
                "of 5 clauses of yours 1 hold for certain, 1 cannot hold: c1, 1 failed in the proof: c4, \
                 1 may hold or not: c0, 1 held in the proof: c3",
            ),
        ] {
            assert_eq!(reason(&clauses(standings), "of yours"), said);
        }
    }
}

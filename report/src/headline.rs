//! The first lines: what holds, for whom, and what is not covered.

use pacioli_attestation::{By, Clause, Findings, setup::Origin, unasked};

/// The verdict, in one line: on the venue's own policy, and on the reader's where there is one.
pub fn verdict(findings: &Findings, origin: Origin, asked: Option<&[Clause]>) -> String {
    let (own, yours) = (&findings.clauses, asked.unwrap_or_default());
    let holds = findings.holds() && yours.iter().all(|clause| clause.holds);
    format!("{}: {}", word(holds, origin), reason(own, yours))
}

/// `HOLDS`, or less than that.
pub fn word(holds: bool, origin: Origin) -> &'static str {
    match (holds, origin) {
        (false, _) => "DOES NOT HOLD",
        (true, Origin::Insecure) => "HOLDS, UNDER AN INSECURE SETUP",
        (true, Origin::Unknown) => "HOLDS ONLY IF NOBODY KNOWS THE SETUP'S SECRET",
        (true, Origin::Ceremony(_) | Origin::Vouched(_)) => "HOLDS",
    }
}

/// The warning for a setup that proves less than it seems.
pub fn warning(origin: Origin) -> Option<&'static str> {
    match origin {
        Origin::Insecure => {
            Some("THE SETUP IS INSECURE: everyone can forge this proof. For tests only.")
        }
        Origin::Unknown => Some(
            "WHOEVER MADE THE SETUP CAN FORGE EVERYTHING: nobody here knows its ceremony, and you \
             vouched for no digest.",
        ),
        Origin::Ceremony(_) | Origin::Vouched(_) => None,
    }
}

fn reason(own: &[Clause], yours: &[Clause]) -> String {
    let (all, fail) = (own.len(), failing(own));
    let (asked, refused) = (yours.len(), failing(yours));
    let own = "the venue's own policy";
    if all == 0 {
        return format!("the proofs verify, and {own} comes to no clause");
    }
    match (fail.is_empty(), asked, refused.is_empty()) {
        (true, 0, _) if all == 1 => {
            format!("the proofs verify, and the only clause of {own} holds")
        }
        (true, 0, _) => format!("the proofs verify, and all {all} clauses of {own} hold"),
        (true, _, true) => {
            format!(
                "the proofs verify, {} of {own} hold, and {} of yours",
                every(all),
                every(asked)
            )
        }
        (true, _, false) => format!(
            "the proofs verify and {} of {own} hold, but {}",
            every(all),
            some(&refused, asked, "of yours")
        ),
        (false, _, true) => {
            format!("the proofs verify, but {}", some(&fail, all, &format!("of {own}")))
        }
        (false, _, false) => format!(
            "the proofs verify, but {}, and {}",
            some(&fail, all, &format!("of {own}")),
            some(&refused, asked, "of yours")
        ),
    }
}

/// The names of the clauses that do not hold.
pub fn failing(clauses: &[Clause]) -> Vec<&str> {
    clauses.iter().filter(|clause| !clause.holds).map(|clause| clause.name.as_str()).collect()
}

fn every(count: usize) -> String {
    if count == 1 { "the 1 clause".to_owned() } else { format!("all {count} clauses") }
}

/// Clauses that do not hold, and which they are.
pub fn some(failing: &[&str], all: usize, whose: &str) -> String {
    let do_not = if failing.len() == 1 { "does not hold" } else { "do not hold" };
    let clauses = if all == 1 { "clause" } else { "clauses" };
    format!("{} of {all} {clauses} {whose} {do_not}: {}", failing.len(), named(failing))
}

/// Names that a headline has room for.
const NAMED: usize = 3;

/// The first names of a list.
pub fn named(names: &[&str]) -> String {
    let first = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// The lines under the verdict: what it rests on, and what no clause of the venue asks about.
pub fn qualified(findings: &Findings, origin: Origin) -> Vec<String> {
    let mut lines: Vec<String> = warning(origin).map(str::to_owned).into_iter().collect();
    let word = findings.clauses.iter().filter(|clause| clause.by == By::Publisher).count();
    let go = if word == 1 { "goes" } else { "go" };
    if word > 0 {
        let all = findings.clauses.len();
        let clauses = if all == 1 { "clause" } else { "clauses" };
        lines.push(format!(
            "{word} of the venue's {all} {clauses} {go} by the publisher's word for reserves, prices or \
             times (W)"
        ));
    }
    let unasked = unasked(findings.rules.policy(), &findings.compiled, &findings.figures);
    if !unasked.is_empty() {
        lines.push(format!("none asks about: {}", unasked.join("; ")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clauses(holds: &[bool]) -> Vec<Clause> {
        let clause = |(index, &holds): (usize, &bool)| Clause {
            name: format!("c{index}"),
            holds,
            detail: String::new(),
            by: By::Proved,
        };
        holds.iter().enumerate().map(clause).collect()
    }

    #[test]
    fn a_verdict_says_whose_clauses_hold_and_which_do_not() {
        for (own, yours, expected) in [
            (
                &[true][..],
                &[][..],
                "the proofs verify, and the only clause of the venue's own policy holds",
            ),
            (
                &[true; 3],
                &[],
                "the proofs verify, and all 3 clauses of the venue's own policy hold",
            ),
            (
                &[true; 3],
                &[true; 2],
                "the proofs verify, all 3 clauses of the venue's own policy hold, and all 2 clauses of yours",
            ),
            (
                &[true; 3],
                &[true, false],
                "the proofs verify and all 3 clauses of the venue's own policy hold, but 1 of 2 clauses \
                 of yours does not hold: c1",
            ),
            (
                &[false; 5],
                &[true],
                "the proofs verify, but 5 of 5 clauses of the venue's own policy do not hold: c0, c1, \
                 c2 and 2 more",
            ),
            (
                &[false, true],
                &[false],
                "the proofs verify, but 1 of 2 clauses of the venue's own policy does not hold: c0, \
                 and 1 of 1 clause of yours does not hold: c0",
            ),
        ] {
            assert_eq!(reason(&clauses(own), &clauses(yours)), expected);
        }
    }

    #[test]
    fn nothing_holds_without_a_word_of_a_setup_that_nobody_knows() {
        let words = [Origin::Ceremony("a"), Origin::Unknown, Origin::Insecure];
        let words = words.map(|origin| word(true, origin));
        assert_eq!(words[0], "HOLDS");
        assert_eq!(words[1], "HOLDS ONLY IF NOBODY KNOWS THE SETUP'S SECRET");
        assert_eq!(words[2], "HOLDS, UNDER AN INSECURE SETUP");
        assert!(warning(Origin::Unknown).unwrap().contains("CAN FORGE EVERYTHING"));
        assert!(warning(Origin::Ceremony("a")).is_none());
    }
}

//! How a venue stood by one attestation, in the words of a registry.

use std::fmt;

use pacioli_attestation::Clause;
use serde::Serialize;

/// The clause of a reader's own policy that time alone breaks.
const AGE: &str = "max_age";

/// How a venue stood, by one attestation and the policies it was held against. A registry knows more:
/// reserves read on chain, feeds, pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Every clause holds.
    Healthy,
    /// Every clause holds but the reader's on its age.
    Expired,
    /// A clause does not hold, or none was asked.
    Breach,
}

impl State {
    /// The state by the venue's own clauses and the reader's.
    pub(crate) fn of(own: &[Clause], asked: &[Clause]) -> Self {
        let failing = || own.iter().chain(asked).filter(|clause| !clause.holds);
        match () {
            () if own.is_empty() => Self::Breach,
            () if failing().next().is_none() => Self::Healthy,
            () if failing().all(|clause| clause.name == AGE) => Self::Expired,
            () => Self::Breach,
        }
    }

    /// In one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Expired => "expired",
            Self::Breach => "breach",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use pacioli_attestation::By;

    use super::*;

    #[test]
    fn a_state_is_the_worst_that_a_clause_makes_it() {
        let clause = |name: &str, holds| Clause {
            name: name.to_owned(),
            holds,
            detail: String::new(),
            by: By::Proved,
        };
        let good = [clause("min_coverage", true)];
        assert_eq!(State::of(&good, &[]), State::Healthy);
        assert_eq!(State::of(&good, &[clause(AGE, false)]), State::Expired);
        assert_eq!(State::of(&good, &[clause(AGE, false), clause("a", false)]), State::Breach);
        assert_eq!(State::of(&[clause("a", false)], &[]), State::Breach);
        assert_eq!(State::of(&[], &good), State::Breach, "a policy that asks for nothing");
    }
}

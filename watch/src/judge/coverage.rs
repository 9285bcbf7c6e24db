//! Coverage held against a mark: of attestations and of the venue's own book alike.

use num_bigint::BigUint;
use pacioli_rules::Decimal;

use super::{Bench, bps, ratio};
use crate::{
    alert::{Kind, Presence},
    state::State,
};

/// A coverage, and what is asked of it.
pub(super) struct Covered<'a> {
    /// Which fact it is.
    pub subject: (&'a str, Kind, &'a str),
    /// How the venue stands below the mark.
    pub state: State,
    /// What its sentence begins with.
    pub whose: String,
    /// In 1/10,000; `None` where nothing is owed, or no reserves are stated.
    pub coverage: Option<&'a BigUint>,
    /// Whether something is owed.
    pub is_owed: bool,
    /// By whose word.
    pub by: String,
}

impl Bench<'_> {
    /// Holds a coverage against the mark, where there is one. None for what is owed is below each.
    pub(super) fn is_covered(&mut self, it: &Covered<'_>, least: Option<&Decimal>) {
        let Some(least) = least.map(bps) else { return };
        let whose = &it.whose;
        let Some(coverage) = it.coverage else {
            if it.is_owed {
                let summary = format!("{whose}there are no reserves for what is owed");
                self.fact(it.subject, it.state, summary);
            }
            return;
        };
        let enough = &least + bps(&self.venue.margin);
        let presence = match () {
            () if *coverage < least => Presence::There,
            () if *coverage < enough => Presence::Within,
            () => return,
        };
        let (coverage, least, by) = (ratio(coverage), ratio(&least), &it.by);
        let summary = format!("{whose}coverage at mark is {coverage}{by}, below {least}");
        self.fact_that_is(presence, it.subject, it.state, summary);
    }
}

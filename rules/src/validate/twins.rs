//! Twins: stresses repeated without the insurance fund.
//!
//! Bad debt is paid from the insurance fund. Where that is accounts of the book, it is an asset of
//! the venue only as far as something is left when all others have what they are owed, and neither
//! the fund's own lines nor the difference of two totals say so: an account nobody has may hold
//! what the fund gains and a customer loses, or a credit that is worth nothing anywhere. So for a
//! stress S whose bad debt the fund is to meet there is a scenario S', called `S~insurance`, worth
//! the same to everyone but the class `insurance`, to whom it is worth nothing. Its `equity` is
//! what all but the fund are owed in S, account by account, and the clause compares that with all
//! reserves, valued in S. With `c` what an account's lines of other classes are worth in S, it
//! closes S' with `equity - shortfall = c`, so
//!
//! ```text
//! equity:S'  >=  sum over accounts of max(0, c)  >=  what the holders who check are owed in S
//! ```
//!
//! whatever a prover puts beside a holder's lines, invents, splits, merges or leaves out.

use pacioli_circuits::ScenarioId;

use crate::schema::{BadDebtLimit, Class, Kind, Policy, Scenario, TableSchema};

/// A policy's demands on the table: two lists of stresses, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Obligations {
    /// The stresses that have a twin.
    pub(crate) twins: Vec<ScenarioId>,
    /// The stresses whose liabilities a clause is about, so that their values must not be coarse.
    pub(crate) fine: Vec<ScenarioId>,
}

/// The suffix of a twin's name after its stress's. No scenario's own name has the first character.
const SUFFIX: &str = "~insurance";

/// The name of a stress's twin.
pub(crate) fn twin_name(stress: &str) -> String {
    format!("{stress}{SUFFIX}")
}

impl Obligations {
    /// A policy's demands on the table of these rules.
    pub(super) fn of(table: &TableSchema, policy: &Policy) -> Self {
        let of_fund = |stress: &Scenario| {
            matches!(policy.bad_debt.get(&stress.name), Some(BadDebtLimit::Insurance))
        };
        let stresses =
            || table.scenarios_by_id().filter(|(_, scenario)| scenario.kind == Kind::Stress);
        let has_twins = table.classes.contains_key(&Class::Insurance);
        let twins = stresses().filter(|(_, stress)| has_twins && of_fund(stress));
        let fine = stresses()
            .filter(|(_, stress)| policy.coverage.contains_key(&stress.name) || of_fund(stress));
        Self { twins: twins.map(|(id, _)| id).collect(), fine: fine.map(|(id, _)| id).collect() }
    }
}

//! What makes an instrument table sound, checked on the table itself.
//!
//! The circuit proves that accounts balance in the table it is given. That the table cannot be
//! used to hide what is owed is checked here, by the compiler and again by every verifier:
//!
//! - a prover chooses how a holding is split over tiers, so tiers are worth the same in `mark` and
//!   in every stress, and a later tier never counts for more in a margin scenario;
//! - a capped line has its headroom next, worth nothing;
//! - closing rows are worth one unit in their own scenario and nothing elsewhere;
//! - the two sides of an asset or market are opposite in `mark` and, but for rounding, in every
//!   stress, and neither counts for more in a margin scenario than in `mark`;
//! - a row of own accounts is worth what the same is worth to a customer;
//! - a borrow is worth the same credited or not, but for the credit scenario: [`credit`] says why;
//! - a contingency, whose quantity the prover chooses, can only hurt the account: [`contingency`]
//!   says why;
//! - the twin of a stress is worth what the stress is, and nothing to the insurance fund;
//! - a plain or covered row is worth nothing but in `cover`, and there no more than the least value
//!   of the row that it stands for: [`cover`] says why.

mod checked;
mod class;
mod contingency;
mod cover;
mod credit;
mod error;
mod order;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod tests;
mod twin;
mod values;

pub(crate) use checked::Checked;
pub use error::CheckError;

use pacioli_circuits::{InstrumentTable, ScenarioId};

use crate::{
    schema::Class,
    table::{Role, ScenarioKind},
};

/// Checks that a table with these roles, classes and scenarios is sound. [`InstrumentTable::new`]
/// has already checked that row 0 is worth nothing and that no cap is 0.
///
/// # Errors
/// If the table is not sound: the first [`CheckError`] in the order of the rows.
pub fn check_table(
    table: &InstrumentTable,
    roles: &[Role],
    classes: &[Class],
    kinds: &[ScenarioKind],
) -> Result<(), CheckError> {
    let rows = table.instruments();
    let given = [roles.len(), classes.len(), kinds.len()];
    if given != [rows.len(), rows.len(), table.scenarios()] {
        let (rows, scenarios, [roles, classes, kinds]) = (rows.len(), table.scenarios(), given);
        return Err(CheckError::Lengths { rows, scenarios, roles, classes, kinds });
    }
    let is_astray = |&(scenario, kind): &(ScenarioId, &ScenarioKind)| {
        (*kind == ScenarioKind::Mark) != (scenario == ScenarioId::MARK)
    };
    if let Some((scenario, _)) = table.scenario_ids().zip(kinds).find(is_astray) {
        return Err(CheckError::Mark(scenario));
    }
    if let Some(row) = (0..rows.len()).find(|&row| (roles[row] == Role::Empty) != (row == 0)) {
        return Err(CheckError::Empty(row));
    }
    let checked = Checked { rows, roles, classes, kinds };
    checked.one_credit()?;
    checked.twins()?;
    checked.one_cover()?;
    checked.order()?;
    checked.classes()?;
    checked.contingencies()?;
    checked.forms()?;
    (1..rows.len()).try_for_each(|row| checked.row(row))
}

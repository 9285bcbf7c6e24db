//! The form of an account: the one with the fewest lines.
//!
//! An account that no scenario can hurt need not be closed in each of them (`pacioli_rules`, where the
//! table is checked, says why). It is held plain if all that it has is worth at least nothing in every
//! scenario, covered if its lines come to at least nothing at their least values, and closed in full
//! otherwise: the same on every machine. A holding that goes past its first tier has no form, so that
//! margins are exact.

use pacioli_circuits::{InstrumentId, Line, Quantity};
use pacioli_rules::{Closing, FormRows, Role};

use super::{entry::Accountant, form::Form};

impl Accountant<'_> {
    /// The lines of an account that is plain or covered, of what it holds split over tiers; `None`
    /// if it has to be closed.
    pub(super) fn in_form(&self, held: &[Line]) -> Option<(Form, Vec<Line>)> {
        let cover = self.compiled.cover_scenario()?;
        let rows = self.compiled.table.instruments();
        let nothing = |line: &Line| rows[line.instrument.row()].values[cover].units() == 0;
        if let Some(lines) = self.instead(held, |rows| rows.plain)
            && lines.iter().all(nothing)
        {
            return Some((Form::Plain, lines));
        }
        let mut lines = self.instead(held, |rows| rows.covered)?;
        let left = u128::try_from(self.worth(&lines, cover)?).ok()?;
        let quantity = Quantity::new(left)?;
        if let Closing::Slack(instrument) = self.compiled.scenario(cover).closing
            && quantity != Quantity::ZERO
        {
            lines.push(Line { instrument, quantity });
        }
        Some((Form::Covered, lines))
    }

    /// The same holdings in other rows, if each is within its first tier and has such a row.
    fn instead(
        &self,
        held: &[Line],
        row: impl Fn(&FormRows) -> Option<InstrumentId>,
    ) -> Option<Vec<Line>> {
        let is_headroom =
            |line: &&Line| self.compiled.rows[line.instrument.row()].role == Role::Headroom;
        let held = held.iter().filter(|line| !is_headroom(line));
        let instead = held.map(|line| {
            let instrument = row(self.compiled.forms.get(&line.instrument)?)?;
            Some(Line { instrument, quantity: line.quantity })
        });
        instead.collect()
    }
}

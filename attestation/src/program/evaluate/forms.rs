//! Plain and covered rows, and what they are worth in the cover.

use num_bigint::BigInt;
use pacioli_circuits::{ScenarioId, Value};
use pacioli_rules::div_floor;

use super::{evaluated::Row, fault::Fault, rows::Rows};
use crate::program::layout::{NO_PRICE, PLAIN};

impl Rows<'_> {
    /// A plain or covered row, if what it stands for may be held so and it is in its order. All its
    /// values follow from its role.
    pub(super) fn stand(&mut self, row: Row, index: usize) -> Result<Option<BigInt>, Fault> {
        let fault = Fault::RowHeld(index, row.group);
        let before =
            self.forms.last().map(|&before| (self.read[before].group, self.read[before].role));
        let first = *self.forms.first().unwrap_or(&index);
        let Some(held) = self.read[..first].get(usize::from(row.group)).copied() else {
            return Err(fault);
        };
        let may_be = match held.role {
            1 | 3 | 6 => true,
            2 | 4 | 7 => row.role != PLAIN,
            _ => false,
        };
        let is_first = match held.role {
            1 | 3 | 4 => self.tiers(held).next() == Some(row.group.into()),
            _ => true,
        };
        let is_next = before.is_none_or(|before| before < (row.group, row.role));
        if !may_be || held.class != 0 || !is_first || !is_next {
            return Err(fault);
        }
        self.forms.push(index);
        if row.decimals != held.decimals {
            return Err(Fault::RowDecimals(index, row.decimals));
        }
        if row.price != NO_PRICE {
            return Err(Fault::RowPrice(index, row.price));
        }
        Ok(None)
    }

    /// The customers' rows of the same asset or market on the same side.
    fn tiers(&self, of: Row) -> impl DoubleEndedIterator<Item = usize> {
        let rows = self.read.iter().enumerate();
        let is_tier = move |row: &Row| (row.role, row.class, row.group) == (of.role, 0, of.group);
        rows.filter(move |(_, row)| is_tier(row)).map(|(index, _)| index)
    }

    /// Gives plain and covered rows what they are worth in the cover.
    pub(super) fn write_cover(&mut self) -> Result<(), Fault> {
        let Some(cover) = self.head.cover() else { return Ok(()) };
        if self.forms.is_empty() {
            return Err(Fault::CoverWithoutRows);
        }
        for index in self.forms.clone() {
            let Row { role, group, .. } = self.read[index];
            let held = self.read[usize::from(group)];
            let last = match held.role {
                1 | 3 | 4 => self.tiers(held).next_back(),
                _ => None,
            };
            let least = self.least(last.unwrap_or(group.into()));
            let in_cover = match role {
                PLAIN => least.clone().min(BigInt::ZERO),
                _ => least.clone(),
            };
            let value = i128::try_from(in_cover).ok().and_then(Value::new);
            let fault = Fault::ValueBound(index, cover.index());
            self.instruments[index].values[cover] = value.ok_or(fault)?;
        }
        Ok(())
    }

    /// The least that a row is worth in a scenario that closes by balance, less what each
    /// contingency counts for there: so much of it as the row asks for in the constraint where that
    /// is most.
    fn least(&self, row: usize) -> BigInt {
        let value = |row: usize, scenario: ScenarioId| {
            BigInt::from(self.instruments[row].values[scenario].units())
        };
        let is_constraint = |scenario: &ScenarioId| self.constraints.contains(&scenario.number());
        let own = || ScenarioId::all(self.head.own_scenarios());
        let contingencies = (0..self.read.len()).filter(|&row| self.read[row].role == 10);
        let contingencies: Vec<usize> = contingencies.collect();
        // Rounded up in each constraint by itself, and so as a whole.
        let cost = |contingency: usize, scenario: ScenarioId| {
            let size = BigInt::from(value(contingency, scenario).magnitude().clone());
            let costs = own().filter(is_constraint).filter_map(|constraint| {
                let (loss, unit) = (-value(row, constraint), value(contingency, constraint));
                let asks = loss > BigInt::ZERO && unit > BigInt::ZERO;
                asks.then(|| -div_floor(&-(&size * loss), &unit).0)
            });
            costs.max().unwrap_or_default()
        };
        let values = own().filter(|scenario| !is_constraint(scenario)).map(|scenario| {
            let costs = contingencies.iter().map(|&contingency| cost(contingency, scenario));
            value(row, scenario) - costs.sum::<BigInt>()
        });
        values.min().expect("mark is closed by balance")
    }
}

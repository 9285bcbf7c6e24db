//! The values of the book's instruments in a few scenarios, one column each, from one or several
//! tables.
//!
//! A holding is taken whole, under its first tier: if bounds are values, another price puts another
//! part of the holding into each tier, or leaves a tier empty. The worth of a holding in a column is
//! therefore piecewise linear,
//!
//! ```text
//! quantity * first  +  sum over later tiers of max(0, quantity - bound) * (value - value before)
//! ```
//!
//! with the bounds and values of that column's table. In mark and in stresses it is linear.

use std::collections::HashMap;

use pacioli_circuits::{InstrumentId, ScenarioId};
use pacioli_rules::{Class, Compiled, Role};

/// Columns being put together.
pub(super) struct Columns<'a> {
    /// The table whose instruments the book's lines are in.
    own: &'a Compiled,
    columns: Vec<Vec<i128>>,
    bends: Vec<Vec<Bend>>,
}

/// Another table of the same instruments.
pub(super) struct Source<'a> {
    compiled: &'a Compiled,
    /// The rows of the tiers, for each row of the book's own table; empty for later tiers and for
    /// closing lines.
    places: Vec<Vec<usize>>,
}

/// A size of a holding beyond which it counts for less.
#[derive(Clone, Copy)]
pub(super) struct Bend {
    pub(super) column: usize,
    /// The quantity in the tiers before.
    pub(super) bound: u128,
    /// The value of a unit beyond it, minus that of a unit in the tier before.
    pub(super) rise: i128,
}

/// The value of one unit of every instrument in every column.
pub(super) struct ByRow {
    width: usize,
    values: Vec<i128>,
    bends: Vec<Vec<Bend>>,
}

/// The key that all tiers of a holding share; `None` for rows that are not held.
pub(super) fn holding(class: Class, role: Role) -> Option<(Class, Role)> {
    let first = match role {
        Role::Deposit { asset, .. } => Role::Deposit { asset, tier: 0 },
        Role::Long { market, .. } => Role::Long { market, tier: 0 },
        Role::Short { market, .. } => Role::Short { market, tier: 0 },
        Role::Borrow { .. } | Role::Uncredited { .. } => role,
        Role::QuoteCredit | Role::QuoteDebit => role,
        // Losses depend on the prices.
        Role::Contingency { .. } => return None,
        Role::Empty | Role::Headroom => return None,
        // Rules for what-ifs have no forms.
        Role::Plain { .. } | Role::Covered { .. } => return None,
        Role::Equity { .. } | Role::Shortfall { .. } | Role::Slack { .. } => return None,
    };
    Some((class, first))
}

impl<'a> Columns<'a> {
    pub(super) fn new(own: &'a Compiled) -> Self {
        Self { own, columns: Vec::new(), bends: vec![Vec::new(); own.rows.len()] }
    }

    /// A table of the same rules, with other prices or additional stresses: the same holdings, numbered
    /// alike, in tiers of its own.
    pub(super) fn source<'s>(&self, compiled: &'s Compiled) -> Source<'s> {
        let mut tiers: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, row) in compiled.rows.iter().enumerate() {
            if let Some(holding) = holding(row.class, row.role) {
                tiers.entry(holding).or_default().push(index);
            }
        }
        // The first tier takes all rows, so that later tiers get none.
        let mut take = |class, role| tiers.remove(&holding(class, role)?);
        let places = self.own.rows.iter().map(|row| take(row.class, row.role).unwrap_or_default());
        Source { places: places.collect(), compiled }
    }

    /// Adds a scenario of a table and returns the index of its column.
    pub(super) fn add(&mut self, source: &Source<'_>, scenario: ScenarioId) -> usize {
        let (column, instruments) = (self.columns.len(), source.compiled.table.instruments());
        let mut values = Vec::with_capacity(source.places.len());
        for (tiers, bends) in source.places.iter().zip(&mut self.bends) {
            let value = |row: usize| instruments[row].values[scenario].units();
            values.push(tiers.first().map_or(0, |&row| value(row)));
            let mut bound = 0;
            for pair in tiers.windows(2) {
                // Only the last tier has no cap.
                bound += instruments[pair[0]].cap.map_or(0, |cap| cap.units());
                let rise = value(pair[1]) - value(pair[0]);
                if rise != 0 {
                    bends.push(Bend { column, bound, rise });
                }
            }
        }
        self.columns.push(values);
        column
    }

    /// The columns, side by side.
    pub(super) fn by_row(self) -> ByRow {
        let rows = 0..self.own.rows.len();
        let values = rows.flat_map(|row| self.columns.iter().map(move |column| column[row]));
        ByRow { width: self.columns.len(), values: values.collect(), bends: self.bends }
    }
}

impl ByRow {
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The value of the first units in each column.
    pub(super) fn of(&self, row: InstrumentId) -> &[i128] {
        &self.values[row.row() * self.width..][..self.width]
    }

    /// The sizes beyond which a unit is worth less.
    pub(super) fn bends(&self, row: InstrumentId) -> &[Bend] {
        &self.bends[row.row()]
    }
}

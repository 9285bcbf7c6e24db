//! What the book's instruments are worth in a few scenarios, one column each, from one table or
//! several.
//!
//! A holding is looked at whole, under its first tier: where a bound is a value, another price puts
//! another part of the holding into each tier, or leaves a tier out. So what a holding is worth in a
//! column is a line with bends,
//!
//! ```text
//! quantity * first  +  sum over later tiers of max(0, quantity - bound) * (value - value before)
//! ```
//!
//! with the bounds and values of that column's table. In mark and in stresses it has none.

use std::collections::HashMap;

use pacioli_circuits::InstrumentId;
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
    /// Where the tiers of each row of the book's own table stand in it; nowhere for later tiers and
    /// for what closes accounts.
    places: Vec<Vec<usize>>,
}

/// Where a holding begins to count for less.
#[derive(Clone, Copy)]
pub(super) struct Bend {
    pub(super) column: usize,
    /// Of what is held, as much is in the tiers before.
    pub(super) bound: u128,
    /// The value of a unit beyond it, less that of one in the tier before.
    pub(super) rise: i128,
}

/// What one unit of every instrument is worth in every column.
pub(super) struct ByRow {
    width: usize,
    values: Vec<i128>,
    bends: Vec<Vec<Bend>>,
}

/// What all tiers of a holding have in common; `None` for what nobody holds.
pub(super) fn holding(class: Class, role: Role) -> Option<(Class, Role)> {
    let first = match role {
        Role::Deposit { asset, .. } => Role::Deposit { asset, tier: 0 },
        Role::Long { market, .. } => Role::Long { market, tier: 0 },
        Role::Short { market, .. } => Role::Short { market, tier: 0 },
        Role::Borrow { .. } | Role::Uncredited { .. } => role,
        Role::QuoteCredit | Role::QuoteDebit => role,
        // Other prices have other losses.
        Role::Contingency { .. } => return None,
        Role::Empty | Role::Headroom => return None,
        Role::Equity { .. } | Role::Shortfall { .. } | Role::Slack { .. } => return None,
    };
    Some((class, first))
}

impl<'a> Columns<'a> {
    pub(super) fn new(own: &'a Compiled) -> Self {
        Self { own, columns: Vec::new(), bends: vec![Vec::new(); own.rows.len()] }
    }

    /// A table of the same rules, with other prices or with stresses besides. They make the same
    /// holdings, numbered alike, in tiers of their own.
    pub(super) fn source<'s>(&self, compiled: &'s Compiled) -> Source<'s> {
        let mut tiers: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, row) in compiled.rows.iter().enumerate() {
            if let Some(holding) = holding(row.class, row.role) {
                tiers.entry(holding).or_default().push(index);
            }
        }
        // The first tier of each is asked for, and the later ones find nothing left.
        let mut take = |class, role| tiers.remove(&holding(class, role)?);
        let places = self.own.rows.iter().map(|row| take(row.class, row.role).unwrap_or_default());
        Source { places: places.collect(), compiled }
    }

    /// Adds a scenario of a table and gives the number of its column.
    pub(super) fn add(&mut self, source: &Source<'_>, scenario: usize) -> usize {
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

    /// What the first units are worth in each column.
    pub(super) fn of(&self, row: InstrumentId) -> &[i128] {
        &self.values[row.row() * self.width..][..self.width]
    }

    /// Where later ones are worth less.
    pub(super) fn bends(&self, row: InstrumentId) -> &[Bend] {
        &self.bends[row.row()]
    }
}

//! The sections of a report, each a table with a chart beside it where people would rather look.

mod assets;
mod markets;
mod policy;
mod prices;
mod reserves;
mod scenarios;
mod time;

pub(crate) use assets::{all as all_assets, assets};
pub(crate) use markets::markets;
pub(crate) use policy::policies;
pub(crate) use prices::prices;
pub(crate) use reserves::{LETTERS, by_custodian, custodians, entries};
pub(crate) use scenarios::{coverage, moves, scenarios};
pub(crate) use time::{charts, past};

use crate::parts::{Chart, Table};

/// A section.
#[derive(Clone, Debug, Default)]
pub(crate) struct Section {
    /// Its name in links.
    pub id: &'static str,
    /// Its title.
    pub title: String,
    /// What to know before reading it.
    pub notes: Vec<String>,
    /// Its charts.
    pub charts: Vec<Chart>,
    /// Its tables.
    pub tables: Vec<Table>,
    /// What else there is to say.
    pub list: Vec<String>,
}

//! Rows of any shape, gathered into accounts.

use std::collections::{HashMap, hash_map::Entry};

use indexmap::{IndexMap, IndexSet};

use super::{Fault, Holder, Holding, NameError, Snapshot, name::check_name};

/// Most different instruments in a snapshot: far more than any rules have, and few enough to stop
/// early where account ids stand in the instrument column.
pub const MAX_INSTRUMENT_NAMES: usize = 1 << 16;

/// A snapshot that grows row by row.
#[derive(Default)]
pub(super) struct Gather {
    accounts: IndexMap<String, Vec<Holding>>,
    instruments: IndexSet<String>,
    /// The line that named an account and an instrument, or an account and an asset, first.
    first_lines: HashMap<(usize, usize), u64>,
}

impl Gather {
    /// The index of the account with this id, new or not.
    pub fn account(&mut self, id: &str) -> Result<usize, Fault> {
        if let Some(index) = self.accounts.get_index_of(id) {
            return Ok(index);
        }
        check_name(id).map_err(|error| Fault::Name { column: "account", error })?;
        Ok(self.accounts.insert_full(id.to_owned(), Vec::with_capacity(1)).0)
    }

    /// The index of the instrument with this name, new or not; `check` accepts a new one.
    pub fn instrument(
        &mut self,
        name: &str,
        check: impl FnOnce(&str) -> Result<(), NameError>,
    ) -> Result<u32, Fault> {
        let index = match self.instruments.get_index_of(name) {
            Some(index) => index,
            None => {
                check(name).map_err(|error| Fault::Name { column: "instrument", error })?;
                if self.instruments.len() == MAX_INSTRUMENT_NAMES {
                    return Err(Fault::TooManyInstruments);
                }
                self.instruments.insert_full(name.to_owned()).0
            }
        };
        Ok(index as u32)
    }

    /// Notes that `line` gives an account its `item`; the earlier line where one did already.
    pub fn first_line(&mut self, account: usize, item: usize, line: u64) -> Option<u64> {
        match self.first_lines.entry((account, item)) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(entry) => {
                entry.insert(line);
                None
            }
        }
    }

    /// Gives an account a holding.
    pub fn hold(&mut self, account: usize, holding: Holding) {
        self.accounts[account].push(holding);
    }

    /// The accounts in order.
    pub fn finish(self) -> Snapshot {
        let holder = |(id, mut holdings): (String, Vec<Holding>)| {
            holdings.shrink_to_fit();
            Holder { id, holdings }
        };
        Snapshot {
            accounts: self.accounts.into_iter().map(holder).collect(),
            instruments: self.instruments.into_iter().collect(),
        }
    }
}

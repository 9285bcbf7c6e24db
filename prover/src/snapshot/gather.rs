//! Rows of any shape, gathered into accounts.

use indexmap::{IndexMap, IndexSet};
use pacioli_rules::Class;

use super::{
    error::{Fault, MAX_INSTRUMENT_NAMES},
    holdings::{Account, Holding, Snapshot},
    name::{NameError, check_name},
};

/// A snapshot that grows row by row.
#[derive(Default)]
pub(super) struct Gather {
    accounts: IndexMap<String, Vec<Holding>>,
    classes: IndexMap<usize, Class>,
    instruments: IndexSet<String>,
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

    /// The line on which an account got the first of these instruments.
    ///
    /// This scans the account's holdings: they are few, and an index of all holdings would take more
    /// time and memory than the rest of the reading.
    pub fn line_of(&self, account: usize, is_one: impl Fn(u32) -> bool) -> Option<u64> {
        let holding = self.accounts[account].iter().find(|holding| is_one(holding.instrument));
        holding.map(|holding| holding.place.line)
    }

    /// Sets an account's class, which must be the same in each of its rows.
    pub fn class(&mut self, account: usize, class: Class) -> Result<(), Fault> {
        match *self.classes.entry(account).or_insert(class) {
            first if first == class => Ok(()),
            first => {
                let account = self.accounts.get_index(account);
                let account = account.map_or_else(String::new, |(id, _)| id.clone());
                Err(Fault::TwoClasses { account, class, first })
            }
        }
    }

    /// Gives an account a holding.
    pub fn hold(&mut self, account: usize, holding: Holding) {
        self.accounts[account].push(holding);
    }

    /// The accounts in order.
    pub fn finish(self) -> Snapshot {
        let account = |(id, mut holdings): (String, Vec<Holding>)| {
            holdings.shrink_to_fit();
            Account { id, holdings }
        };
        let id = |account: usize| self.accounts.get_index(account).map(|(id, _)| id.clone());
        let classes = self.classes.iter().filter(|(_, class)| **class != Class::Customer);
        let classes = classes.filter_map(|(&account, &class)| Some((id(account)?, class)));
        Snapshot {
            classes: classes.collect(),
            accounts: self.accounts.into_iter().map(account).collect(),
            instruments: self.instruments.into_iter().collect(),
            ..Snapshot::default()
        }
    }
}

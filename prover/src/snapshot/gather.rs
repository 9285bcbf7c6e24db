//! Rows of any shape, gathered into accounts.

use indexmap::IndexSet;
use pacioli_rules::Class;

use super::{
    accounts::{Accounts, Full, Holding},
    error::{Fault, MAX_INSTRUMENT_NAMES},
    holdings::Snapshot,
    name::{NameError, check_name},
};

/// A snapshot that grows row by row.
#[derive(Default)]
pub(super) struct Gather {
    accounts: Accounts,
    /// The class of every account so far that a row gave one.
    classes: Vec<Option<Class>>,
    instruments: IndexSet<String>,
}

impl Gather {
    /// The number of the account with this id, new or not.
    pub fn account(&mut self, id: &str) -> Result<usize, Fault> {
        if let Some(account) = self.accounts.find(id) {
            return Ok(account);
        }
        check_name(id).map_err(|error| Fault::Name { column: "account", error })?;
        self.accounts.open(id).map_err(|Full| Fault::TooManyRows)
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
    pub fn line_of(&self, account: usize, is_one: impl Fn(u32) -> bool) -> Option<u64> {
        self.accounts.find_holding(account, is_one).map(|holding| holding.place.line)
    }

    /// Sets an account's class, which must be the same in each of its rows.
    pub fn class(&mut self, account: usize, class: Class) -> Result<(), Fault> {
        if self.classes.len() <= account {
            self.classes.resize(account + 1, None);
        }
        match *self.classes[account].get_or_insert(class) {
            first if first == class => Ok(()),
            first => {
                let account = self.accounts.id(account).unwrap_or_default().to_owned();
                Err(Fault::TwoClasses { account, class, first })
            }
        }
    }

    /// Gives an account a holding.
    pub fn hold(&mut self, account: usize, holding: Holding) -> Result<(), Fault> {
        self.accounts.hold(account, holding).map_err(|Full| Fault::TooManyRows)
    }

    /// The accounts in order.
    pub fn finish(self) -> Snapshot {
        let Self { accounts, classes, instruments } = self;
        let classes = accounts.ids().zip(classes).filter_map(|(id, class)| {
            let class = class.filter(|class| *class != Class::Customer)?;
            Some((id.to_owned(), class))
        });
        Snapshot {
            classes: classes.collect(),
            accounts,
            instruments: instruments.into_iter().collect(),
            ..Snapshot::default()
        }
    }
}

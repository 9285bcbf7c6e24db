//! A snapshot read into memory.

use std::collections::BTreeMap;

use pacioli_rules::Class;

use super::{accounts::Accounts, files::Files};

/// A book as read: who holds how much of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The accounts, in order of first appearance.
    pub accounts: Accounts,
    /// The distinct instruments, in order of first appearance: `deposit BTC` and `borrow BTC` from
    /// balances, or as written in the long shape. At most
    /// [`MAX_INSTRUMENT_NAMES`](super::MAX_INSTRUMENT_NAMES).
    pub instruments: Vec<String>,
    /// The classes of all accounts but customers', by id.
    pub classes: BTreeMap<String, Class>,
    /// The files that places are in, where they are several.
    pub files: Files,
}

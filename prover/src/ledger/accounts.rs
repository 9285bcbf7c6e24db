//! Accounts that balance, in memory: a line takes two bytes for its instrument and as many as its
//! quantity needs.

use pacioli_circuits::{Account, InstrumentId, Line, Quantity};

use crate::ids::Ids;

/// Accounts with their ids and lines, closing lines included, in the order of the snapshot.
///
/// An account takes 10 bytes besides its id and lines, and a line 3 to 15, most of them 6 to 8. An
/// [`Account`] is made when it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BalancedAccounts {
    ids: Ids,
    lines: PackedLines,
}

/// The lines of many accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PackedLines {
    bytes: Vec<u8>,
    ends: Vec<u64>,
    counts: Vec<u16>,
    lines: usize,
}

/// A byte's bits of a quantity; the highest bit says that more follow.
const BITS: u32 = 7;

impl BalancedAccounts {
    /// The accounts of these ids.
    pub(super) fn new(mut ids: Ids, lines: PackedLines) -> Self {
        assert_eq!(ids.len(), lines.counts.len(), "every account that is not left out has lines");
        ids.forget_table();
        Self { ids, lines }
    }

    /// The number of accounts.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of lines of all accounts, closing lines included.
    pub fn line_count(&self) -> usize {
        self.lines.lines
    }

    /// The number of lines of an account, 0 past the last account.
    pub fn lines_of(&self, account: usize) -> usize {
        self.lines.counts.get(account).copied().unwrap_or_default().into()
    }

    /// The account of this number, from 0, with its id; `None` past the last.
    pub fn get(&self, account: usize) -> Option<(&str, Account)> {
        let id = self.ids.get(account)?;
        Some((id, Account { lines: self.lines.get(account).collect() }))
    }

    /// The accounts in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Account)> {
        let ids = self.ids.iter().enumerate();
        ids.map(|(account, id)| (id, Account { lines: self.lines.get(account).collect() }))
    }

    /// The lines of all accounts in order.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        (0..self.len()).flat_map(|account| self.lines.get(account))
    }
}

impl IntoIterator for BalancedAccounts {
    type Item = (String, Account);
    type IntoIter = std::vec::IntoIter<(String, Account)>;

    /// The accounts with ids of their own, all in memory at once.
    fn into_iter(self) -> Self::IntoIter {
        let all: Vec<_> = self.iter().map(|(id, account)| (id.to_owned(), account)).collect();
        all.into_iter()
    }
}

impl<Id: AsRef<str>> FromIterator<(Id, Account)> for BalancedAccounts {
    /// # Panics
    /// If there are 2^32 accounts, or one has 2^16 lines: a table has 2^11 rows.
    fn from_iter<T: IntoIterator<Item = (Id, Account)>>(all: T) -> Self {
        let (mut ids, mut lines) = (Ids::default(), PackedLines::default());
        for (id, account) in all {
            ids.push(id.as_ref()).expect("no book in memory has 2^32 accounts");
            lines.push(&account.lines);
        }
        Self::new(ids, lines)
    }
}

impl PackedLines {
    /// Adds the lines of the next account.
    ///
    /// # Panics
    /// If there are 2^16: an account has at most one for each of 2^11 rows.
    pub(super) fn push(&mut self, lines: &[Line]) {
        for line in lines {
            self.bytes.extend((line.instrument.row() as u16).to_le_bytes());
            let mut units = line.quantity.units();
            while units >> BITS != 0 {
                self.bytes.push(units as u8 | 1 << BITS);
                units >>= BITS;
            }
            self.bytes.push(units as u8);
        }
        self.ends.push(self.bytes.len() as u64);
        let count = u16::try_from(lines.len());
        self.counts.push(count.expect("an account has at most a line for each of 2^11 rows"));
        self.lines += lines.len();
    }

    /// The lines of an account, none past the last.
    fn get(&self, account: usize) -> impl Iterator<Item = Line> {
        let end = self.ends.get(account).copied().unwrap_or_default() as usize;
        let start = account.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let mut rest = self.bytes.get(start.unwrap_or_default() as usize..end).unwrap_or_default();
        std::iter::from_fn(move || {
            let (row, mut after) = rest.split_first_chunk()?;
            let (mut units, mut shift) = (0, 0);
            while let Some((&byte, more)) = after.split_first() {
                after = more;
                units |= u128::from(byte & !(1 << BITS)) << shift;
                shift += BITS;
                if byte >> BITS == 0 {
                    break;
                }
            }
            rest = after;
            let instrument = InstrumentId::new(u16::from_le_bytes(*row).into())?;
            Some(Line { instrument, quantity: Quantity::new(units)? })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(lines: &[(usize, u128)]) -> Account {
        let line = |&(row, units): &(usize, u128)| Line {
            instrument: InstrumentId::new(row).unwrap(),
            quantity: Quantity::new(units).unwrap(),
        };
        Account { lines: lines.iter().map(line).collect() }
    }

    #[test]
    fn accounts_come_back_as_they_were() {
        let largest = Quantity::MAX.units();
        let all = [
            ("a", account(&[(0, 0), (2047, largest), (255, 127), (256, 128)])),
            ("none", account(&[])),
            ("b", account(&[(1, 1 << 63), (1, (1 << 64) - 1), (7, largest - 1)])),
        ];
        let accounts: BalancedAccounts = all.iter().cloned().collect();
        assert!(accounts.iter().eq(all.iter().cloned()));
        assert_eq!((accounts.len(), accounts.line_count()), (3, 7));
        assert_eq!([0, 1, 2, 3].map(|account| accounts.lines_of(account)), [4, 0, 3, 0]);
        assert_eq!(accounts.get(2).unwrap().1, all[2].1);
        assert_eq!(accounts.get(3), None);
        let lines: Vec<_> = all.iter().flat_map(|(_, account)| account.lines.clone()).collect();
        assert!(accounts.lines().eq(lines));
        assert!(accounts.into_iter().map(|(_, account)| account).eq(all.map(|(_, one)| one)));
    }

    #[test]
    fn every_bit_of_a_quantity_is_kept() {
        let powers: Vec<_> = (0..90).flat_map(|bit| [(3, 1 << bit), (4, (1 << bit) - 1)]).collect();
        let accounts: BalancedAccounts = [("a", account(&powers))].into_iter().collect();
        assert_eq!(accounts.get(0), Some(("a", account(&powers))));
    }
}

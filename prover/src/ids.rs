//! The ids of many accounts: one text and where each ends, and a table that finds them.
//!
//! An id takes its own bytes, 8 for its end, and 10 to 21 in the table. The table's hash is keyed by
//! chance, so that nobody can choose ids that all fall into one place. Half of it is kept beside the
//! number: a table that grows, and one that looks an id up, would else read the text of other ids, of
//! which a large book's are in no cache. That halves what ten million ids take.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

/// Ids by number, from 0 in the order in which they were pushed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    text: String,
    ends: Vec<usize>,
    /// Half the hash and the number of each id; empty once it is no longer asked for.
    table: HashTable<(u32, u32)>,
    hasher: RandomState,
}

impl Ids {
    /// Most ids: their numbers have 32 bits.
    pub const MOST: usize = u32::MAX as usize;

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The id of this number, if there is one.
    pub fn get(&self, number: usize) -> Option<&str> {
        id(&self.text, &self.ends, number)
    }

    /// The ids in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|number| self.get(number).unwrap_or_default())
    }

    /// The number of an id: of any of them, if it was pushed several times.
    pub fn find(&self, wanted: &str) -> Option<usize> {
        let half = half(&self.hasher, wanted);
        let is_it = |&(other, number): &(u32, u32)| {
            other == half && self.get(number as usize) == Some(wanted)
        };
        self.table.find(spread(half), is_it).map(|&(_, number)| number as usize)
    }

    /// Adds an id, new or not, and returns its number; `None` if there are [`Self::MOST`].
    pub fn push(&mut self, new: &str) -> Option<usize> {
        let number = self.len();
        if number == Self::MOST {
            return None;
        }
        self.text.push_str(new);
        self.ends.push(self.text.len());
        let half = half(&self.hasher, new);
        self.table.insert_unique(spread(half), (half, number as u32), |&(half, _)| spread(half));
        Some(number)
    }

    /// Frees the table: nothing is found any more.
    pub fn forget_table(&mut self) {
        self.table = HashTable::new();
    }

    /// Takes out the ids of these numbers, which increase, and frees the table.
    pub fn remove(&mut self, numbers: &[usize]) {
        self.forget_table();
        let Some(&first) = numbers.first() else { return };
        let mut text = std::mem::take(&mut self.text).into_bytes();
        let mut out = numbers.iter().copied().peekable();
        let (mut kept, mut start) = (first, if first == 0 { 0 } else { self.ends[first - 1] });
        let mut length = start;
        for number in first..self.ends.len() {
            let end = self.ends[number];
            if out.next_if_eq(&number).is_none() {
                text.copy_within(start..end, length);
                length += end - start;
                self.ends[kept] = length;
                kept += 1;
            }
            start = end;
        }
        text.truncate(length);
        self.ends.truncate(kept);
        self.text = String::from_utf8(text).expect("whole ids were taken out of a text");
    }
}

fn half(hasher: &RandomState, id: &str) -> u32 {
    (hasher.hash_one(id) >> 32) as u32
}

/// The table goes by a hash's lowest bits and its highest seven: a product with an odd number has both.
fn spread(half: u32) -> u64 {
    u64::from(half).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn id<'a>(text: &'a str, ends: &[usize], number: usize) -> Option<&'a str> {
    let end = *ends.get(number)?;
    let start = number.checked_sub(1).map_or(0, |before| ends[before]);
    text.get(start..end)
}

impl PartialEq for Ids {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, &self.ends) == (&other.text, &other.ends)
    }
}

impl Eq for Ids {}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(all: &[&str]) -> Ids {
        let mut ids = Ids::default();
        all.iter().for_each(|id| assert!(ids.push(id).is_some()));
        ids
    }

    #[test]
    fn an_id_has_the_number_of_its_push() {
        let ids = ids(&["b", "", "long id", "é"]);
        assert_eq!(ids.iter().collect::<Vec<_>>(), ["b", "", "long id", "é"]);
        let found = ["b", "", "long id", "é", "c", "bl"].map(|id| ids.find(id));
        assert_eq!(found, [Some(0), Some(1), Some(2), Some(3), None, None]);
        assert_eq!(ids.get(4), None);
    }

    #[test]
    fn every_id_of_many_is_found() {
        let mut many = Ids::default();
        (0..10_000).for_each(|id| assert_eq!(many.push(&id.to_string()), Some(id)));
        assert!((0..10_000).all(|id| many.find(&id.to_string()) == Some(id)));
        assert_eq!(many.find("10000"), None);
    }

    #[test]
    fn what_is_left_keeps_its_order() {
        let all = ["a", "bb", "", "dddd", "é"];
        for out in 0..1u32 << all.len() {
            let mut left = ids(&all);
            let gone: Vec<_> = (0..all.len()).filter(|&at| out >> at & 1 == 1).collect();
            left.remove(&gone);
            let expected: Vec<_> = (0..all.len()).filter(|at| !gone.contains(at)).collect();
            assert_eq!(left, ids(&expected.iter().map(|&at| all[at]).collect::<Vec<_>>()));
            assert_eq!(left.find("a"), None, "nothing is found once the table is gone");
        }
    }
}

//! The accounts of a snapshot in memory: 24 bytes a holding, and a chain of them for each account, so
//! that its lines may be anywhere in the file.

use pacioli_rules::Decimal;

use super::place::Place;
use crate::ids::Ids;

/// The accounts of a snapshot, in order of first appearance.
///
/// It takes some 30 bytes an account besides its id, and 24 a holding: ten million accounts of two
/// lines are about 1 GB.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    ids: Ids,
    /// The first and last holding of every account, [`NONE`] if it has none.
    ends: Vec<[u32; 2]>,
    holdings: Vec<Packed>,
    /// Holdings that do not fit the packed form.
    large: Vec<Holding>,
}

/// One account of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account<'a> {
    /// The account's id, unique in a snapshot that was read.
    pub id: &'a str,
    /// The account's holdings, in the order of the file. In the wide shape, an account without an
    /// amount has a `quote credit` of 0.
    pub holdings: Vec<Holding>,
}

/// One instrument held in one quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Index into [`Snapshot::instruments`](super::Snapshot::instruments).
    pub instrument: u32,
    /// The quantity, as written; never negative.
    pub quantity: Decimal,
    /// The quantity's place in the file.
    pub place: Place,
}

/// More accounts or holdings than their numbers of 32 bits can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

/// No holding.
const NONE: u32 = u32::MAX;

/// The scale of a holding that is in `large`, where the mantissa says.
const LARGE: u8 = u8::MAX;

/// A holding and the account's next.
#[derive(Clone, Copy, Debug)]
struct Packed {
    mantissa: i64,
    line: u32,
    column: u32,
    next: u32,
    instrument: u16,
    scale: u8,
}

impl Accounts {
    /// The number of accounts.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The account of this number, from 0, if there is one.
    pub fn get(&self, account: usize) -> Option<Account<'_>> {
        let id = self.ids.get(account)?;
        Some(Account { id, holdings: self.holdings_of(account).collect() })
    }

    /// The accounts in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Account<'_>> {
        let ids = self.ids.iter().enumerate();
        ids.map(|(account, id)| Account { id, holdings: self.holdings_of(account).collect() })
    }

    /// The ids in order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.ids.iter()
    }

    /// The id of the account of this number.
    pub fn id(&self, account: usize) -> Option<&str> {
        self.ids.get(account)
    }

    /// The number of the account with this id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.ids.find(id)
    }

    /// Adds an account, which a snapshot must not have already.
    ///
    /// # Panics
    /// If there are 2^32 - 1 accounts or holdings.
    pub fn push(&mut self, id: &str, holdings: impl IntoIterator<Item = Holding>) {
        let full = "no snapshot in memory has 2^32 - 1 accounts or holdings";
        let account = self.open(id).expect(full);
        holdings.into_iter().for_each(|holding| self.hold(account, holding).expect(full));
    }

    /// Adds an account without holdings, and returns its number.
    pub(super) fn open(&mut self, id: &str) -> Result<usize, Full> {
        let account = self.ids.push(id).ok_or(Full)?;
        self.ends.push([NONE; 2]);
        Ok(account)
    }

    /// Gives an account one more holding.
    pub(super) fn hold(&mut self, account: usize, holding: Holding) -> Result<(), Full> {
        let number = u32::try_from(self.holdings.len()).ok().filter(|&number| number != NONE);
        let number = number.ok_or(Full)?;
        let packed = Packed::of(&holding).unwrap_or_else(|| {
            self.large.push(holding);
            Packed::large(self.large.len() - 1)
        });
        self.holdings.push(packed);
        let [first, last] = &mut self.ends[account];
        match *last {
            NONE => *first = number,
            last => self.holdings[last as usize].next = number,
        }
        *last = number;
        Ok(())
    }

    /// The holdings of an account in the order of the file.
    pub(super) fn holdings_of(&self, account: usize) -> impl Iterator<Item = Holding> {
        self.chain(account).map(|packed| self.unpacked(packed))
    }

    /// The first holding of an account that is of one of these instruments.
    ///
    /// This scans the account's holdings: they are few, and an index of all holdings would take more
    /// time and memory than the rest of the reading.
    pub(super) fn find_holding(
        &self,
        account: usize,
        is_one: impl Fn(u32) -> bool,
    ) -> Option<Holding> {
        let is_one = |packed: &Packed| match packed.scale {
            LARGE => is_one(self.unpacked(*packed).instrument),
            _ => is_one(packed.instrument.into()),
        };
        self.chain(account).find(is_one).map(|packed| self.unpacked(packed))
    }

    /// The ids, in order; the holdings are freed.
    pub(crate) fn into_ids(self) -> Ids {
        self.ids
    }

    fn chain(&self, account: usize) -> impl Iterator<Item = Packed> {
        let first = self.ends.get(account).map_or(NONE, |[first, _]| *first);
        let at = |number: u32| self.holdings.get(number as usize).copied();
        std::iter::successors(at(first), move |packed| at(packed.next))
    }

    fn unpacked(&self, packed: Packed) -> Holding {
        let Packed { mantissa, line, column, instrument, scale, .. } = packed;
        if scale == LARGE {
            return self.large[mantissa as usize];
        }
        Holding {
            instrument: instrument.into(),
            quantity: Decimal::new(mantissa.into(), scale.into()),
            place: Place { line: line.into(), column },
        }
    }
}

impl Packed {
    /// `None` if a part of it is too large.
    fn of(holding: &Holding) -> Option<Self> {
        let Holding { instrument, quantity, place } = holding;
        Some(Self {
            mantissa: quantity.mantissa().try_into().ok()?,
            line: place.line.try_into().ok()?,
            column: place.column,
            next: NONE,
            instrument: (*instrument).try_into().ok()?,
            scale: quantity.scale().try_into().ok().filter(|&scale| scale != LARGE)?,
        })
    }

    fn large(index: usize) -> Self {
        let mantissa = index as i64;
        Self { mantissa, line: 0, column: 0, next: NONE, instrument: 0, scale: LARGE }
    }
}

/// The same accounts in the same order, wherever in memory their holdings are.
impl PartialEq for Accounts {
    fn eq(&self, other: &Self) -> bool {
        let same = |account| self.holdings_of(account).eq(other.holdings_of(account));
        self.ids == other.ids && (0..self.len()).all(same)
    }
}

impl Eq for Accounts {}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(instrument: u32, quantity: Decimal, line: u64) -> Holding {
        Holding { instrument, quantity, place: Place { line, column: 3 } }
    }

    #[test]
    fn holdings_come_back_as_they_were_whatever_their_size() {
        let one = Decimal::new(1, 0);
        let all = [
            holding(0, Decimal::new(i64::MAX.into(), 254), u32::MAX.into()),
            holding(u16::MAX.into(), Decimal::new(i64::MIN.into(), 0), 0),
            holding(0, Decimal::new(i128::from(i64::MAX) + 1, 0), 1),
            holding(0, Decimal::new(i128::MIN, 38), 1),
            holding(0, Decimal::new(1, 255), 1),
            holding(0, Decimal::new(1, u32::MAX), 1),
            holding(0, one, 1 << 32),
            holding(1 << 16, one, 1),
        ];
        let mut accounts = Accounts::default();
        accounts.push("a", all);
        let held = accounts.get(0).unwrap().holdings;
        assert_eq!(held, all);
        let same = |(a, b): (&Holding, &Holding)| a.quantity.same_text(&b.quantity);
        assert!(held.iter().zip(&all).all(same));
        assert_eq!(accounts.find_holding(0, |held| held == 1 << 16), Some(all[7]));
        assert_eq!(accounts.find_holding(0, |held| held == 1), None);
    }

    #[test]
    fn lines_of_one_account_may_be_anywhere() {
        let at = |line| holding(0, Decimal::new(line as i128, 0), line);
        let mut accounts = Accounts::default();
        let [a, none, b] = ["a", "none", "b"].map(|id| accounts.open(id).unwrap());
        for (account, line) in [(a, 1), (b, 2), (b, 3), (a, 4), (b, 5)] {
            accounts.hold(account, at(line)).unwrap();
        }
        let held = [a, none, b].map(|account| accounts.holdings_of(account).collect::<Vec<_>>());
        assert_eq!(held, [vec![at(1), at(4)], vec![], vec![at(2), at(3), at(5)]]);
        let mut sorted = Accounts::default();
        ["a", "none", "b"].into_iter().zip(held).for_each(|(id, held)| sorted.push(id, held));
        assert_eq!(accounts, sorted);
        sorted.push("c", []);
        assert_ne!(accounts, sorted);
        assert_eq!((accounts.get(3), accounts.find("b")), (None, Some(2)));
    }

    #[test]
    fn a_holding_takes_24_bytes() {
        assert_eq!(size_of::<Packed>(), 24);
    }
}

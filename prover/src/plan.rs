//! The placement of accounts: accounts to pages, pages to volumes, by a secret shuffle.

use pacioli_attestation::VolumeId;
use pacioli_circuits::{Account, MAX_PAGE_SIZE, Shape, ShapeError};
use rand_core::RngCore;
use thiserror::Error;

use crate::ledger::BalancedAccounts;

/// The number of pages filled side by side, so that a large account does not leave a page half empty.
const OPEN_PAGES: usize = 64;

/// The page size unless an account needs a larger one.
pub const DEFAULT_PAGE_SIZE: usize = 64;

/// The place of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The volume.
    pub volume: VolumeId,
    /// The page within the volume.
    pub page: usize,
    /// The slot of the account's first line.
    pub slot: usize,
}

/// The accounts of every page of every volume, by their number in the book: 4 bytes an account and 8
/// a page.
///
/// The plan knows numbers alone. With the book's [`BalancedAccounts`] it gives the accounts of one
/// volume after another ([`Plan::volume`]), so that the book is in memory once, packed, and besides
/// it no more than a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The accounts of all pages as they were filled, first slot first.
    accounts: Vec<u32>,
    /// The end of each page in `accounts`; pages without accounts have none.
    ends: Vec<u32>,
    /// The pages in order, those of a volume next to one another.
    pages: Vec<u32>,
    /// Pages of a volume.
    pages_per_volume: usize,
}

/// An account of a volume with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<'a> {
    /// The account's number in the book.
    pub number: usize,
    /// The holder's id.
    pub id: &'a str,
    /// The account's lines.
    pub account: Account,
    /// Where it stands.
    pub placement: Placement,
}

/// Why accounts cannot be placed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PlanError {
    /// An account does not fit one page; pages have at most 512 slots.
    #[error("account {account} has {lines} lines, closing lines included; a page holds {limit}")]
    Account {
        /// The account's index in the book.
        account: usize,
        /// The account's lines.
        lines: usize,
        /// Slots of the largest page, or of the one asked for.
        limit: usize,
    },
    /// Invalid circuit sizes.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// The smallest page of at least `DEFAULT_PAGE_SIZE` slots that holds the largest account.
///
/// # Errors
/// If an account has more lines than any page has slots.
pub fn page_size(accounts: &BalancedAccounts) -> Result<usize, PlanError> {
    let sizes = (0..accounts.len()).map(|account| (account, accounts.lines_of(account)));
    let Some((account, lines)) = sizes.max_by_key(|(_, lines)| *lines) else {
        return Ok(DEFAULT_PAGE_SIZE);
    };
    if lines > MAX_PAGE_SIZE {
        return Err(PlanError::Account { account, lines, limit: MAX_PAGE_SIZE });
    }
    Ok(lines.next_power_of_two().max(DEFAULT_PAGE_SIZE))
}

impl Plan {
    /// Deals accounts to pages and pages to volumes, in an order that only the generator knows:
    /// neighbours on a page reveal nothing about identity or time of joining.
    ///
    /// A book without accounts is one volume of empty slots.
    ///
    /// # Errors
    /// If an account has more lines than a page has slots.
    pub fn deal(
        shape: Shape,
        accounts: &BalancedAccounts,
        mut rng: impl RngCore,
    ) -> Result<Self, PlanError> {
        let limit = shape.page_size();
        // A book has less than 2^32 accounts, and each page one of them at least.
        let mut order: Vec<u32> = (0..accounts.len() as u32).collect();
        shuffle(&mut order, &mut rng);

        let mut filled = Filled::default();
        let mut open: Vec<(usize, Vec<u32>)> = Vec::new();
        for number in order {
            let account = number as usize;
            let lines = accounts.lines_of(account);
            if lines > limit {
                return Err(PlanError::Account { account, lines, limit });
            }
            match open.iter().position(|(room, _)| *room >= lines) {
                Some(found) => {
                    open[found].0 -= lines;
                    open[found].1.push(number);
                }
                None => {
                    if open.len() == OPEN_PAGES {
                        let rooms = open.iter().enumerate();
                        let fullest = rooms.min_by_key(|(_, (room, _))| *room);
                        let fullest = fullest.map_or(0, |(i, _)| i);
                        filled.push(&open.swap_remove(fullest).1);
                    }
                    open.push((limit - lines, vec![number]));
                }
            }
        }
        open.iter().for_each(|(_, page)| filled.push(page));

        let Filled { mut accounts, ends } = filled;
        let mut start = 0;
        for &end in &ends {
            shuffle(&mut accounts[start as usize..end as usize], &mut rng);
            start = end;
        }
        let volumes = ends.len().div_ceil(shape.pages()).max(1);
        // Empty pages are shuffled among the others.
        let mut pages: Vec<u32> = (0..(volumes * shape.pages()) as u32).collect();
        shuffle(&mut pages, &mut rng);
        Ok(Self { accounts, ends, pages, pages_per_volume: shape.pages() })
    }

    /// The number of volumes, at least one.
    pub fn volumes(&self) -> usize {
        self.pages.len() / self.pages_per_volume
    }

    /// The accounts of every page of a volume, by their numbers in the book, first slot first; of no
    /// page, if there is no such volume.
    pub fn pages(&self, volume: VolumeId) -> impl ExactSizeIterator<Item = &[u32]> {
        let mut volumes = self.pages.chunks(self.pages_per_volume);
        let pages = volumes.nth(volume.index()).unwrap_or_default();
        pages.iter().map(|&page| {
            let Some(&end) = self.ends.get(page as usize) else { return [].as_slice() };
            let start = page.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
            &self.accounts[start as usize..end as usize]
        })
    }

    /// The accounts of a volume in order of page and slot, of the book that was dealt.
    pub fn volume<'a>(
        &'a self,
        volume: VolumeId,
        book: &'a BalancedAccounts,
    ) -> impl Iterator<Item = Placed<'a>> {
        self.pages(volume).enumerate().flat_map(move |(page, held)| {
            let held = held.iter().filter_map(|&number| Some((number, book.get(number as usize)?)));
            held.scan(0, move |next, (number, (id, account))| {
                let slot = *next;
                *next += account.lines.len();
                let placement = Placement { volume, page, slot };
                Some(Placed { number: number as usize, id, account, placement })
            })
        })
    }
}

/// Pages one after another.
#[derive(Default)]
struct Filled {
    accounts: Vec<u32>,
    ends: Vec<u32>,
}

impl Filled {
    fn push(&mut self, page: &[u32]) {
        self.accounts.extend_from_slice(page);
        self.ends.push(self.accounts.len() as u32);
    }
}

/// Fisher and Yates's shuffle; 64 random bits a step, whose bias for any book is below 2^-32.
fn shuffle<T>(items: &mut [T], rng: &mut impl RngCore) {
    for i in (1..items.len()).rev() {
        let other = (u128::from(rng.next_u64()) * (i as u128 + 1)) >> 64;
        items.swap(i, other as usize);
    }
}

#[cfg(test)]
mod tests {
    use pacioli_circuits::{InstrumentId, Line, Quantity};
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    fn account(lines: usize) -> Account {
        let line = |row| Line {
            instrument: InstrumentId::new(row + 1).unwrap(),
            quantity: Quantity::ZERO,
        };
        Account { lines: (0..lines).map(line).collect() }
    }

    fn book(sizes: impl IntoIterator<Item = usize>) -> BalancedAccounts {
        let sizes = sizes.into_iter().enumerate();
        sizes.map(|(number, lines)| (number.to_string(), account(lines))).collect()
    }

    /// The pages of every volume.
    fn pages(plan: &Plan) -> Vec<Vec<&[u32]>> {
        VolumeId::all(plan.volumes()).map(|volume| plan.pages(volume).collect()).collect()
    }

    #[test]
    fn every_account_is_dealt_once_and_stays_on_its_page() {
        let shape = Shape::new(11, 64).unwrap();
        let book = book((0..2000).map(|i| 1 + i * 7 % 40));
        let plan = Plan::deal(shape, &book, ChaCha20Rng::seed_from_u64(1)).unwrap();
        let mut seen = vec![false; book.len()];
        for volume in VolumeId::all(plan.volumes()) {
            let mut free = vec![0; shape.pages()];
            for Placed { number, id, account, placement } in plan.volume(volume, &book) {
                assert!(!std::mem::replace(&mut seen[number], true));
                assert_eq!(book.get(number), Some((id, account.clone())));
                assert_eq!((placement.volume, placement.slot), (volume, free[placement.page]));
                free[placement.page] += account.lines.len();
            }
            assert!(free.iter().all(|&lines| lines <= 64));
        }
        assert!(seen.iter().all(|&seen| seen));
        let (lines, slots) = (book.line_count(), plan.volumes() * shape.lines());
        assert!(lines * 100 > slots * 90, "{lines} lines in {slots} slots");
        assert!(pages(&plan).iter().all(|volume| volume.len() == shape.pages()));
        assert_eq!(plan.volume(VolumeId::new(plan.volumes()), &book).count(), 0);
    }

    #[test]
    fn another_generator_deals_otherwise() {
        let shape = Shape::new(11, 64).unwrap();
        let book = book([5; 100]);
        let deal = |seed| Plan::deal(shape, &book, ChaCha20Rng::seed_from_u64(seed)).unwrap();
        assert_ne!(pages(&deal(1)), pages(&deal(2)));
        assert_eq!(deal(1), deal(1));
    }

    /// The same deal with a list for every page, which is how it was first written.
    fn deal_lists(
        shape: Shape,
        book: &BalancedAccounts,
        mut rng: impl RngCore,
    ) -> Vec<Vec<Vec<u32>>> {
        let mut order: Vec<u32> = (0..book.len() as u32).collect();
        shuffle(&mut order, &mut rng);
        let (mut pages, mut open) = (Vec::new(), Vec::<(usize, Vec<u32>)>::new());
        for account in order {
            let lines = book.lines_of(account as usize);
            if let Some((room, page)) = open.iter_mut().find(|(room, _)| *room >= lines) {
                *room -= lines;
                page.push(account);
                continue;
            }
            if open.len() == OPEN_PAGES {
                let fullest = (0..open.len()).min_by_key(|&page| open[page].0).unwrap();
                pages.push(open.swap_remove(fullest).1);
            }
            open.push((shape.page_size() - lines, vec![account]));
        }
        pages.extend(open.into_iter().map(|(_, page)| page));
        pages.iter_mut().for_each(|page| shuffle(page, &mut rng));
        let volumes = pages.len().div_ceil(shape.pages()).max(1);
        pages.resize(volumes * shape.pages(), Vec::new());
        shuffle(&mut pages, &mut rng);
        pages.chunks(shape.pages()).map(<[_]>::to_vec).collect()
    }

    #[test]
    fn packed_pages_are_those_of_lists() {
        let shape = Shape::new(11, 64).unwrap();
        for seed in 0..20 {
            let book = book((0..seed * 150).map(|i| 1 + (i * i + seed) % 64));
            let rng = || ChaCha20Rng::seed_from_u64(seed as u64);
            let plan = Plan::deal(shape, &book, rng()).unwrap();
            assert_eq!(pages(&plan), deal_lists(shape, &book, rng()));
        }
    }

    #[test]
    fn pages_grow_with_the_largest_account_up_to_512() {
        assert_eq!(page_size(&book([])), Ok(64));
        assert_eq!(page_size(&book([65, 1])), Ok(128));
        let error = PlanError::Account { account: 0, lines: 513, limit: 512 };
        assert_eq!(page_size(&book([513])), Err(error));
        let shape = Shape::new(12, 64).unwrap();
        let error = PlanError::Account { account: 0, lines: 65, limit: 64 };
        let dealt = Plan::deal(shape, &book([65]), ChaCha20Rng::seed_from_u64(1));
        assert_eq!(dealt.unwrap_err(), error);
    }
}

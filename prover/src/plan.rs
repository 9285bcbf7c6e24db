//! The placement of accounts: accounts to pages, pages to volumes, by a secret shuffle.

use pacioli_attestation::VolumeId;
use pacioli_circuits::{Account, MAX_PAGE_SIZE, Shape, ShapeError};
use rand_core::RngCore;
use thiserror::Error;

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

/// The accounts of every page of every volume, by their index in the book.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `volumes[v][p]` lists the accounts of page `p`, first slot first.
    pub volumes: Vec<Vec<Vec<usize>>>,
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

/// The smallest page of at least [`DEFAULT_PAGE_SIZE`] slots that holds the largest account.
///
/// # Errors
/// If an account has more lines than any page has slots.
pub fn page_size(accounts: &[Account]) -> Result<usize, PlanError> {
    let sizes = accounts.iter().map(|account| account.lines.len()).enumerate();
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
        accounts: &[Account],
        mut rng: impl RngCore,
    ) -> Result<Self, PlanError> {
        let limit = shape.page_size();
        let mut order: Vec<usize> = (0..accounts.len()).collect();
        shuffle(&mut order, &mut rng);

        let mut pages: Vec<Vec<usize>> = Vec::new();
        let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
        for account in order {
            let lines = accounts[account].lines.len();
            if lines > limit {
                return Err(PlanError::Account { account, lines, limit });
            }
            match open.iter().position(|(room, _)| *room >= lines) {
                Some(found) => {
                    open[found].0 -= lines;
                    open[found].1.push(account);
                }
                None => {
                    if open.len() == OPEN_PAGES {
                        let rooms = open.iter().enumerate();
                        let fullest = rooms.min_by_key(|(_, (room, _))| *room);
                        let fullest = fullest.map_or(0, |(i, _)| i);
                        pages.push(open.swap_remove(fullest).1);
                    }
                    open.push((limit - lines, vec![account]));
                }
            }
        }
        pages.extend(open.into_iter().map(|(_, page)| page));

        pages.iter_mut().for_each(|page| shuffle(page, &mut rng));
        let volumes = pages.len().div_ceil(shape.pages()).max(1);
        // Empty pages are shuffled among the others.
        pages.resize(volumes * shape.pages(), Vec::new());
        shuffle(&mut pages, &mut rng);
        let volumes = pages.chunks(shape.pages()).map(<[_]>::to_vec).collect();
        Ok(Self { volumes })
    }

    /// Every account's placement, in the order of the book.
    pub fn placements<'a>(
        &'a self,
        accounts: &'a [Account],
    ) -> impl Iterator<Item = (usize, Placement)> + 'a {
        let volumes = VolumeId::all(self.volumes.len()).zip(&self.volumes);
        volumes.flat_map(move |(volume, pages)| {
            pages.iter().enumerate().flat_map(move |(page, held)| {
                held.iter().scan(0, move |slot, &account| {
                    let placement = Placement { volume, page, slot: *slot };
                    *slot += accounts[account].lines.len();
                    Some((account, placement))
                })
            })
        })
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

    #[test]
    fn every_account_is_dealt_once_and_stays_on_its_page() {
        let shape = Shape::new(11, 64).unwrap();
        let accounts: Vec<Account> = (0..2000).map(|i| account(1 + i * 7 % 40)).collect();
        let plan = Plan::deal(shape, &accounts, ChaCha20Rng::seed_from_u64(1)).unwrap();
        let mut seen = vec![false; accounts.len()];
        for (index, placement) in plan.placements(&accounts) {
            assert!(!std::mem::replace(&mut seen[index], true));
            assert!(placement.slot + accounts[index].lines.len() <= 64);
        }
        assert!(seen.iter().all(|&seen| seen));
        let lines: usize = accounts.iter().map(|account| account.lines.len()).sum();
        let slots = plan.volumes.len() * shape.lines();
        assert!(lines * 100 > slots * 90, "{lines} lines in {slots} slots");
        assert!(plan.volumes.iter().all(|volume| volume.len() == shape.pages()));
    }

    #[test]
    fn another_generator_deals_otherwise() {
        let shape = Shape::new(11, 64).unwrap();
        let accounts: Vec<Account> = (0..100).map(|_| account(5)).collect();
        let deal = |seed| Plan::deal(shape, &accounts, ChaCha20Rng::seed_from_u64(seed)).unwrap();
        assert_ne!(deal(1).volumes, deal(2).volumes);
        assert_eq!(deal(1).volumes, deal(1).volumes);
    }

    #[test]
    fn pages_grow_with_the_largest_account_up_to_512() {
        assert_eq!(page_size(&[]), Ok(64));
        assert_eq!(page_size(&[account(65), account(1)]), Ok(128));
        let error = PlanError::Account { account: 0, lines: 513, limit: 512 };
        assert_eq!(page_size(&[account(513)]), Err(error));
        let shape = Shape::new(12, 64).unwrap();
        let error = PlanError::Account { account: 0, lines: 65, limit: 64 };
        let dealt = Plan::deal(shape, &[account(65)], ChaCha20Rng::seed_from_u64(1));
        assert_eq!(dealt.unwrap_err(), error);
    }
}

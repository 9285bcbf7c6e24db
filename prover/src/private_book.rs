//! The book of a finished run as a snapshot: what its accounts held, from the run's private file.
//!
//! The file keeps lines: holdings split over tiers, in the forms that they took, beside the lines that
//! close each scenario. What closes is left out, and parts are added up, so that the same holdings can
//! be taken under other rules. What the run itself left out or rounded is not in the file.

use std::collections::{BTreeMap, btree_map::Entry};

use pacioli_attestation::{Attestation, Digest, VolumeId};
use pacioli_circuits::{Line, Totals};
use pacioli_rules::{Class, Compiled, Decimal, Held, Row};
use thiserror::Error;

use crate::{
    snapshot::{Holding, Place, Snapshot},
    store::{RunStore, StoreError},
};

/// Why a run's private file gives no book.
#[derive(Debug, Error)]
pub enum PrivateBookError {
    /// The file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file is of another run.
    #[error("the run's private file is of the attestation {own}, not of {given}")]
    Another {
        /// The attestation that the file is of.
        own: Digest,
        /// The one given.
        given: Digest,
    },
    /// A line is of no row of the table.
    #[error("the run's private file is damaged: `{}` has a line of row {row}", .account.escape_debug())]
    Row {
        /// The account.
        account: String,
        /// The row.
        row: usize,
    },
    /// The lines of a volume do not add up to what was attested.
    #[error("the run's private file is damaged: its lines of volume {0} are not those attested")]
    Totals(VolumeId),
}

/// The holdings of every account of a run; `compiled` is what the attestation's own rules and prices
/// compile to. The lines of each volume have to add up to the attested totals.
///
/// # Errors
/// If the file is of another run, damaged, or cannot be read.
pub fn book_of_run(
    store: &RunStore,
    attestation: &Attestation,
    compiled: &Compiled,
) -> Result<Snapshot, PrivateBookError> {
    let (own, given) = (store.attestation()?, attestation.digest());
    if own != given {
        return Err(PrivateBookError::Another { own, given });
    }
    let names: Vec<Option<String>> = compiled.rows.iter().map(|row| held(compiled, row)).collect();
    let mut snapshot = Snapshot::default();
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    for name in names.iter().flatten() {
        let next = numbers.len() as u32;
        if let Entry::Vacant(free) = numbers.entry(name) {
            free.insert(next);
            snapshot.instruments.push(name.clone());
        }
    }
    for (volume, proved) in attestation.volume_ids().zip(&attestation.volumes) {
        let accounts = store.accounts(volume)?;
        for account in &accounts {
            let mut sums: BTreeMap<u32, (u128, u32)> = BTreeMap::new();
            for Line { instrument, quantity } in &account.account.lines {
                let row = instrument.row();
                let unknown = || PrivateBookError::Row { account: account.id.clone(), row };
                let meant = compiled.rows.get(row).ok_or_else(unknown)?;
                let Some(name) = &names[row] else { continue };
                let (sum, _) = sums.entry(numbers[name.as_str()]).or_insert((0, meant.decimals));
                *sum = sum.saturating_add(quantity.units());
                if meant.class != Class::Customer {
                    snapshot.classes.insert(account.id.clone(), meant.class);
                }
            }
            let place = Place { line: snapshot.accounts.len() as u64 + 1, column: 1 };
            let holdings = sums.into_iter().map(|(instrument, (units, decimals))| {
                // A quantity is below 2^90, and an account has few lines.
                let quantity = Decimal::new(i128::try_from(units).unwrap_or(i128::MAX), decimals);
                Holding { instrument, quantity, place }
            });
            snapshot.accounts.push(&account.id, holdings);
        }
        let lines = accounts.iter().flat_map(|one| &one.account.lines);
        let own = Totals::of_lines(lines, compiled.rows.len());
        // Empty slots hold lines of the first row.
        let same = proved.totals().is_some_and(|attested| {
            attested.0.len() == own.0.len() && attested.0.iter().skip(1).eq(own.0.iter().skip(1))
        });
        if !same {
            return Err(PrivateBookError::Totals(volume));
        }
    }
    Ok(snapshot)
}

/// What a snapshot calls what is held in a row; `None` where the row is nothing that is held.
fn held(compiled: &Compiled, row: &Row) -> Option<String> {
    let row = match row.role.stands_for() {
        Some(index) => compiled.rows.get(index)?,
        None => row,
    };
    let name = row.name.as_str();
    let name = match row.class {
        Class::Customer => name,
        class => name.strip_prefix(class.name()).and_then(|rest| rest.strip_prefix(' '))?,
    };
    let name = name.strip_prefix("uncredited ").unwrap_or(name);
    // The tier, if there are several, follows the two words.
    let mut words = name.split(' ');
    let name = format!("{} {}", words.next()?, words.next()?);
    Held::parse(&name).filter(|_| row.role.is_held())?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use pacioli_attestation::VolumeProof;
    use pacioli_circuits::Quantity;
    use pacioli_rules::{Rules, compile};

    use super::*;
    use crate::{
        ledger::{Strictness, balance_book},
        plan::Placement,
        snapshot::read_csv,
    };

    const BOOK: &str = "account,instrument,quantity\n\
        anna,deposit BTC,3.25\nanna,borrow USDC,1.5\nben,long BTC-PERP,2.5\nben,quote debit,9\n\
        ben,deposit USDC,0\n";

    /// The attestation of [`BOOK`] without proofs, its table, and its private file.
    fn run(edit: impl Fn(&mut Line)) -> (Attestation, Compiled, RunStore) {
        let stored = include_bytes!("../../tests/fixtures/attestation_v1_draft.json");
        let mut attestation = Attestation::parse(stored).unwrap();
        let rules = Rules::parse(&attestation.rules).unwrap();
        let compiled = compile(&rules, &attestation.prices).unwrap();
        let snapshot = read_csv(BOOK.as_bytes(), "book").unwrap();
        let strictness = Strictness::default();
        let ledger =
            balance_book(snapshot, &rules, &attestation.prices, &compiled, &strictness, 64);
        let mut accounts: Vec<_> = ledger.unwrap().accounts.into_iter().collect();
        let lines = accounts.iter().flat_map(|(_, account)| &account.lines);
        let totals = Totals::of_lines(lines, compiled.rows.len()).0;
        let (counts, quantities) = totals.iter().map(|one| (one.count, one.quantity)).unzip();
        attestation.volumes = vec![VolumeProof { counts, quantities, proof: Vec::new() }];
        edit(&mut accounts[0].1.lines[0]);
        let volume = VolumeId::new(0);
        let placed = accounts.iter().enumerate().map(|(slot, (id, account))| {
            (id.as_str(), account, Placement { volume, page: 0, slot })
        });
        let mut store = RunStore::in_memory().unwrap();
        store.record_accounts(placed).unwrap();
        store.finish(attestation.digest()).unwrap();
        (attestation, compiled, store)
    }

    #[test]
    fn tiers_forms_and_closing_lines_come_back_as_what_was_held() {
        let (attestation, compiled, store) = run(|_| {});
        let book = book_of_run(&store, &attestation, &compiled).unwrap();
        let mut held: Vec<_> = book
            .accounts
            .iter()
            .flat_map(|account| {
                let name =
                    |holding: &Holding| book.instruments[holding.instrument as usize].clone();
                let holdings = account.holdings.iter();
                let told = |one| format!("{} {} {}", account.id, name(one), one.quantity);
                holdings.map(told).collect::<Vec<_>>()
            })
            .collect();
        held.sort();
        assert_eq!(
            held,
            [
                "anna borrow USDC 1.500000",
                "anna deposit BTC 3.25000000",
                "ben deposit USDC 0.000000",
                "ben long BTC-PERP 2.5000",
                "ben quote debit 9.0000000000000000",
            ]
        );
        assert!(book.classes.is_empty());
    }

    #[test]
    fn a_file_of_other_lines_or_of_another_run_gives_no_book() {
        let more = |line: &mut Line| {
            line.quantity = Quantity::new(line.quantity.units() + 1).unwrap();
        };
        let (attestation, compiled, store) = run(more);
        let error = book_of_run(&store, &attestation, &compiled).unwrap_err();
        assert!(matches!(error, PrivateBookError::Totals(_)), "{error}");
        let (mut attestation, compiled, store) = run(|_| {});
        attestation.header.accounts += 1;
        let error = book_of_run(&store, &attestation, &compiled).unwrap_err();
        assert!(matches!(error, PrivateBookError::Another { .. }), "{error}");
    }
}

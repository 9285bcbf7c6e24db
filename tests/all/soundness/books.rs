//! Random books, honest and not: the circuit's verdict is that of the plain-integer reference.

use pacioli_circuits::{
    Account, Quantity, Totals,
    reference::{AccountError, check_account, count_totals},
    testing::{Book, line, pages, small_table},
};
use proptest::{prelude::*, sample::Index};

use crate::soundness::{NOTHING, shape};

/// One change to the lines of a book.
#[derive(Clone, Debug)]
enum Mutation {
    /// One unit more or fewer, or another quantity.
    Quantity(QuantityChange),
    /// The line holds another instrument.
    Instrument(usize),
    /// The line is left out.
    Drop,
    /// The line stands there twice.
    Duplicate,
    /// Trades places with the next line of its account.
    Swap,
    /// The account goes on into the next one.
    Merge,
    /// The account ends after the line.
    Split,
    /// Nothing.
    Keep,
}

#[derive(Clone, Debug)]
enum QuantityChange {
    More,
    Fewer,
    Zero,
    To(u128),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    use QuantityChange::{Fewer, More, To, Zero};
    let quantity = prop_oneof![Just(More), Just(Fewer), Just(Zero), (0..1u128 << 90).prop_map(To)];
    prop_oneof![
        quantity.prop_map(Mutation::Quantity),
        (1usize..=10).prop_map(Mutation::Instrument),
        Just(Mutation::Drop),
        Just(Mutation::Duplicate),
        Just(Mutation::Swap),
        Just(Mutation::Merge),
        Just(Mutation::Split),
        Just(Mutation::Keep),
    ]
}

/// Changes the line that the indices choose.
fn mutate(pages: &mut [Vec<Account>], at: [Index; 3], mutation: &Mutation) {
    let accounts = &mut pages[at[0].index(pages.len())];
    let (account, last) = (at[1].index(accounts.len()), accounts.len() - 1);
    let lines = &mut accounts[account].lines;
    if lines.is_empty() {
        return;
    }
    let at = at[2].index(lines.len());
    match mutation {
        Mutation::Quantity(change) => {
            let units = lines[at].quantity.units();
            let units = match change {
                QuantityChange::More => units + 1,
                QuantityChange::Fewer => units.saturating_sub(1),
                QuantityChange::Zero => 0,
                QuantityChange::To(units) => *units,
            };
            lines[at].quantity = Quantity::new(units).unwrap_or(Quantity::MAX);
        }
        Mutation::Instrument(row) => lines[at].instrument = line(*row, 0).instrument,
        Mutation::Drop => {
            lines.remove(at);
        }
        Mutation::Duplicate => lines.insert(at, lines[at]),
        Mutation::Swap if at + 1 < lines.len() => lines.swap(at, at + 1),
        Mutation::Merge if account < last => {
            let next = accounts.remove(account + 1);
            accounts[account].lines.extend(next.lines);
        }
        Mutation::Split => {
            let lines = lines.split_off(at);
            accounts.insert(account + 1, Account { lines });
        }
        Mutation::Swap | Mutation::Merge | Mutation::Keep => {}
    }
}

/// What the reference says of the accounts and the totals; `None` where a tier ends its account.
/// There the circuit asks more than the theorem, and less than an honest book keeps to: whatever
/// stands in the next slot of the page has to hold the headroom.
fn holds(book: &Book) -> Option<bool> {
    let accounts: Vec<Account> = book.pages.concat();
    let mut all = true;
    for account in &accounts {
        match check_account(&book.table, account) {
            Err(AccountError::Headroom { line }) if line + 1 == account.lines.len() => return None,
            verdict => all &= verdict.is_ok(),
        }
    }
    let mut totals = count_totals(&book.table, &accounts);
    let lines: usize = accounts.iter().map(|account| account.lines.len()).sum();
    totals.0[0].count += (book.shape.lines() - lines) as u64;
    Some(all && totals == book.totals)
}

fn accepted(book: &Book) -> bool {
    book.public_inputs().check(&book.shape).is_ok() && book.broken() == NOTHING
}

/// Other totals than the true ones, as often as not.
fn claim(totals: &mut Totals, of: &Totals, at: Index, kind: u8) {
    let row = at.index(totals.0.len());
    match kind {
        0 => *totals = of.clone(),
        1 => totals.0[row].quantity += 1,
        2 => totals.0[row].count += 1,
        3 => totals.0.rotate_left(1),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn every_honest_book_is_accepted(pages in pages()) {
        let book = Book::new(shape(), small_table(), pages);
        prop_assert_eq!(holds(&book), Some(true));
        prop_assert_eq!(book.public_inputs().check(&book.shape), Ok(()));
        prop_assert_eq!(book.broken(), NOTHING);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn the_circuit_accepts_what_the_reference_does(
        honest in pages(),
        mutations in prop::collection::vec((any::<[Index; 3]>(), mutation()), 1..3),
        (at, kind) in (any::<Index>(), 0u8..12),
    ) {
        let mut pages = honest.clone();
        for (at, mutation) in &mutations {
            mutate(&mut pages, *at, mutation);
        }
        let honest = Book::new(shape(), small_table(), honest);
        let mut book = Book::new(shape(), small_table(), pages);
        claim(&mut book.totals, &honest.totals, at, kind);
        if let Some(holds) = holds(&book) {
            prop_assert_eq!(accepted(&book), holds, "{:?}", book.broken());
        }
    }
}

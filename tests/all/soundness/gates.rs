//! Every constraint is needed: for each there is a false book or a false claim that it alone
//! rejects. Without the constraint that prover would get away with it, and the test would fail.

use std::collections::BTreeSet;

use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{
    Shape,
    testing::{Book, Tampering, constraint_names, row, settle, small_account},
};

use crate::soundness::{ENDS, account, less_owed_than_is, page_of, shape};

/// A false book or claim, and what its prover does to pass it off.
struct Attack {
    /// The one constraint that it breaks.
    breaks: String,
    book: Book,
    tampering: Tampering,
}

impl Attack {
    fn new(breaks: impl Into<String>, book: Book, tampering: Tampering) -> Self {
        Self { breaks: breaks.into(), book, tampering }
    }

    /// By a prover who fills the columns as told.
    fn untampered(breaks: &str, book: Book) -> Self {
        Self::new(breaks, book, Tampering::phase1_alone(|_| {}))
    }
}

fn attacks() -> Vec<Attack> {
    let shape = shape();
    let mut attacks: Vec<Attack> = (0..shape.limbs()).map(limb_out_of_range).collect();
    attacks.extend([
        step_out_of_range(),
        false_total_in_the_table(),
        worth_of_another_instrument(),
        Attack::untampered(ENDS, less_owed_than_is()),
        last_is_a_fraction(),
        Attack::untampered("a capped line has its headroom next", cap_exceeded()),
        balance_set_back(),
        Attack::untampered("an account balances", paid_by_a_neighbour()),
    ]);
    attacks
}

/// One limb of a worthless line is one too large, and its fraction claims it were zero.
fn limb_out_of_range(limb: usize) -> Attack {
    let shape = shape();
    let mut book = page_of(vec![account(&[(row::HEADROOM, 0)]), account(&[(row::HEADROOM, 0)])]);
    book.totals.0[row::HEADROOM].quantity = 1 << (shape.limb_bits() as usize * (limb + 1));
    let too_large = Fr::from(1 << shape.limb_bits());
    let tampering = Tampering::phase1_alone(move |columns| columns.lines.limb[limb][0] = too_large);
    let tampering = tampering.then(move |columns, _, _| {
        columns.limb_term[limb][0] -= settle(&shape, &mut columns.sum, 0);
    });
    Attack::new(format!("limb {limb} is in range"), book, tampering)
}

/// One account holds one instrument twice, and the step's fraction claims it were zero.
fn step_out_of_range() -> Attack {
    let shape = shape();
    let book = page_of(vec![account(&[(row::HEADROOM, 0), (row::HEADROOM, 0)])]);
    let tampering = Tampering::phase2(move |columns, _, _| {
        columns.step_term[0] -= settle(&shape, &mut columns.sum, 0);
    });
    Attack::new("the step is in range", book, tampering)
}

/// Less is claimed to be owed, and the table's fraction offers what is really owed.
fn false_total_in_the_table() -> Attack {
    let shape = shape();
    let tampering = Tampering::phase2(move |columns, _, _| {
        columns.table_term[row::EQUITY_MARK] += settle(&shape, &mut columns.sum, row::EQUITY_MARK);
    });
    Attack::new("the table offers its totals", less_owed_than_is(), tampering)
}

/// A line of zero units has a false worth, and the sum rises as if it were the true one.
fn worth_of_another_instrument() -> Attack {
    let shape = shape();
    let book = page_of(vec![account(&[(row::HEADROOM, 0)])]);
    let tampering = Tampering::phase1_alone(|columns| columns.worth[0] += Fr::from(7));
    let tampering = tampering.then(move |columns, _, _| {
        settle(&shape, &mut columns.sum, 0);
    });
    Attack::new("a line is an instrument", book, tampering)
}

/// One account holds one instrument twice, and `last` is the fraction that makes the step zero.
fn last_is_a_fraction() -> Attack {
    let shape = shape();
    let book = page_of(vec![account(&[(row::HEADROOM, 0), (row::HEADROOM, 0)])]);
    let instruments = Fr::from(shape.instruments() as u64);
    let fraction = instruments.invert().expect("there are instruments");
    let tampering = Tampering::phase1(shape, move |columns| columns.lines.last[0] = fraction);
    Attack::new("last is a bit", book, tampering)
}

/// An account that holds nothing but a debt, and a balance that forgets it.
fn balance_set_back() -> Attack {
    let book = page_of(vec![account(&[(row::BORROW, 5)])]);
    let tampering = Tampering::phase2(|columns, _, _| columns.balance.fill(Fr::zero()));
    Attack::new("the balance runs", book, tampering)
}

/// 51 units in the tier for 50, closed in both scenarios.
fn cap_exceeded() -> Book {
    let lines = [(row::TIER_1, 51), (row::EQUITY_MARK, 5_100), (row::EQUITY_STRESS, 3_060)];
    page_of(vec![account(&lines)])
}

/// One account is worth more than nothing, and the next as much less.
fn paid_by_a_neighbour() -> Book {
    page_of(vec![
        account(&[(row::SHORTFALL_MARK, 9)]),
        account(&[(row::EQUITY_MARK, 9)]),
        small_account(1, 0, 0, 0),
    ])
}

#[test]
fn every_constraint_is_broken_alone_by_some_attack() {
    let mut broken = BTreeSet::new();
    for Attack { breaks, book, tampering } in attacks() {
        assert_eq!(book.public_inputs().check(&book.shape), Ok(()), "{breaks}");
        assert_eq!(book.broken_by(tampering), [breaks.as_str()]);
        broken.insert(breaks);
    }
    assert_eq!(broken, constraint_names(shape()).into_iter().collect());
}

#[test]
fn wider_limbs_bring_no_other_constraint() {
    let smallest: BTreeSet<_> = constraint_names(shape()).into_iter().collect();
    for k in [16, 19, 24] {
        let names = constraint_names(Shape::new(k, 64).unwrap());
        assert!(smallest.is_superset(&names.into_iter().collect()), "k = {k}");
    }
}

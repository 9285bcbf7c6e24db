//! Lines and values chosen after theta. Whoever knows theta finds small integers that it makes sum to
//! zero over the scenarios, and with them an account that balances in no scenario, or a second table
//! for the same proof. The circuit alone lets both pass; a verifier that draws theta itself neither.

use ff::Field;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{proof_layout, theta};
use pacioli_circuits::{
    Account, Instrument, InstrumentTable, MAX_SCENARIOS, ScenarioId, Totals,
    reference::{AccountError, check_account},
    testing::{Book, line, row, small_account, small_book, small_table, value},
};

use crate::soundness::{
    NOTHING,
    lattice::short_relation,
    proofs::{Prover, seeded},
    shape,
};

/// As many as make the integers of a relation smaller than 2^43.
const SCENARIOS: usize = 6;

/// For each scenario a row worth -1 in it alone and one worth 1, after the empty slot and a deposit
/// that is worth 1 in all.
fn table() -> InstrumentTable {
    let instrument = |worth: &dyn Fn(usize) -> i128| Instrument {
        cap: None,
        values: (0..SCENARIOS).map(|s| value(worth(s))).collect(),
    };
    let mut rows = vec![instrument(&|_| 0), instrument(&|_| 1)];
    for closed in 0..SCENARIOS {
        for side in [-1, 1] {
            rows.push(instrument(&|s| if s == closed { side } else { 0 }));
        }
    }
    InstrumentTable::new(SCENARIOS, rows).unwrap()
}

/// The account that is worth `worth[s]` in scenario s, and says nothing of it.
fn account(worth: &[i128]) -> Account {
    let lines = worth.iter().enumerate().filter(|(_, worth)| **worth != 0);
    let side = |worth: i128| usize::from(worth > 0);
    let lines = lines.map(|(s, &worth)| line(2 + 2 * s + side(worth), worth.unsigned_abs()));
    Account { lines: lines.collect() }
}

/// An account that holds a deposit of 5 and owes it to its holder in every scenario.
fn honest_account() -> Account {
    let closing = (0..SCENARIOS).map(|s| line(2 + 2 * s, 5));
    Account { lines: std::iter::once(line(1, 5)).chain(closing).collect() }
}

fn book_of(account: Account) -> Book {
    Book::new(shape(), table(), vec![vec![account]])
}

#[test]
fn a_relation_is_small_and_sums_to_zero_under_its_theta_alone() {
    let theta = small_book().theta;
    let relation = short_relation(theta, SCENARIOS);
    assert!(relation.iter().any(|&x| x != 0));
    assert!(relation.iter().all(|x| x.unsigned_abs() < 1 << 60), "{relation:?}");
    let sum = |theta: Fr| -> Fr {
        let terms = relation.iter().zip(1u64..).map(|(&x, power)| {
            let size = theta.pow([power]) * Fr::from(x.unsigned_abs() as u64);
            if x < 0 { -size } else { size }
        });
        terms.sum()
    };
    assert_eq!(sum(theta), Fr::ZERO);
    assert_ne!(sum(theta + Fr::one()), Fr::ZERO);
}

#[test]
fn an_account_that_balances_in_no_scenario_balances_for_who_chose_it_after_theta() {
    let prover = Prover::get();
    // Theta is drawn from honest lines, and the lines are changed.
    let honest = book_of(honest_account());
    let drawn = prover.draw(&honest, &honest.circuit(), seeded());
    let relation = short_relation(drawn, SCENARIOS);
    let forged = Book { theta: drawn, ..book_of(account(&relation)) };
    let unbalanced = check_account(&forged.table, &forged.pages[0][0]).unwrap_err();
    assert_eq!(unbalanced, AccountError::Balance { scenario: ScenarioId::MARK });

    // Not a constraint is broken, and halo2 takes the proof.
    assert_eq!(forged.broken(), NOTHING);
    let proof = prover.prove_under(&forged, &forged.circuit(), seeded());
    assert!(prover.verifies_unchecked(&forged.instance(), &proof));
    // Whoever draws theta from the proof's own lines does not.
    assert!(!prover.verifies(&forged, &proof));
    let lines = &proof[..proof_layout(&forged.shape).lines];
    let own = theta(prover.verifying_key.digest(), &forged.public_inputs(), lines);
    assert_ne!(own, drawn);
    let drawn_again = Book { theta: own, ..forged };
    assert_eq!(drawn_again.broken(), ["an account balances", "the balance runs"]);
}

#[test]
fn values_chosen_after_theta_are_those_of_another_proof() {
    let prover = Prover::get();
    let honest = book_of(honest_account());
    let proof = prover.prove(&honest, Book::circuit);
    assert!(prover.verifies(&honest, &proof));

    // The deposit is worth something else in every scenario, and the same under this theta.
    let lines = &proof[..proof_layout(&honest.shape).lines];
    let theta = theta(prover.verifying_key.digest(), &honest.public_inputs(), lines);
    let relation = short_relation(theta, SCENARIOS);
    let mut rows = honest.table.instruments().to_vec();
    rows[1].values = relation.iter().map(|x| value(1 + x)).collect();
    let table = InstrumentTable::new(SCENARIOS, rows).unwrap();
    assert_eq!(table.combined(theta), honest.table.combined(theta));
    let forged = Book { table, theta, ..honest };
    assert!(prover.verifies_unchecked(&forged.instance(), &proof));
    assert!(!prover.verifies(&forged, &proof));
}

#[test]
fn a_line_a_border_or_a_total_changed_after_theta_changes_it() {
    let prover = Prover::get();
    let book = small_book();
    let theta = prover.draw(&book, &book.circuit(), seeded());
    let draw = |book: &Book| prover.draw(book, &book.circuit(), seeded());
    assert_eq!(draw(&book), theta);

    let mut other = book.clone();
    other.pages[1] = vec![small_account(6, 480, 0, 0)];
    let line = Book::new(shape(), small_table(), other.pages);
    let mut other = book.clone();
    other.totals.0[row::EQUITY_MARK].quantity -= 1;
    let context = Book { context: book.context + Fr::one(), ..book.clone() };
    for changed in [&Book { totals: book.totals.clone(), ..line.clone() }, &other, &context] {
        assert_ne!(draw(changed), theta);
    }
    let border = pacioli_circuits::testing::Tampering::phase1(book.shape, |columns| {
        columns.lines.last[0] = Fr::one();
    });
    assert_ne!(prover.draw(&book, &book.tampered(border), seeded()), theta);
    // A true book is proved under the theta of the former lines, and refused for that alone.
    let stale = Book { theta, ..line };
    assert_eq!(stale.broken(), NOTHING);
    let proof = prover.prove_under(&stale, &stale.circuit(), seeded());
    assert!(prover.verifies_unchecked(&stale.instance(), &proof));
    assert!(!prover.verifies(&stale, &proof));
    assert!(prover.verifies(&stale, &prover.prove(&stale, Book::circuit)));
}

#[test]
fn a_proof_with_the_lines_of_another_is_refused() {
    let prover = Prover::get();
    let (one, other) = (book_of(honest_account()), book_of(Account { lines: vec![line(1, 0)] }));
    let (proof, others) = (prover.prove(&one, Book::circuit), prover.prove(&other, Book::circuit));
    let lines = proof_layout(&one.shape).lines;
    let swapped = [&others[..lines], &proof[lines..]].concat();
    assert!(!prover.verifies(&one, &swapped) && !prover.verifies(&other, &swapped));
    // Not by its theta alone: under either, halo2 refuses it too.
    let key = prover.verifying_key.digest();
    for (book, proof) in [(&one, &proof), (&other, &others)] {
        let theta = theta(key, &book.public_inputs(), &proof[..lines]);
        assert!(prover.verifies_unchecked(&book.public_inputs().instance(theta), proof));
        assert!(!prover.verifies_unchecked(&book.public_inputs().instance(theta), &swapped));
    }
}

/// S is in no key: what a table has fewer scenarios than the rules, its accounts need not balance in.
#[test]
fn a_proof_over_fewer_scenarios_is_no_proof_over_all() {
    let prover = Prover::get();
    let only_mark = |book: &Book| {
        let rows = book.table.instruments().iter().map(|row| Instrument {
            cap: row.cap,
            values: row.values.iter().take(1).copied().collect(),
        });
        InstrumentTable::new(1, rows.collect()).unwrap()
    };
    // The shortfall of the stress is left out. Judged at mark alone, nothing is wrong.
    let mut pages = small_book().pages;
    pages[0][0].lines.retain(|line| line.instrument.row() != row::SHORTFALL_STRESS);
    pages[0][0].lines.retain(|line| line.instrument.row() != row::EQUITY_STRESS);
    let all = Book::new(shape(), small_table(), pages);
    let mark = Book { table: only_mark(&all), ..all.clone() };
    let proof = prover.prove(&mark, Book::circuit);
    assert!(prover.verifies(&mark, &proof));
    assert!(!prover.verifies(&all, &proof));
    assert!(!prover.verifies(&all, &prover.prove(&all, Book::circuit)));
    // One scenario more, in which everything is worth nothing, is another statement too.
    let rows = mark.table.instruments().iter().map(|row| Instrument {
        cap: row.cap,
        values: row.values.iter().copied().chain([value(0)]).collect(),
    });
    let table = InstrumentTable::new(2, rows.collect()).unwrap();
    assert!(!prover.verifies(&Book { table, ..mark }, &proof));
}

#[test]
fn one_key_serves_one_scenario_and_the_most() {
    let prover = Prover::get();
    let with = |scenarios: usize| {
        let instrument = |worth| Instrument { cap: None, values: vec![worth; scenarios].into() };
        let rows = [0, 1, -1].map(|worth| instrument(value(worth)));
        let table = InstrumentTable::new(scenarios, rows.to_vec()).unwrap();
        Book::new(shape(), table, vec![vec![Account { lines: vec![line(1, 3), line(2, 3)] }]])
    };
    let (one, most) = (with(1), with(MAX_SCENARIOS));
    let (first, last) = (prover.prove(&one, Book::circuit), prover.prove(&most, Book::circuit));
    assert_eq!(first.len(), last.len());
    assert!(prover.verifies(&one, &first) && prover.verifies(&most, &last));
    assert!(!prover.verifies(&one, &last) && !prover.verifies(&most, &first));
    let totals = Totals(most.totals.0[..2].to_vec());
    assert!(!prover.verifies(&Book { totals, ..most }, &last));
}

//! Provers who do not follow the rules, and the constraint that stops each.
//!
//! `gates` breaks every constraint alone, `attacks` goes through what a dishonest prover would try,
//! `challenges` chooses values after the challenges, `bounds` stands on both sides of every limit,
//! `books` compares the circuit with the plain-integer reference on random books, `proofs` does with
//! real proofs what a mock run cannot, `theta` chooses lines and values after theta, `pins` keeps the
//! circuit as it is.

use pacioli_circuits::{
    Account, Shape,
    testing::{Book, line, row, small_book, small_table},
};

mod attacks;
mod books;
mod bounds;
mod challenges;
mod gates;
mod lattice;
mod pins;
mod proofs;
mod theta;

/// The sum of the fractions, which closes the lookup.
const ENDS: &str = "the sum is zero at both ends";

/// No constraint.
const NOTHING: [&str; 0] = [];

/// The smallest circuit over two scenarios.
fn shape() -> Shape {
    Shape::new(11, 64).expect("the smallest shape")
}

/// An account of these rows of the small table in these quantities, whatever they are worth.
fn account(lines: &[(usize, u128)]) -> Account {
    Account { lines: lines.iter().map(|&(row, units)| line(row, units)).collect() }
}

/// The book of one page with these accounts, and its true totals.
fn page_of(accounts: Vec<Account>) -> Book {
    Book::new(shape(), small_table(), vec![accounts])
}

/// A book whose totals say that one unit less is owed at mark.
fn less_owed_than_is() -> Book {
    let mut book = small_book();
    book.totals.0[row::EQUITY_MARK].quantity -= 1;
    book
}

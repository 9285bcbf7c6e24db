//! Values chosen after the challenges. A mock run draws the same challenges every time, so its
//! prover knows them beforehand and gets away with all of this; a prover who learns them from a real
//! proof's transcript has committed by then, and the proof does not verify.

use ff::Field;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{
    Challenges, Phase1, Phase2, Shape,
    testing::{Book, Tampering, mock_challenges, row},
};

use crate::soundness::{ENDS, NOTHING, account, less_owed_than_is, page_of, proofs::Prover, shape};

/// A long and a short of one quantity in page 0, in rows 0 and one stride behind.
fn long_and_short() -> Book {
    page_of(vec![account(&[(row::LONG, 3), (row::SHORT, 3)])])
}

/// Calls the long a borrow and the short an equity.
fn rename(columns: &mut Phase1, shape: &Shape) {
    columns.lines.instrument[0] -= Fr::one();
    columns.lines.instrument[shape.stride()] += Fr::one();
}

/// Gives both the worth under which `[instrument, worth, cap, 1]` is what it was, so that they are
/// counted as a long and a short. Their quantities are equal, so even the balance is what it was.
fn hide_the_names(columns: &mut Phase1, shape: &Shape, eta: Fr) {
    let difference = eta.invert().expect("eta is not zero");
    columns.worth[0] += difference;
    columns.worth[shape.stride()] -= difference;
}

#[test]
fn lines_would_be_renamed_by_who_knows_eta() {
    let (book, shape) = (long_and_short(), shape());
    let eta = mock_challenges(&book).eta;
    for (eta, breaks) in [(eta, &NOTHING[..]), (eta + Fr::one(), &[ENDS])] {
        let tampering = Tampering::phase1(shape, move |columns| {
            rename(columns, &shape);
            hide_the_names(columns, &shape, eta);
        });
        assert_eq!(book.broken_by(tampering), breaks);
    }
}

#[test]
fn lines_are_not_renamed_by_who_learns_eta() {
    let (book, shape) = (long_and_short(), shape());
    let renamed = |book: &Book| {
        let instance = book.instance();
        let tampering = Tampering::phase1(shape, move |columns| rename(columns, &shape));
        book.tampered(tampering.then(move |columns, phase1, challenges| {
            let mut too_late = phase1.clone();
            hide_the_names(&mut too_late, &shape, challenges.eta);
            *columns = Phase2::new(&shape, &too_late, &instance, challenges);
        }))
    };
    let prover = Prover::get();
    assert!(prover.verifies(&book, &prover.prove(&book, Book::circuit)));
    assert!(!prover.verifies(&book, &prover.prove(&book, renamed)));
}

/// What is left over in the sum where the totals say that one unit less is owed at mark, and the
/// multiplicity of the limb 1 that makes up for it.
fn make_up_for_it(columns: &mut Phase1, book: &Book, challenges: &Challenges) {
    let Challenges { eta, alpha, beta } = challenges;
    let shape = &book.shape;
    let worth = book.instance()[4][row::EQUITY_MARK];
    let entry = Fr::from(row::EQUITY_MARK as u64) + eta * worth + eta.pow([3]);
    let left_over = alpha * (beta - entry).invert().expect("beta is no entry");
    columns.multiplicity[shape.instruments() + 1] += left_over * (beta - Fr::one());
}

#[test]
fn less_would_be_owed_by_who_knows_beta() {
    let book = less_owed_than_is();
    let known = mock_challenges(&book);
    let guessed = Challenges { beta: known.beta + Fr::one(), ..known };
    for (challenges, breaks) in [(known, &NOTHING[..]), (guessed, &[ENDS])] {
        let claimed = book.clone();
        let tampering = Tampering::phase1_alone(move |columns| {
            make_up_for_it(columns, &claimed, &challenges);
        });
        assert_eq!(book.broken_by(tampering), breaks);
    }
}

#[test]
fn less_is_not_owed_by_who_learns_beta() {
    let book = less_owed_than_is();
    let made_up = |book: &Book| {
        let claimed = book.clone();
        book.tampered(Tampering::phase2(move |columns, phase1, challenges| {
            let mut too_late = phase1.clone();
            make_up_for_it(&mut too_late, &claimed, challenges);
            *columns = Phase2::new(&claimed.shape, &too_late, &claimed.instance(), challenges);
        }))
    };
    let prover = Prover::get();
    assert!(!prover.verifies(&book, &prover.prove(&book, made_up)));
}

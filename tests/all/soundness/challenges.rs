//! Values chosen after the challenges. A mock run draws the same challenges every time, so its
//! prover knows them beforehand and gets away with all of this; a prover who learns them from a real
//! proof's transcript has committed by then, and the proof does not verify.

use ff::Field;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{
    Challenges, Phase1, Phase2, Shape,
    testing::{Book, Tampering, mock_challenges, row},
    value_offset,
};

use crate::soundness::{ENDS, NOTHING, account, less_owed_than_is, page_of, proofs::Prover, shape};

/// A long and a short of one quantity in page 0, in rows 0 and one stride behind.
fn long_and_short() -> Book {
    page_of(vec![account(&[(row::LONG, 3), (row::SHORT, 3)])])
}

/// Calls the long a borrow and the short an equity.
fn rename(columns: &mut Phase1, shape: &Shape) {
    columns.instrument[0] -= Fr::one();
    columns.instrument[shape.stride()] += Fr::one();
}

/// Gives both the worth under which `[instrument, worth..]` is what it was, so that they are counted
/// as a long and a short. Their quantities are equal, so even the balance is what it was.
fn hide_the_names(columns: &mut Phase1, shape: &Shape, theta: Fr) {
    let difference = theta.invert().expect("theta is not zero");
    columns.worth[0][0] += difference;
    columns.worth[0][shape.stride()] -= difference;
}

#[test]
fn lines_would_be_renamed_by_who_knows_theta() {
    let (book, shape) = (long_and_short(), shape());
    let theta = mock_challenges(&book).theta;
    for (theta, breaks) in [(theta, &NOTHING[..]), (theta + Fr::one(), &[ENDS])] {
        let tampering = Tampering::phase1(shape, move |columns| {
            rename(columns, &shape);
            hide_the_names(columns, &shape, theta);
        });
        assert_eq!(book.broken_by(tampering), breaks);
    }
}

#[test]
fn lines_are_not_renamed_by_who_learns_theta() {
    let (book, shape) = (long_and_short(), shape());
    let instance = book.public_inputs().instance();
    let tampering = Tampering::phase1(shape, move |columns| rename(columns, &shape));
    let tampering = tampering.then(move |columns, phase1, challenges| {
        let mut too_late = phase1.clone();
        hide_the_names(&mut too_late, &shape, challenges.theta);
        *columns = Phase2::new(&shape, &too_late, &instance, challenges);
    });
    let prover = Prover::get();
    assert!(prover.verifies(&book, &prover.prove(&book, &book.circuit())));
    assert!(!prover.verifies(&book, &prover.prove(&book, &book.tampered(tampering))));
}

/// What is left over in the sum where the totals say that one unit less is owed at mark, and the
/// multiplicity of the limb 1 that makes up for it.
fn make_up_for_it(columns: &mut Phase1, shape: &Shape, challenges: &Challenges) {
    let Challenges { theta, alpha, beta } = challenges;
    let worth = [value_offset() - Fr::one(), value_offset()];
    let entry = Fr::from(row::EQUITY_MARK as u64) + theta * worth[0] + theta.square() * worth[1];
    let entry = entry + theta.pow([4]);
    let left_over = alpha * (beta - entry).invert().expect("beta is no entry");
    columns.multiplicity[shape.instruments() + 1] += left_over * (beta - Fr::one());
}

#[test]
fn less_would_be_owed_by_who_knows_beta() {
    let (book, shape) = (less_owed_than_is(), shape());
    let known = mock_challenges(&book);
    let guessed = Challenges { beta: known.beta + Fr::one(), ..known };
    for (challenges, breaks) in [(known, &NOTHING[..]), (guessed, &[ENDS])] {
        let tampering = Tampering::phase1_alone(move |columns| {
            make_up_for_it(columns, &shape, &challenges);
        });
        assert_eq!(book.broken_by(tampering), breaks);
    }
}

#[test]
fn less_is_not_owed_by_who_learns_beta() {
    let (book, shape) = (less_owed_than_is(), shape());
    let instance = book.public_inputs().instance();
    let tampering = Tampering::phase2(move |columns, phase1, challenges| {
        let mut too_late = phase1.clone();
        make_up_for_it(&mut too_late, &shape, challenges);
        *columns = Phase2::new(&shape, &too_late, &instance, challenges);
    });
    let prover = Prover::get();
    assert!(!prover.verifies(&book, &prover.prove(&book, &book.tampered(tampering))));
}

#[test]
fn one_scenario_is_not_traded_for_another_even_by_who_knows_theta() {
    // One more in the stress and theta less at mark leave the combined balance as it was. The entry
    // is that of no instrument: the lookup stops what the balance lets pass.
    let book = page_of(vec![account(&[(row::EQUITY_MARK, 5)])]);
    let Challenges { theta, .. } = mock_challenges(&book);
    let trade = Tampering::phase1(book.shape, move |columns| {
        columns.worth[0][0] += Fr::one() - theta;
        columns.worth[1][0] += Fr::one();
    });
    assert_eq!(book.broken_by(trade), [ENDS]);
}

//! Totals that are no accounts' are refused, whatever a verifier says of their proof.
//!
//! The verifier of these tests accepts everything, as one does of whoever knows the setup's secret.

use alloy_primitives::B256;

use crate::registry::{
    staged::{add, begin},
    world::*,
};

#[test]
fn totals_that_do_not_balance_are_refused_of_any_row() {
    let mut world = World::new();
    let submission = world.submission(0, B256::ZERO);
    let book = world.book();
    for row in 1..book.0.len() {
        let mut forged = book.clone();
        forged.0[row].quantity += 1;
        let values = &world.compiled.table.instruments()[row].values;
        if values.iter().all(|value| value.units() == 0) {
            continue;
        }
        let revert = world.submit(submission.clone(), &[forged]).unwrap_err();
        let name = error_of("Evaluator", &revert);
        assert!(name == "Unbalanced" || name == "OverCap", "row {row}: {name}");
    }
    // What is owed, lowered by all of it.
    for owed in ["equity:mark", "equity:crash", "equity:maintenance"] {
        let mut forged = book.clone();
        forged.0[world.compiled.find(owed).unwrap().row()].quantity = 0;
        let revert = world.submit(submission.clone(), &[forged]).unwrap_err();
        assert_eq!(error_of("Evaluator", &revert), "Unbalanced", "{owed}");
    }
    world.submit(submission, &[book]).unwrap();
}

#[test]
fn every_volume_balances_by_itself() {
    let mut world = World::new();
    let submission = world.submission(0, B256::ZERO);
    let mut books = [world.book(), world.book()];
    let owed = world.compiled.find("equity:mark").unwrap().row();
    books[0].0[owed].quantity += 1;
    books[1].0[owed].quantity -= 1;
    let revert = world.submit(submission.clone(), &books).unwrap_err();
    assert_eq!(error_of("Evaluator", &revert), "Unbalanced");
    begin(&mut world, &submission, 2).unwrap();
    for volume in 0..2 {
        let revert = add(&mut world, &submission, &books, volume).unwrap_err();
        assert_eq!(error_of("Evaluator", &revert), "Unbalanced");
    }
}

#[test]
fn so_many_lines_hold_no_more_than_their_cap() {
    let mut world = World::new();
    let submission = world.submission(0, B256::ZERO);
    let row = world.compiled.find("deposit BTC tier 1").unwrap().row();
    let cap = world.compiled.table.instruments()[row].cap.unwrap().units();
    let book = world.totals(&[("deposit BTC tier 1", 3, 3 * cap)]);
    assert_eq!(book.0[row].count, 3);
    let mut fewer = book.clone();
    fewer.0[row].count = 2;
    let revert = world.submit(submission.clone(), &[fewer]).unwrap_err();
    assert_eq!(error_of("Evaluator", &revert), "OverCap");
    world.submit(submission, &[book]).unwrap();
}

#[test]
fn the_programs_hash_is_in_the_context() {
    // Two programs for the same table, with clauses of their own.
    let other = RULES.replacen("min_coverage = \"1\"", "min_coverage = \"0.5\"", 1);
    let contexts = [RULES, other.as_str()].map(|rules| {
        let mut world = World::of(rules, PRICES);
        world.attest(0);
        world.record(0).unwrap().context
    });
    assert_ne!(contexts[0], contexts[1]);
}

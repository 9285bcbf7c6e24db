//! An account holder's statement in the form of `StatementVerifier`.

use alloy_primitives::{B256, U256, keccak256};
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{
    Digest, Verified, VerifyingKey, Words,
    encoding::value_bytes,
    encoding::{parse_value, point_bytes},
    opening::{Opened, OpeningError},
    proof_layout,
    statement::{self, StatementError, check},
    transcript::hash_to_field,
};
use pacioli_circuits::{InstrumentTable, Totals};
use pacioli_rules::Compiled;

pub use crate::bindings::{Line, Statement, StatementVerifier};

/// The statement in the form of the contract. It is checked first: a statement that does not hold
/// would only cost gas on chain.
///
/// # Errors
/// If the statement does not hold.
pub fn encode(
    statement: &statement::Statement,
    verified: &Verified,
) -> Result<Statement, StatementError> {
    let key = verified.key();
    let lines = check(statement, verified, None)?.lines;
    let word = verified.attestation.context().word(statement.volume);
    let proof = &verified.attestation.volumes[statement.volume.index()].proof;
    let gamma = Opened::of(&key.shape(), word, proof)?.gamma;
    let opening = point_words(&statement.opening);
    let mut encoded = Statement {
        id: statement.account.clone(),
        volume: U256::from(statement.volume.index()),
        page: U256::from(statement.page),
        slot: U256::from(statement.slot),
        nonce: statement.nonce.nonce().reveal().into(),
        lines: lines
            .iter()
            .map(|line| Line {
                instrument: line.instrument.row() as u16,
                quantity: line.quantity.units(),
            })
            .collect(),
        pageValues: statement.page_values.iter().map(|word| U256::from_be_bytes(*word)).collect(),
        opening,
        interpolation: Default::default(),
        evaluation: Default::default(),
        phase1: proof[..proof_layout(&key.shape()).phase1].to_vec().into(),
        table: table_words(&verified.compiled.table),
        forms: form_bytes(&verified.compiled).into(),
    };
    show_page(&mut encoded, key, gamma)?;
    Ok(encoded)
}

/// The number of scenarios, which fixes what the others are, and the table in the words of the public
/// inputs: the caps, then the values of each scenario.
pub fn table_words(table: &InstrumentTable) -> Vec<U256> {
    let (context, totals) = (Fr::zero(), Totals::default());
    let public = pacioli_circuits::PublicInputs { context, table, totals: &totals }.words();
    // The context, the counts and the quantities come before.
    let words = public[3..].iter().flatten();
    let words = words.map(|word| U256::from_be_bytes(value_bytes(word)));
    [U256::from(table.scenarios())].into_iter().chain(words).collect()
}

/// The rows that plain and covered rows stand for, two bytes for each.
pub fn form_bytes(compiled: &Compiled) -> Vec<u8> {
    let held = compiled.rows.iter().filter_map(|row| row.role.stands_for());
    // A table has fewer than 2^16 rows.
    held.flat_map(|row| (row as u16).to_be_bytes()).collect()
}

/// The hash that a registry keeps of a table, from its words and the rows that plain and covered rows
/// stand for.
pub fn table_hash(table: &[U256], forms: &[u8]) -> B256 {
    let words: Vec<u8> = table.iter().flat_map(|word| word.to_be_bytes::<32>()).collect();
    let hash = keccak256(words);
    // The first byte keeps a list of words from being taken for a hash and a list of rows: the first
    // word is the number of scenarios.
    if forms.is_empty() { hash } else { keccak256([&[1], &hash[..], forms].concat()) }
}

/// Fills in the two points that prove which polynomial has the page's values. They follow from the
/// rest and the key. `gamma` is the challenge that combines the volume's columns.
///
/// # Errors
/// If the page is out of range, or there is not one canonical value for each slot.
pub fn show_page(
    statement: &mut Statement,
    key: &VerifyingKey,
    gamma: Fr,
) -> Result<(), OpeningError> {
    let values = statement.pageValues.iter().map(|word| parse_value(&word.to_be_bytes()));
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let interpolation = key.opening().interpolate(statement.page.saturating_to(), &values)?;
    statement.interpolation = point_words(&point_bytes(&interpolation.commitment()));
    let (_, evaluation) = interpolation.open(challenge(statement, gamma));
    statement.evaluation = point_words(&point_bytes(&evaluation));
    Ok(())
}

/// The point at which the page's polynomial is opened.
pub fn challenge(statement: &Statement, gamma: Fr) -> Fr {
    let digest = |word: &U256| Digest(word.to_be_bytes());
    let Statement { page, pageValues, opening, interpolation, .. } = statement;
    let words = Words::new("pacioli.interpolation.v1")
        .digest(Digest(value_bytes(&gamma)))
        .digest(digest(page))
        .list(pageValues.iter(), |words, value| words.digest(digest(value)));
    let points = opening.iter().chain(interpolation);
    let words = points.fold(words, |words, coordinate| words.digest(digest(coordinate)));
    hash_to_field(&words.finish().0)
}

fn point_words(point: &[u8; 64]) -> [U256; 2] {
    let (x, y) = point.split_at(32);
    [x, y].map(U256::from_be_slice)
}

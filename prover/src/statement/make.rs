//! Writing one holder's statement.

use halo2_proofs::halo2curves::bn256::{Fr, G1Affine};
use pacioli_circuits::{Account, Nonce};

use super::{Statement, StatementLine, VERSION, Worth};
use crate::{
    amount::Amount,
    digest::Digest,
    opening::{point_bytes, value_bytes},
    plan::Position,
    rules::Compiled,
};

/// One account and where it stands.
#[derive(Clone, Debug)]
pub struct Holder<'a> {
    /// The holder's id.
    pub id: &'a str,
    /// The account's lines.
    pub account: &'a Account,
    /// Where it stands.
    pub position: Position,
    /// What its seals were made with.
    pub nonce: &'a Nonce,
}

/// The statement of a holder: `values` are those of the combined column on the account's page, and
/// `opening` shows it.
pub fn make(
    attestation: Digest,
    compiled: &Compiled,
    holder: &Holder<'_>,
    values: &[Fr],
    opening: &G1Affine,
) -> Statement {
    let lines = holder.account.lines.iter().map(|line| {
        let row = &compiled.rows[line.instrument.row()];
        let values = &compiled.table.instruments()[line.instrument.row()].values;
        let worth = values.iter();
        StatementLine {
            instrument: row.name.clone(),
            quantity: Amount::new(line.quantity.units(), row.decimals),
            worth: worth
                .map(|value| Worth::of(line, value.units(), compiled.value_decimals))
                .collect(),
        }
    });
    Statement {
        version: VERSION.to_owned(),
        attestation,
        account: holder.id.to_owned(),
        volume: holder.position.volume,
        page: holder.position.page,
        slot: holder.position.slot,
        nonce: holder.nonce.into(),
        scenarios: compiled.scenarios.iter().map(|scenario| scenario.name.clone()).collect(),
        lines: lines.collect(),
        page_values: values.iter().map(value_bytes).collect(),
        opening: point_bytes(opening),
    }
}

//! Making one holder's statement.

use halo2_proofs::halo2curves::bn256::{Fr, G1Affine};
use pacioli_attestation::{
    Digest,
    encoding::{point_bytes, value_bytes},
    statement::{Statement, StatementLine, VERSION},
};
use pacioli_circuits::{Account, Nonce};
use pacioli_rules::{Amount, Compiled, SignedAmount};

use crate::plan::Placement;

/// One account with its placement and nonce.
#[derive(Clone, Debug)]
pub struct Holder<'a> {
    /// The holder's id.
    pub id: &'a str,
    /// The account's lines.
    pub account: &'a Account,
    /// The account's placement.
    pub placement: Placement,
    /// The nonce of the account's seals.
    pub nonce: &'a Nonce,
}

/// The statement of a holder: `values` are the values of the combined column on the account's page, and
/// `opening` is their opening.
pub fn make(
    attestation: Digest,
    compiled: &Compiled,
    holder: &Holder<'_>,
    values: &[Fr],
    opening: &G1Affine,
) -> Statement {
    let lines = holder.account.lines.iter().map(|line| {
        let row = &compiled.rows[line.instrument.row()];
        let values =
            compiled.scenarios_by_id().map(|(s, _)| compiled.counts_for(line.instrument.row(), s));
        StatementLine {
            instrument: row.name.clone(),
            quantity: Amount::new(line.quantity.units(), row.decimals),
            worth: values
                .map(|value| SignedAmount::of(line, value, compiled.value_decimals))
                .collect(),
        }
    });
    Statement {
        version: VERSION.to_owned(),
        attestation,
        account: holder.id.to_owned(),
        volume: holder.placement.volume,
        page: holder.placement.page,
        slot: holder.placement.slot,
        nonce: holder.nonce.into(),
        scenarios: compiled.scenarios.iter().map(|scenario| scenario.name.clone()).collect(),
        lines: lines.collect(),
        page_values: values.iter().map(value_bytes).collect(),
        opening: point_bytes(opening),
    }
}

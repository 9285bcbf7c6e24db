//! Drawing the time of a snapshot on a chain: what `Draws` is called with.
//!
//! A registry holds a drawn time against what `Draws` keeps, so somebody has to draw the day there
//! before the attestation is submitted. It is drawn once for all venues, and anyone may.

use alloy_sol_types::SolCall;
use pacioli_attestation::Drawn;

use crate::bindings::Draws as D;

/// The transaction that draws what an attestation's header states, as the data of a call of `Draws`.
/// A block of Ethereum has to be drawn there within 27 hours, unless [`pinning`] was sent in time; a
/// round of drand on any chain, at any time after its day.
pub fn drawing(drawn: &Drawn) -> Vec<u8> {
    let day = drawn.day().number();
    match drawn {
        Drawn::Quicknet { signature, .. } => {
            D::drawRoundCall { day, signature: signature.clone().into() }.abi_encode()
        }
        Drawn::Ethereum { parent, block, .. } => {
            let (parent, header) = (parent.clone().into(), block.clone().into());
            D::drawBlockCall { day, parent, header }.abi_encode()
        }
    }
}

/// The transaction that keeps a block's hash while Ethereum knows it, so that it can be drawn from
/// later, as the data of a call of `Draws`.
pub fn pinning(number: u64) -> Vec<u8> {
    D::pinCall { number: alloy_primitives::U256::from(number) }.abi_encode()
}

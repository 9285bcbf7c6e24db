//! The program and the prices with which an attestation was submitted, from its transaction.
//!
//! A registry keeps only the hash of a program. The transaction tells a reader without the venue's files
//! the currency and the decimals of the figures, and the subjects of the clauses.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolEvent};
use pacioli_attestation::program::{
    CLAUSE_BYTES, Clause, FACTOR_BYTES, HEAD_BYTES, NO_PRICE, ROLE_BITS, ROW_BYTES, SCENARIO_BYTES,
    VERSION,
};

use crate::{
    bindings::{Prices, SolvencyRegistry as R},
    chain::{Chain, ChainError},
};

/// A program and prices that a registry took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The decimals of the quote currency in one unit of value.
    pub value_decimals: u8,
    /// The hash of the quote currency's name.
    pub quote: B256,
    /// The number of scenarios, twins and cover included.
    pub scenarios: u16,
    /// Whether the last scenario is the cover.
    pub has_cover: bool,
    /// For each twin, the stress that it is the twin of. The twins are the last scenarios, but for
    /// the cover.
    pub twins: Vec<u16>,
    /// The clauses of the policy.
    pub clauses: Vec<Clause>,
    /// The hash of each asset's name.
    pub assets: Vec<B256>,
    /// The hash of what each market has its price from.
    pub markets: Vec<B256>,
}

impl Sent {
    /// Searches for the transaction that appended an attestation. `None` if the chain no longer has
    /// it, or it does not contain the program.
    ///
    /// # Errors
    /// If the chain does not answer.
    pub fn find(
        chain: &mut impl Chain,
        registry: Address,
        venue: B256,
        sequence: u64,
        program: B256,
    ) -> Result<Option<Self>, ChainError> {
        let number = U256::from(sequence).into();
        let topics = [R::Attested::SIGNATURE_HASH, venue, number];
        let Some(calldata) = chain.sent_with(registry, topics)? else { return Ok(None) };
        Ok(Self::read(&calldata, program))
    }

    /// Reads a transaction. The hash of the program is checked, so the transaction need not be trusted.
    pub fn read(calldata: &[u8], program: B256) -> Option<Self> {
        let (bytes, prices) = if let Ok(call) = R::submitCall::abi_decode(calldata) {
            (call.submission.program, call.submission.prices)
        } else {
            let call = R::finishSubmissionCall::abi_decode(calldata).ok()?;
            (call.continuation.program, call.continuation.prices)
        };
        let known = keccak256(&bytes) == program;
        if known { Self::of(&bytes, &prices) } else { None }
    }

    /// Reads a program that a registry took, whose form was checked.
    fn of(program: &Bytes, prices: &Prices) -> Option<Self> {
        let byte = |at: usize| program.get(at).copied();
        let word = |at: usize| Some(u16::from_be_bytes([byte(at)?, byte(at + 1)?]));
        let number = |at: usize| word(at).map(usize::from);
        if byte(0)? != VERSION {
            return None;
        }
        let (scenarios, value_decimals) = (word(1)?, byte(3)?);
        let [factors, rows, clauses, twins] = [number(4)?, number(6)?, number(8)?, number(10)?];
        let cover = byte(12)?;
        let quote = B256::try_from(program.get(45..HEAD_BYTES)?).ok()?;
        let after_mark = usize::from(scenarios).checked_sub(twins + usize::from(cover) + 1)?;
        let row_bytes = ROW_BYTES + 2 * after_mark;
        let rows_at = HEAD_BYTES + SCENARIO_BYTES * twins + factors * FACTOR_BYTES;
        let clauses_at = rows_at + rows * row_bytes;
        let (mut assets, mut markets) = (Vec::new(), Vec::new());
        for row in program.get(rows_at..clauses_at)?.chunks(row_bytes) {
            let list = match row[0] & ((1 << ROLE_BITS) - 1) {
                1 => &mut assets,
                3 => &mut markets,
                _ => continue,
            };
            let [group, price] = [1, 3].map(|at| u16::from_be_bytes([row[at], row[at + 1]]));
            if usize::from(group) == list.len() {
                let name = prices.list.get(usize::from(price)).map(|price| price.name);
                list.push(if price == NO_PRICE { quote } else { name? });
            }
        }
        let clause = |at: usize| {
            let bytes: &[u8; CLAUSE_BYTES] = program.get(at..at + CLAUSE_BYTES)?.try_into().ok()?;
            Some(Clause {
                kind: bytes[0],
                subject: u16::from_be_bytes([bytes[1], bytes[2]]),
                mantissa: u128::from_be_bytes(bytes[3..19].try_into().ok()?),
                scale: bytes[19],
            })
        };
        Some(Self {
            value_decimals,
            quote,
            scenarios,
            has_cover: cover == 1,
            twins: (0..twins)
                .map(|twin| word(HEAD_BYTES + SCENARIO_BYTES * twin))
                .collect::<Option<_>>()?,
            clauses: (0..clauses)
                .map(|index| clause(clauses_at + index * CLAUSE_BYTES))
                .collect::<Option<_>>()?,
            assets,
            markets,
        })
    }
}

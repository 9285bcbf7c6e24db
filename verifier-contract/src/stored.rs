//! The program of rules as a chain stores it, with the names of its prices.
//!
//! It tells a reader without the venue's files the currency and the decimals of the figures, and the
//! subjects of the clauses.

use alloy_primitives::{Address, B256, keccak256};
use pacioli_attestation::program::{
    CLAUSE_BYTES, Clause, FACTOR_BYTES, HEAD_BYTES, NO_PRICE, ROLE_BITS, ROW_BYTES, SCENARIO_BYTES,
    VERSION,
};

use crate::chain::{Chain, ChainError};

/// A program that a registry knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
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

impl Stored {
    /// Reads a program from the code of contracts. `None` if it is not the one with this hash: the
    /// contracts need not be trusted.
    ///
    /// # Errors
    /// If the chain does not answer.
    pub fn find(
        chain: &mut impl Chain,
        chunks: &[Address],
        program: B256,
    ) -> Result<Option<Self>, ChainError> {
        let mut bytes = Vec::new();
        for &chunk in chunks {
            bytes.extend(chain.code(chunk)?.iter().skip(1));
        }
        Ok(Self::read(&bytes, program))
    }

    /// Reads what the contracts store.
    pub fn read(bytes: &[u8], program: B256) -> Option<Self> {
        let (count, rest) = bytes.split_first_chunk::<2>()?;
        let names = usize::from(u16::from_be_bytes(*count));
        let (names, rest) = rest.split_at_checked(32 * names)?;
        if keccak256(rest) != program {
            return None;
        }
        Self::of(rest, &names.chunks(32).map(B256::from_slice).collect::<Vec<_>>())
    }

    /// Reads a program that a registry took, whose form was checked.
    fn of(program: &[u8], names: &[B256]) -> Option<Self> {
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
                let name = names.get(usize::from(price)).copied();
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

//! The parts of an attestation in the form of the contracts.
//!
//! A contract rebuilds the texts whose meaning it needs. For a time this requires whole seconds since
//! 1970. All other texts are sent as hashes. What there is one of for each price or row is packed, since
//! bytes are what a long submission costs most.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use jiff::Timestamp;
use pacioli_attestation::{Attestation, Digest, RoundedInstrument, VolumeProof, program::Program};
use pacioli_circuits::{Total, Totals};
use pacioli_rules::VolatilityKind;
use thiserror::Error;

use crate::{
    bindings::{
        AssetLeftOut, Header, Prices, ProvedBook, Record, Refused, Round, Rounded, Submission,
        Volume,
    },
    evm::MAX_CODE_SIZE,
};

/// The largest count that a contract takes, in 3 bytes: no circuit has as many lines.
pub const MAX_COUNT: u64 = (1 << 24) - 1;

/// Why an attestation cannot be sent to a contract, though it may verify elsewhere.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SubmissionError {
    /// A contract can write only times of whole seconds since 1970.
    #[error("{part}.as_of: a contract needs a whole number of seconds since 1970, got {time}")]
    Time {
        /// The part of the attestation.
        part: &'static str,
        /// The time.
        time: Timestamp,
    },
    /// A number is too large for its field.
    #[error("{0} is larger than a contract can take")]
    Size(&'static str),
    /// Prices are not negative.
    #[error("prices.{0} is negative")]
    Negative(String),
    /// Prices in a contract have no volatilities of options, so the context word would differ.
    #[error("prices.vols.{0}: a contract cannot take volatilities of options")]
    Volatilities(String),
    /// A contract binds proofs to the program that it is sent, so they must be bound to the same one.
    #[error(
        "the attestation was not proved under the program of its rules and prices: prove it again with \
         this release"
    )]
    Program,
    /// A rate of the program follows a volatility that the prices do not state.
    #[error("prices.volatilities: a rate follows a volatility that is not stated")]
    NoVolatility,
    /// Prices in a contract have no open interest either.
    #[error("prices.open_interest.{0}: a contract cannot take open interest")]
    OpenInterest(String),
}

/// An attestation without its volumes, for a venue that registered this program for its rules, and the
/// verifier that is to check the proofs. `rounds` says where each feed in force is to be compared.
///
/// # Errors
/// As [`header`] and [`prices()`]; also if the attestation was proved under another program.
pub fn submission(
    venue: B256,
    verifier: Address,
    attestation: &Attestation,
    program: &Program,
    rounds: Vec<Round>,
) -> Result<Submission, SubmissionError> {
    if attestation.header.program != Some(program.hash()) {
        return Err(SubmissionError::Program);
    }
    Ok(Submission {
        venue,
        attestation: word(attestation.digest()),
        rules: rules(attestation),
        verifier,
        reserves: reserves(attestation),
        header: header(&attestation.header)?,
        prices: prices_for(&attestation.prices, program)?,
        rounds,
    })
}

/// The code of the contracts that hold a program and the names of its prices, as `Chunks.sol` reads it:
/// each begins with a byte 0, and all but the last are as large as a contract can be.
///
/// # Errors
/// If there are more than 65,535 prices.
pub fn chunks(
    prices: &pacioli_rules::Prices,
    program: &Program,
) -> Result<Vec<Bytes>, SubmissionError> {
    code(&names(prices), program.to_bytes())
}

/// The same of names, hashed, and a program's bytes.
///
/// # Errors
/// As [`chunks`].
pub fn code(names: &[B256], program: &[u8]) -> Result<Vec<Bytes>, SubmissionError> {
    let count = u16::try_from(names.len()).map_err(|_| SubmissionError::Size("prices"))?;
    let mut bytes = count.to_be_bytes().to_vec();
    names.iter().for_each(|name| bytes.extend_from_slice(name.as_slice()));
    bytes.extend_from_slice(program);
    let chunk = |part: &[u8]| [&[0], part].concat().into();
    Ok(bytes.chunks(MAX_CODE_SIZE - 1).map(chunk).collect())
}

/// The creation code of a contract that has this code, at most [`MAX_CODE_SIZE`] bytes, and does nothing
/// else.
pub fn creation_code(code: &[u8]) -> Bytes {
    let [_, size @ ..] = (code.len() as u32).to_be_bytes();
    // PUSH3 size, DUP1, PUSH1 11, PUSH0, CODECOPY, PUSH0, RETURN
    let copy = [0x80, 0x60, 11, 0x5f, 0x39, 0x5f, 0xf3];
    [&[0x62], &size[..], &copy, code].concat().into()
}

/// The names of prices, hashed, in their order.
pub fn names(prices: &pacioli_rules::Prices) -> Vec<B256> {
    prices.prices.keys().map(|name| text(name)).collect()
}

/// The header.
///
/// # Errors
/// If its time has a fraction, or a size does not fit its field.
pub fn header(header: &pacioli_attestation::Header) -> Result<Header, SubmissionError> {
    let exclusion = |exclusion: &pacioli_attestation::AssetLeftOut| AssetLeftOut {
        asset: text(&exclusion.asset),
        lines: exclusion.lines,
        accounts: exclusion.accounts,
        deposits: text(&exclusion.deposits.to_string()),
        borrows: text(&exclusion.borrows.to_string()),
    };
    let rounded = |rounded: &RoundedInstrument| Rounded {
        instrument: text(&rounded.instrument),
        lines: rounded.lines,
        bound: text(&rounded.bound.to_string()),
    };
    let size = |name| SubmissionError::Size(name);
    Ok(Header {
        venue: text(&header.venue),
        sequence: header.sequence,
        previous: header.previous.map_or(B256::ZERO, word),
        asOf: seconds("header", header.as_of)?,
        accounts: header.accounts,
        accountsLeftOut: header.accounts_left_out,
        leftOut: header.left_out.iter().map(exclusion).collect(),
        roundingLines: header.rounding.lines,
        rounded: header.rounding.instruments.iter().map(rounded).collect(),
        roundingBound: text(&header.rounding.bound.to_string()),
        k: header.k.try_into().map_err(|_| size("header.k"))?,
        pageSize: header.page_size.try_into().map_err(|_| size("header.page_size"))?,
        scenarios: header.scenarios.try_into().map_err(|_| size("header.scenarios"))?,
        key: word(header.key),
        setup: text(&header.setup),
        software: text(&header.software),
        drawn: header.drawn.as_ref().map_or(B256::ZERO, |drawn| word(drawn.digest())),
    })
}

/// The prices, for a program none of whose rates follow volatilities.
///
/// # Errors
/// If a time has a fraction, a price is negative, or there are volatilities of options or open
/// interest.
pub fn prices(prices: &pacioli_rules::Prices) -> Result<Prices, SubmissionError> {
    if let Some(underlying) = prices.vols.keys().next() {
        return Err(SubmissionError::Volatilities(underlying.clone()));
    }
    if let Some(market) = prices.open_interest.keys().next() {
        return Err(SubmissionError::OpenInterest(market.clone()));
    }
    let mut list = Vec::with_capacity(17 * prices.prices.len());
    for (name, price) in &prices.prices {
        let mantissa = u128::try_from(price.mantissa());
        let mantissa = mantissa.map_err(|_| SubmissionError::Negative(name.clone()))?;
        let scale = u8::try_from(price.scale());
        list.extend(mantissa.to_be_bytes());
        list.push(scale.map_err(|_| SubmissionError::Size("the scale of a price"))?);
    }
    Ok(Prices {
        asOf: seconds("prices", prices.as_of)?,
        quote: text(&prices.quote),
        method: text(&prices.method),
        source: prices.source.as_deref().map_or(B256::ZERO, text),
        list: list.into(),
        refused: prices.refused.iter().map(refused).collect(),
        volatilities: volatilities(prices)?,
        steps: Bytes::new(),
    })
}

/// The prices, for a program whose rates may follow the volatilities that they state.
///
/// # Errors
/// As [`prices()`]; also if the prices lack a volatility that a rate follows.
pub fn prices_for(
    prices: &pacioli_rules::Prices,
    program: &Program,
) -> Result<Prices, SubmissionError> {
    let steps = program.steps(prices).ok_or(SubmissionError::NoVolatility)?;
    let steps: Vec<u8> = steps.into_iter().flat_map(u64::to_be_bytes).collect();
    Ok(Prices { steps: steps.into(), ..self::prices(prices)? })
}

/// What sources say of volatilities, as `Volatilities.sol` reads it.
fn volatilities(prices: &pacioli_rules::Prices) -> Result<Bytes, SubmissionError> {
    let mut bytes = Vec::new();
    for (asset, entries) in &prices.volatilities {
        bytes.extend(text(asset));
        let count = u8::try_from(entries.len());
        bytes.push(count.map_err(|_| SubmissionError::Size("the number of volatilities"))?);
        for entry in entries {
            let pacioli_rules::Volatility { kind, annual, window, tenor, source, as_of } = entry;
            let (kind, span) = match kind {
                VolatilityKind::Realised => (1, window),
                VolatilityKind::Implied => (2, tenor),
            };
            bytes.push(kind);
            // Checked to be from 0 to 1000, of at most 18 decimals.
            bytes.extend(annual.mantissa().unsigned_abs().to_be_bytes());
            bytes.push(annual.scale() as u8);
            bytes.extend(span.map_or(0, |span| span.0).to_be_bytes());
            bytes.extend(text(source));
            bytes.extend(seconds("prices.volatilities", *as_of)?.to_be_bytes());
        }
    }
    Ok(bytes.into())
}

/// An asset that was refused a price, and why.
fn refused((asset, reason): (&String, &String)) -> Refused {
    Refused { asset: text(asset), reason: text(reason) }
}

/// The volumes.
///
/// # Errors
/// As [`totals`].
pub fn volumes(attestation: &Attestation) -> Result<Vec<Volume>, SubmissionError> {
    let volume = |volume: &VolumeProof| {
        Ok(Volume { totals: totals_of(volume)?, proof: volume.proof.clone().into() })
    };
    attestation.volumes.iter().map(volume).collect()
}

/// The totals of a volume, as [`totals`] writes them.
///
/// # Errors
/// As [`totals`].
pub fn totals_of(volume: &VolumeProof) -> Result<Bytes, SubmissionError> {
    let rows = volume.counts.iter().zip(&volume.quantities);
    let rows = rows.map(|(&count, &quantity)| Total { count, quantity });
    totals(&rows.collect::<Vec<_>>())
}

/// Totals of a volume, 19 bytes a row: 3 for the count and 16 for the quantity.
///
/// # Errors
/// If a count is above [`MAX_COUNT`].
pub fn totals(rows: &[Total]) -> Result<Bytes, SubmissionError> {
    let mut bytes = Vec::with_capacity(19 * rows.len());
    for row in rows {
        if row.count > MAX_COUNT {
            return Err(SubmissionError::Size("the number of lines of an instrument"));
        }
        bytes.extend_from_slice(&row.count.to_be_bytes()[5..]);
        bytes.extend_from_slice(&row.quantity.to_be_bytes());
    }
    Ok(bytes.into())
}

/// What was proved, as `Repricer` takes it: the record of the latest attestation, its prices, and the
/// totals of all its volumes together.
///
/// # Errors
/// As [`prices()`].
pub fn proved_book(
    record: Record,
    proved: &pacioli_rules::Prices,
    totals: &Totals,
) -> Result<ProvedBook, SubmissionError> {
    Ok(ProvedBook {
        record,
        prices: prices(proved)?,
        quantities: totals.0.iter().map(|total| U256::from(total.quantity)).collect(),
    })
}

/// The hash of the rules' text.
pub fn rules(attestation: &Attestation) -> B256 {
    text(&attestation.rules)
}

/// The digest of the reserves; 0 if there are none.
pub fn reserves(attestation: &Attestation) -> B256 {
    attestation
        .reserves
        .as_ref()
        .map_or(B256::ZERO, |reserves| word(pacioli_attestation::reserves_digest(reserves)))
}

/// A name as a contract knows it.
pub fn name(name: &str) -> B256 {
    text(name)
}

fn text(text: &str) -> B256 {
    keccak256(text)
}

fn word(digest: Digest) -> B256 {
    digest.0.into()
}

fn seconds(part: &'static str, time: Timestamp) -> Result<u64, SubmissionError> {
    let whole = time.subsec_nanosecond() == 0;
    let seconds = u64::try_from(time.as_second()).ok().filter(|_| whole);
    seconds.ok_or(SubmissionError::Time { part, time })
}

//! A feed of implied volatilities: CSV with the columns `source,asset,time,volatility,tenor`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pacioli_attestation::Digest;
use pacioli_rules::{Decimal, Span, Volatility, VolatilityKind};
use thiserror::Error;

use super::{combine::check_spelling, feed::FeedError, limits::Limits};
use crate::cells::{self, CellFault, Cells};

const COLUMNS: &str = "`source,asset,time,volatility,tenor`";

/// A feed of implied volatilities as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImpliedFeed {
    /// The file's name.
    pub file: String,
    /// The hash of its bytes.
    pub digest: Digest,
    /// What it states, in order, each with its line.
    statements: Vec<(u64, String, Volatility)>,
}

impl ImpliedFeed {
    /// Reads a feed. `file` is its name in errors and in the prices file.
    ///
    /// # Errors
    /// If the bytes are not CSV of exactly these columns.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, FeedError> {
        let mut cells = Cells::open(bytes, file)?;
        if cells.fields() != ["source", "asset", "time", "volatility", "tenor"] {
            return Err(cells.wrong_header(COLUMNS).into());
        }
        let mut statements = Vec::new();
        while cells.advance()? {
            let statement = Volatility {
                kind: VolatilityKind::Implied,
                annual: cells.cell(3, volatility)?,
                window: None,
                tenor: Some(cells.cell(4, tenor)?),
                source: cells.cell(0, cells::source)?,
                as_of: cells.cell(2, cells::time)?,
            };
            statements.push((cells.line(), cells.cell(1, cells::asset)?, statement));
        }
        Ok(Self { file: file.to_owned(), digest: Digest::of(bytes), statements })
    }
}

fn volatility(text: &str) -> Result<Decimal, CellFault> {
    cells::volume("volatility", text)
}

fn tenor(text: &str) -> Result<Span, CellFault> {
    let length: Option<Span> = text.parse().ok().filter(|length: &Span| length.0 > 0);
    let expected = "a length of time such as `7d`";
    length.ok_or_else(|| CellFault::Time { got: text.to_owned(), expected })
}

/// What feeds of implied volatilities come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Implied {
    /// The latest statement of each source and tenor, by asset, as far as it is not too old.
    pub stated: BTreeMap<String, Vec<Volatility>>,
    /// How many are left out because they are.
    pub stale: usize,
}

/// A source that says two things of one asset and tenor at one time, or is written in two ways.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StatedTwice {
    /// Under one name.
    #[error("{}: a source says this twice of one time: also at {}", .0[1], .0[0])]
    Places([String; 2]),
    /// Under two names that nobody tells apart.
    #[error("`{}` and `{}` are one source in two spellings: write its name in one", .0[0], .0[1])]
    Spelling([String; 2]),
}

/// The latest statement of each source and tenor by asset. Later ones than the time of the prices are
/// ignored.
///
/// # Errors
/// If a source says two things of one asset and tenor at one time, or is in two spellings.
pub fn implied(feeds: &[ImpliedFeed], limits: &Limits) -> Result<Implied, StatedTwice> {
    type Key<'a> = (&'a str, &'a str, u64);
    let statements = feeds.iter().flat_map(|feed| &feed.statements);
    check_spelling(statements.map(|(.., one)| &*one.source)).map_err(StatedTwice::Spelling)?;
    let mut all: BTreeMap<Key<'_>, BTreeMap<Timestamp, (String, &Volatility)>> = BTreeMap::new();
    for feed in feeds {
        for (line, asset, one) in &feed.statements {
            let key = (asset.as_str(), one.source.as_str(), one.tenor.map_or(0, |tenor| tenor.0));
            let place = format!("{}:{line}", feed.file);
            let series = all.entry(key).or_default();
            if let Some((first, _)) = series.insert(one.as_of, (place.clone(), one)) {
                return Err(StatedTwice::Places([first, place]));
            }
        }
    }
    let mut made = Implied::default();
    for ((asset, ..), series) in all {
        let Some((time, (_, latest))) = series.range(..=limits.at).next_back() else { continue };
        match limits.at.duration_since(*time) > limits.max_age {
            true => made.stale += 1,
            false => made.stated.entry(asset.to_owned()).or_default().push((*latest).clone()),
        }
    }
    Ok(made)
}

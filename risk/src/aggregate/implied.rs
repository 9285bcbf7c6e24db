//! A feed of implied volatilities: CSV with the columns `source,asset,time,volatility,tenor`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pacioli_attestation::Digest;
use pacioli_rules::{Decimal, Span, Volatility, VolatilityKind};

use super::{feed::FeedError, limits::Limits};
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

/// The latest statement of each source and tenor by asset, as far as it is not too old; and how many
/// are left out because they are. Later ones than the time of the prices are ignored.
///
/// # Errors
/// If a source says two things of one asset and tenor at one time: the two places.
pub fn implied(
    feeds: &[ImpliedFeed],
    limits: &Limits,
) -> Result<(BTreeMap<String, Vec<Volatility>>, usize), [String; 2]> {
    type Key<'a> = (&'a str, &'a str, u64);
    let mut all: BTreeMap<Key<'_>, BTreeMap<Timestamp, (String, &Volatility)>> = BTreeMap::new();
    for feed in feeds {
        for (line, asset, one) in &feed.statements {
            let key = (asset.as_str(), one.source.as_str(), one.tenor.map_or(0, |tenor| tenor.0));
            let place = format!("{}:{line}", feed.file);
            let series = all.entry(key).or_default();
            if let Some((first, _)) = series.insert(one.as_of, (place.clone(), one)) {
                return Err([first, place]);
            }
        }
    }
    let (mut stated, mut stale) = (BTreeMap::<String, Vec<Volatility>>::new(), 0);
    for ((asset, ..), series) in all {
        let Some((time, (_, latest))) = series.range(..=limits.at).next_back() else { continue };
        match limits.at.duration_since(*time) > limits.max_age {
            true => stale += 1,
            false => stated.entry(asset.to_owned()).or_default().push((*latest).clone()),
        }
    }
    Ok((stated, stale))
}

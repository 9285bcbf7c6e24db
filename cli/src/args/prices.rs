//! Arguments of `pacioli prices`.

use std::path::PathBuf;

use clap::Subcommand;
use jiff::SignedDuration;
use pacioli_rules::{Decimal, Span};

use super::pair::pair;

/// Commands about prices.
#[derive(Debug, Subcommand)]
pub enum PricesCommand {
    /// Make a prices file from the feeds of several sources: the median of those that are fresh and
    /// agree. Exits with 1, without a file, if an asset has too few of them.
    Aggregate(Box<AggregateArgs>),
    /// Make a prices file again from the feeds that it was made from, and compare. Exits with 1 where
    /// it is not what they give.
    Check(PricesCheckArgs),
}

/// Arguments of `prices check`.
#[derive(Debug, clap::Args)]
pub struct PricesCheckArgs {
    /// The prices file, as `prices aggregate` wrote it.
    pub prices: PathBuf,
    /// All its feeds, in any order and under any names.
    #[arg(required = true, value_name = "FEED")]
    pub feeds: Vec<PathBuf>,
}

/// Arguments of `prices aggregate`.
#[derive(Debug, clap::Args)]
pub struct AggregateArgs {
    /// The feeds: CSV with the columns source,asset,time,price, or JSON: the same, ccxt's candles and
    /// tickers, or Chainlink's rounds.
    #[arg(required = true, value_name = "FEED")]
    pub feeds: Vec<PathBuf>,
    /// The currency the prices are in.
    #[arg(long, value_name = "NAME")]
    pub quote: String,
    /// The time of the prices, such as 2026-11-21T00:00:00Z; later prices are ignored.
    #[arg(long, value_name = "TIME")]
    pub at: String,
    /// The time that averages are taken over.
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    pub window: SignedDuration,
    /// The largest age of a source's latest price.
    #[arg(long, value_name = "DURATION", default_value = "10m")]
    pub max_age: SignedDuration,
    /// The largest spread between sources, as a part of the median.
    #[arg(long, value_name = "PART", default_value = "0.02")]
    pub max_spread: Decimal,
    /// The smallest number of sources of an asset.
    #[arg(long, value_name = "NUMBER", default_value_t = 2)]
    pub min_sources: usize,
    /// Take every source's time-weighted average over the window, not its latest price.
    #[arg(long)]
    pub twap: bool,
    /// Leave out this asset if its sources are too few, stale or too far apart, and say so in the
    /// file. Several assets with commas, or the option several times.
    #[arg(long, value_name = "ASSET", value_delimiter = ',')]
    pub leave_out: Vec<String>,
    /// The asset that a source means by a symbol, such as BTC/USDT=BTC, where it is not the first
    /// part of a pair in --quote. Several with commas, or the option several times.
    #[arg(long, value_name = "SYMBOL=ASSET", value_delimiter = ',', value_parser = symbol)]
    pub symbol: Vec<(String, String)>,
    /// State the realised volatility of every asset over this time, such as 30d, from each source: for
    /// rates that follow it.
    #[arg(long, value_name = "WINDOW")]
    pub volatility: Option<Span>,
    /// How often prices are looked at for it; a source without a price in an interval has none.
    #[arg(long, value_name = "DURATION", default_value = "1d", requires = "volatility")]
    pub volatility_every: Span,
    /// State no realised volatility of this asset. Several assets with commas, or the option several
    /// times.
    #[arg(long, value_name = "ASSET", value_delimiter = ',', requires = "volatility")]
    pub without_volatility: Vec<String>,
    /// Implied volatilities: CSV with the columns source,asset,time,volatility,tenor. Several files
    /// with the option several times.
    #[arg(long, value_name = "FEED")]
    pub implied: Vec<PathBuf>,
    /// The prices file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

fn symbol(text: &str) -> Result<(String, String), String> {
    let (symbol, asset) = pair(text, "a symbol and its asset are expected, such as BTC/USDT=BTC")?;
    Ok((symbol.to_owned(), asset.to_owned()))
}

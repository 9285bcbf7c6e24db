//! The volatilities of a prices file: realised from its feeds, and implied from feeds of their own.

use std::fmt::Write;

use anyhow::{Result, bail};
use pacioli_risk::aggregate::{
    Aggregate, AssetVolatility, Feed, Implied, ImpliedFeed, Sampling, Volatilities, implied,
};
use pacioli_rules::Closest;

use super::files;
use crate::{args::AggregateArgs, format::plural, shown::shown, table::table};

/// What feeds say, and which assets have too few sources.
pub struct Made {
    /// What goes into the file.
    pub volatilities: Volatilities,
    /// The assets without enough sources of a realised one, by name.
    pub too_few: Vec<String>,
    /// How many implied ones are too old.
    stale: usize,
}

/// Reads feeds and measures what is asked for.
pub fn make(args: &AggregateArgs, made: &Aggregate, feeds: &[Feed]) -> Result<Made> {
    let known = || made.assets.iter().map(|asset| asset.asset.as_str());
    let is_known = |name: &str| known().any(|asset| asset == name);
    if let Some(name) = args.without_volatility.iter().find(|name| !is_known(name)) {
        let closest = Closest::of(name, known());
        bail!("--without-volatility: no source has a price of `{}`{closest}", name.escape_debug());
    }
    let sampling = args.volatility.map(|window| Sampling { window, every: args.volatility_every });
    let realised = sampling.map(|sampling| made.realised(feeds, &sampling)).transpose()?;
    let mut realised = realised.unwrap_or_default();
    realised.retain(|asset| !args.without_volatility.contains(&asset.asset));
    let too_few = realised.iter().filter(|asset| !asset.enough);
    let too_few = too_few.map(|asset| asset.asset.clone()).collect();

    let read = args.implied.iter().map(|path| {
        let mut feed = ImpliedFeed::parse(&files::read(path)?, &path.display().to_string())?;
        feed.file = files::name(path);
        Ok(feed)
    });
    let read = read.collect::<Result<Vec<_>>>()?;
    let Implied { stated, stale } = implied(&read, &made.limits)?;
    if let Some(asset) = stated.keys().find(|asset| !is_known(asset)) {
        let closest = Closest::of(asset, known());
        bail!("--implied: no source has a price of `{}`{closest}", asset.escape_debug());
    }
    let feeds = read.into_iter().map(|feed| (feed.file, feed.digest)).collect();
    let volatilities = Volatilities { sampling, realised, implied: stated, feeds };
    Ok(Made { volatilities, too_few, stale })
}

impl Made {
    /// What was found, as a table below that of prices.
    pub fn write(&self, text: &mut String) -> Result<(), std::fmt::Error> {
        let Volatilities { realised, implied, .. } = &self.volatilities;
        let mut rows: Vec<[String; 3]> = realised.iter().flat_map(realised_rows).collect();
        for (asset, all) in implied {
            rows.extend(all.iter().map(|one| {
                let what = format!("  {one}, {}", one.as_of);
                [format!("{asset}{what}"), one.annual.to_string(), "yes".to_owned()]
            }));
        }
        if !rows.is_empty() {
            writeln!(text)?;
            table(text, &["volatility", "a year", "counts"], &rows)?;
        }
        if self.stale > 0 {
            writeln!(
                text,
                "  ({} of implied volatility too old)",
                plural(self.stale, "statement")
            )?;
        }
        Ok(())
    }

    /// The first lines where too few sources have a volatility.
    pub fn refusal(&self) -> Option<String> {
        if self.too_few.is_empty() {
            return None;
        }
        let (names, list) = (self.too_few.join(", "), self.too_few.join(","));
        Some(format!(
            "NOT WRITTEN: too few sources of a volatility of {} (without: --without-volatility {})\n",
            shown(&names),
            shown(&list)
        ))
    }
}

fn realised_rows(asset: &AssetVolatility) -> Vec<[String; 3]> {
    let counts = if asset.enough { "" } else { "TOO FEW" };
    let whole = [asset.asset.clone(), String::new(), counts.to_owned()];
    let sources = asset.sources.iter().map(|source| {
        let annual = source.annual.map_or_else(|| "-".to_owned(), |annual| annual.to_string());
        let gap = source.gap.map(|time| format!("no, no price of about {time}"));
        [format!("  realised, {}", source.source), annual, gap.unwrap_or_else(|| "yes".to_owned())]
    });
    [whole].into_iter().chain(sources).collect()
}

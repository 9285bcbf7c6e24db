//! `pacioli prices`: a prices file out of several sources.

mod volatility;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use pacioli_attestation::Digest;
use pacioli_risk::aggregate::{
    self, Aggregate, AssetPrice, Basis, Checked, Feed, ImpliedFeed, Limits, Made, Symbols,
    aggregate,
};
use pacioli_rules::Decimal;
use serde_json::json;

use super::files;
use crate::{
    args::{AggregateArgs, PricesCheckArgs, PricesCommand},
    output::Report,
    shown::shown,
    table::{paragraph, table},
};

/// Runs the command.
pub fn run(command: &PricesCommand) -> Result<Report> {
    match command {
        PricesCommand::Aggregate(args) => make(args),
        PricesCommand::Check(args) => check(args),
    }
}

fn make(args: &AggregateArgs) -> Result<Report> {
    let limits = Limits {
        at: files::time(&args.at)?,
        window: args.window,
        max_age: args.max_age,
        max_spread: args.max_spread,
        min_sources: args.min_sources,
        basis: if args.twap { Basis::Twap } else { Basis::Latest },
    };
    let said: BTreeMap<_, _> = args.symbol.iter().cloned().collect();
    if said.len() < args.symbol.len() {
        bail!("--symbol: one symbol is given twice");
    }
    let symbols = Symbols { quote: Some(args.quote.clone()), said };
    let feeds = read(&args.feeds, &symbols)?;
    let used: BTreeSet<_> = feeds.iter().flat_map(|feed| feed.symbols.keys()).collect();
    if let Some(symbol) = symbols.said.keys().find(|symbol| !used.contains(symbol)) {
        bail!("--symbol: no feed has the symbol `{}`", symbol.escape_debug());
    }
    let made = aggregate(&feeds, &limits)?;
    let is_known = |name: &&String| made.assets.iter().any(|asset| asset.asset == **name);
    if let Some(name) = args.leave_out.iter().find(|name| !is_known(name)) {
        bail!("{}: no source has a price of `{}`", files::LEAVE_OUT, name.escape_debug());
    }
    // One more that has no price is looked at by somebody before it is gone from the book.
    let unnamed = made.refused().filter(|asset| !args.leave_out.contains(&asset.asset));
    let unnamed: Vec<&str> = unnamed.map(|asset| asset.asset.as_str()).collect();
    let volatility = volatility::make(args, &made, &feeds)?;
    let refusal = volatility.refusal();
    let holds = unnamed.is_empty() && refusal.is_none();
    let out = args.out.display().to_string();
    if holds {
        let prices = made.prices(&args.quote, &volatility.volatilities)?;
        let mut bytes = serde_json::to_vec_pretty(&prices)?;
        bytes.push(b'\n');
        files::write(&args.out, &bytes)?;
    }
    let json = json!({
        "holds": holds,
        "prices": holds.then_some(&out),
        "assets": made.assets,
        "realised": volatility.volatilities.realised,
        "implied": volatility.volatilities.implied,
    });
    let mut text = match refusal.filter(|_| unnamed.is_empty()) {
        Some(refusal) => refusal + "\n",
        None => head(&made, &out, &unnamed).expect("a string takes all"),
    };
    prices(&mut text, &made).expect("a string takes all");
    volatility.write(&mut text).expect("a string takes all");
    Ok(Report { text, json, holds })
}

/// The feeds of some files.
fn read(paths: &[PathBuf], symbols: &Symbols) -> Result<Vec<Feed>> {
    paths.iter().map(|path| one(path, &files::read(path)?, symbols)).collect()
}

/// The feed of a file.
fn one(path: &Path, bytes: &[u8], symbols: &Symbols) -> Result<Feed> {
    let mut feed = Feed::read(bytes, &path.display().to_string(), symbols)?;
    // Folders are nobody's business but the operator's: the file's name alone is published.
    feed.file = files::name(path);
    Ok(feed)
}

/// Makes a prices file again and compares.
fn check(args: &PricesCheckArgs) -> Result<Report> {
    let prices = files::read_prices(&args.prices)?;
    let file = args.prices.display().to_string();
    let made = Made::of(&prices).with_context(|| file.clone())?;
    let (mut feeds, mut of_implied) = (Vec::new(), Vec::new());
    for path in &args.feeds {
        let (bytes, name) = (files::read(path)?, path.display().to_string());
        let digest = Digest::of(&bytes);
        if made.implied.iter().any(|(_, own)| *own == digest) {
            of_implied.push(ImpliedFeed::parse(&bytes, &name)?);
        } else {
            feeds.push(one(path, &bytes, &made.symbols)?);
        }
    }
    let checked = aggregate::check(&prices, feeds, &of_implied).with_context(|| file.clone())?;
    let Checked { differences, not_compared } = &checked;
    let holds = differences.is_empty();
    let mut text = match holds {
        true => format!("{}: it is what these feeds give\n", shown(&file)),
        false => format!("{}: IT IS NOT what these feeds give\n", shown(&file)),
    };
    // A file may say of itself whatever it likes: limits that bound nothing, symbols that mean others.
    paragraph(&mut text, "  by its own word: ", &shown(&prices.method))
        .expect("a string takes all");
    for (symbol, asset) in &made.symbols.said {
        let said = format!("{symbol} stands for {asset}");
        paragraph(&mut text, "  by its own word: ", &shown(&said)).expect("a string takes all");
    }
    for difference in differences {
        paragraph(&mut text, "  - ", &shown(difference)).expect("a string takes all");
    }
    for what in not_compared {
        text += &format!("  {what}: not compared, no feed has it\n");
    }
    let json = json!({
        "holds": holds, "differences": differences, "not_compared": not_compared,
        "method": prices.method, "symbols": made.symbols.said,
    });
    Ok(Report { text, json, holds })
}

/// What became of the file.
fn head(made: &Aggregate, out: &str, unnamed: &[&str]) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let t = &mut text;
    let refused = made.refused().map(|asset| asset.asset.as_str());
    let refused = refused.collect::<Vec<_>>().join(", ");
    let refused = shown(&refused);
    match (unnamed.is_empty(), &*refused) {
        (true, "") => writeln!(t, "{out}\n")?,
        (true, refused) => writeln!(t, "{out}, without {refused}\n")?,
        (false, refused) => {
            let names = unnamed.join(",");
            let names = shown(&names);
            writeln!(t, "NOT WRITTEN: no price for {refused} (without: --leave-out {names})\n")?;
        }
    }
    Ok(text)
}

/// Every asset and source.
fn prices(text: &mut String, made: &Aggregate) -> Result<(), std::fmt::Error> {
    let rows: Vec<_> = made.assets.iter().flat_map(rows).collect();
    table(text, &["asset, source", "price", "average", "last", "counts"], &rows)
}

fn rows(asset: &AssetPrice) -> Vec<[String; 5]> {
    let shown = |price: Option<Decimal>| price.map_or_else(|| "-".to_owned(), |p| p.to_string());
    let verdict = match (&asset.refused, &asset.spread) {
        (Some(why), _) => format!("REFUSED: {why}"),
        (None, Some(spread)) => format!("spread {spread}"),
        (None, None) => "-".to_owned(),
    };
    let whole =
        [asset.asset.clone(), shown(asset.price), shown(asset.twap), String::new(), verdict];
    let sources = asset.sources.iter().map(|source| {
        let latest = source.latest.as_ref();
        [
            format!("  {}", source.source),
            shown(latest.map(|latest| latest.price)),
            shown(source.twap),
            latest.map_or_else(|| "-".to_owned(), |latest| latest.time.to_string()),
            source.rejected.as_ref().map_or_else(|| "yes".to_owned(), |why| format!("no, {why}")),
        ]
    });
    [whole].into_iter().chain(sources).collect()
}

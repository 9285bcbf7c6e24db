//! `pacioli reprice`: what an attestation says at other prices, without its publisher.
//!
//! The attestation is verified first. Then what is owed and what bad debt is are bounded at the other
//! prices, in mark and in every stress from there, and the policy is held to the bounds.

mod json;
mod sweep;
mod text;
mod verdict;

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use jiff::Timestamp;
use pacioli_attestation::{
    CLOCK_ALLOWANCE, Verified,
    bound::{
        Certificates, RepriceError, Repriced, RepricedClause, Repricing, Standing, Sweep, overall,
    },
    check_not_in_future,
};
use pacioli_rules::Prices;

use super::{
    expected_rules::check_rules, files, key_source::KeySource, requirements::requirements,
};
use crate::{
    args::RepriceArgs,
    chart,
    outcome::Refused,
    output::{Report, Unfinished},
    progress::Shown,
};

/// What the bounds do not cover; printed under every report.
const LIMITS: [&str; 4] = [
    "the book is that of the snapshot: nothing deposited, withdrawn, traded, paid or liquidated since is \
     in it",
    "the bounds hold for every book that the proof is true of, and say which part of them is sure, not \
     how likely the rest is",
    "that the other prices are right: they are yours",
    "whatever `pacioli verify` lists as not proved",
];

/// What was found at the other prices.
struct Found<'a> {
    verified: &'a Verified,
    now: Timestamp,
    prices: &'a Prices,
    /// The file that they are from; `None` if they are the attestation's own.
    file: Option<String>,
    repriced: Repriced,
    /// Whether certificates were given, and checked.
    given: bool,
    own: Vec<RepricedClause>,
    asked: Option<Vec<RepricedClause>>,
    /// Whether what held in the proof counts as holding.
    counts_held: bool,
    sweep: Option<Sweep>,
}

/// Runs the command.
pub fn run(args: &RepriceArgs, progress: &Shown) -> Result<Report> {
    let now = args.now.as_deref().map(files::time).transpose()?.unwrap_or_else(Timestamp::now);
    let required = requirements(&args.require)?;
    let other = args.prices.as_deref().map(files::read_prices).transpose()?;
    let given = args.certificates.as_deref().map(read_certificates).transpose()?;
    let source = KeySource::read(&args.key, progress)?;
    let verified = source.verify(&files::read(&args.attestation)?, progress)?;
    check_rules(&verified, args.rules_digest)?;
    check_not_in_future(&verified.attestation, now).map_err(|error| Refused(error.to_string()))?;

    if let Some(prices) = other.as_ref().filter(|prices| prices.as_of > now + CLOCK_ALLOWANCE) {
        bail!("the other prices are of {}, and it is {now}: see --now", prices.as_of);
    }
    let prices = other.as_ref().unwrap_or(&verified.attestation.prices);
    let whose = args.prices.as_deref().map(|path| path.display().to_string());
    let explain = |error: RepriceError| match &whose {
        Some(path) => anyhow!(error).context(format!("at the prices of {path}")),
        None => error.into(),
    };
    let compiled = &verified.compiled;
    let repricing = Repricing::new(&verified, prices).map_err(explain)?;
    let repriced = match &given {
        None => Repriced::find(&repricing, progress),
        Some(certificates) => Repriced::check(&repricing, certificates)?,
    };
    let own = repriced.clauses(verified.rules.policy(), compiled, &verified.clauses);
    let asked = required.map(|required| required.reprice(&verified, &repriced, now));
    let sweep = args
        .sweep
        .as_ref()
        .map(|asset| Sweep::new(&verified, prices, asset.as_deref(), progress).map_err(explain));
    let sweep = sweep.transpose()?;
    if let (Some(path), Some(sweep)) = (&args.svg, &sweep) {
        files::write(path, chart::bounds(&compiled.quote, sweep).as_bytes())?;
    }
    let found = Found {
        verified: &verified,
        now,
        prices,
        file: args.prices.as_deref().map(files::name),
        repriced,
        given: given.is_some(),
        own,
        asked,
        counts_held: args.accept_margins_of_proof,
        sweep,
    };
    let text = found.text().expect("a string takes all");
    let standing = found.standing();
    let report = Report { text, json: found.json(), holds: standing == Standing::Holds };
    match standing {
        Standing::Holds | Standing::CannotHold => Ok(report),
        _ => Err(Unfinished(report).into()),
    }
}

fn read_certificates(path: &Path) -> Result<Certificates> {
    let text = files::read_text(path)?;
    serde_json::from_str(&text).with_context(|| format!("{} is no certificates", path.display()))
}

impl Found<'_> {
    /// The standing of the venue's own policy and of the reader's together.
    fn standing(&self) -> Standing {
        let of = |clauses: &[RepricedClause]| overall(clauses, self.counts_held);
        match (of(&self.own), self.asked.as_deref().map(of)) {
            (Standing::CannotHold, _) | (_, Some(Standing::CannotHold)) => Standing::CannotHold,
            (Standing::Holds, None | Some(Standing::Holds)) => Standing::Holds,
            _ => Standing::Unknown,
        }
    }
}

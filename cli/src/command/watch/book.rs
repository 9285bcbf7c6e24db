//! The venue's own book, stressed without a proof.

use std::path::Path;

use anyhow::{Result, anyhow, ensure};
use jiff::Timestamp;
use pacioli_prover::Strictness;
use pacioli_risk::stress::{Outcome, SETS, StressBook, StressError};
use pacioli_watch::{
    config::Book,
    reading::{Answer, OwnBook, OwnScenario},
    source::prices::is_fresh,
};

use crate::{
    command::{book::BookSource, files, stress},
    progress::Shown,
};

/// Refuses a set of scenarios that does not come with pacioli.
pub fn known(set: &str) -> Result<()> {
    let is_known = set == "all" || SETS.iter().any(|(name, _)| *name == set);
    ensure!(is_known, "no set of scenarios is called `{}`", set.escape_debug());
    Ok(())
}

/// Stresses the book as it is now.
pub fn read(book: &Book, now: Timestamp, progress: &Shown) -> Answer<OwnBook> {
    let found = evaluate(book, now, progress);
    found.map_or_else(|error| Answer::unknown(format!("{error:#}")), Answer::Read)
}

fn evaluate(book: &Book, now: Timestamp, progress: &Shown) -> Result<OwnBook> {
    let rules = files::read_rules(&book.rules)?;
    let prices = files::read_prices(&book.prices)?;
    let is_fresh = |what, as_of| {
        let fresh = is_fresh(what, as_of, book.max_age.0, now);
        fresh.map_err(|why| anyhow!(why))
    };
    is_fresh("prices", prices.as_of)?;
    let reserves = book.reserves.as_deref().map(files::read_reserves).transpose()?;
    reserves.as_ref().map_or(Ok(()), |reserves| is_fresh("reserves", reserves.as_of))?;
    let asked = |name: &str| book.sets.iter().any(|set| set == name || set == "all");
    let scenarios = stress::scenarios_of(asked, book.scenarios.as_deref())?;
    let snapshot = book.snapshot.read()?;
    // A database is of now. A file that is newer than the clock says is no older than that.
    if let Some(written) = written(Path::new(snapshot.expose())) {
        is_fresh("accounts in the snapshot's file", written.min(now))?;
    }
    let source = BookSource {
        snapshot: Path::new(snapshot.expose()),
        query: book.query.as_deref(),
        classes: book.classes.as_deref(),
    };
    let (snapshot, _) = source.read(progress)?;
    let strictness = Strictness { round: book.round, leave_out: book.leave_out.clone() };
    let explain = |error| match error {
        StressError::Input(error) => files::book_input(error, &source.name()),
        error => error.into(),
    };
    let stressed = StressBook::new(&rules, prices, reserves, snapshot, &strictness);
    let stressed = stressed.map_err(explain)?;
    let outcomes = stressed.evaluate(&scenarios, progress).map_err(explain)?;
    let mark = stressed.at_mark();
    let accounts = u64::try_from(stressed.accounts()).unwrap_or(u64::MAX);
    let coverage = stress::coverage(&mark).map(|ratio| ratio.units);
    let scenarios = std::iter::once(&mark).chain(&outcomes).map(scenario).collect();
    let left_out = stressed.left_out().iter().map(|one| {
        let amounts = format!("{} deposited, {} borrowed", one.deposits, one.borrows);
        (one.asset.clone(), amounts)
    });
    Ok(OwnBook { accounts, coverage, left_out: left_out.collect(), scenarios })
}

/// When a file was last written.
fn written(path: &Path) -> Option<Timestamp> {
    Timestamp::try_from(path.metadata().ok()?.modified().ok()?).ok()
}

fn scenario(one: &Outcome) -> OwnScenario {
    OwnScenario {
        name: one.name.clone(),
        owed: one.owed.clone(),
        bad_debt: one.bad_debt.clone(),
        fund: one.insurance.clone(),
        below_margin: one.below_margin.iter().map(|one| one.accounts).max().unwrap_or(0),
        half_of_bad_debt: one.half_of_bad_debt,
    }
}

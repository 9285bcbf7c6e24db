//! The latest attestation at the prices of now: what is certain of it, without its publisher.

use std::fs;

use jiff::Timestamp;
use pacioli_attestation::{
    Requirements, Verified,
    bound::{self, Repriced, Repricing, RestsOn, Standing},
};
use pacioli_chain::fetch;
use pacioli_rules::Prices;

use crate::{
    config,
    judge::duration,
    reading::{self, Answer, RepricedClause},
};

/// The most bytes of a prices file that is fetched.
const MOST: usize = 16 << 20;

/// Judges an attestation at the prices of a file or an address: by the venue's own policy, and by what
/// the reader requires.
pub fn read(
    from: &config::Prices,
    require: Option<&Requirements>,
    verified: &Verified,
    now: Timestamp,
) -> Answer<Vec<RepricedClause>> {
    clauses(from, require, verified, now).map_or_else(Answer::unknown, Answer::Read)
}

fn clauses(
    from: &config::Prices,
    require: Option<&Requirements>,
    verified: &Verified,
    now: Timestamp,
) -> Result<Vec<RepricedClause>, String> {
    let bytes = match (&from.file, &from.url) {
        (Some(path), _) => {
            fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?
        }
        (None, Some(url)) => {
            let url = url.read().map_err(|error| error.to_string())?;
            fetch(url.expose(), MOST, super::PATIENCE).map_err(|error| error.to_string())?
        }
        (None, None) => return Err("no prices are given".to_owned()),
    };
    let text = String::from_utf8(bytes).map_err(|_| "the prices are not UTF-8".to_owned())?;
    let prices = Prices::parse(&text).map_err(|error| error.to_string())?;
    is_fresh("prices", prices.as_of, from.max_age.0, now)?;
    let repricing = Repricing::new(verified, &prices).map_err(|error| error.to_string())?;
    let repriced = Repriced::find(&repricing, &());
    let own = repriced.clauses(verified.rules.policy(), &verified.compiled, &verified.clauses);
    let asked = require.map(|require| require.reprice(verified, &repriced, now));
    let own = own.into_iter().map(|one| clause(one, ""));
    let clauses = own.chain(asked.into_iter().flatten().map(|one| clause(one, "yours: ")));
    let clauses: Vec<_> = clauses.collect();
    if clauses.is_empty() {
        let text = "its rules have no policy, and you require nothing: prices say nothing of it";
        return Err(text.to_owned());
    }
    Ok(clauses)
}

fn clause(one: bound::RepricedClause, whose: &str) -> RepricedClause {
    let standing = match (one.standing, one.rests_on) {
        // What failed in the proof, or has nothing to do with prices, is told of the attestation.
        (_, RestsOn::AnyPrice) => reading::Standing::Holds,
        (Standing::Holds | Standing::Held | Standing::Failed, _) => reading::Standing::Holds,
        (Standing::Unknown, _) => reading::Standing::Unknown,
        (Standing::CannotHold, _) => reading::Standing::CannotHold,
    };
    RepricedClause { clause: format!("{whose}{}", one.name), standing, detail: one.detail }
}

/// Refuses prices, or what else has a time, that are too old or of the future.
///
/// # Errors
/// How old they are.
pub fn is_fresh(what: &str, as_of: Timestamp, most: u64, now: Timestamp) -> Result<(), String> {
    let age = now.as_second().saturating_sub(as_of.as_second());
    let skew = pacioli_attestation::CLOCK_ALLOWANCE;
    if as_of > now + skew {
        return Err(format!("the {what} are of {as_of}, which is in the future"));
    }
    match u64::try_from(age) {
        Ok(age) if age > most => Err(format!("the {what} are {} old", duration(age))),
        _ => Ok(()),
    }
}

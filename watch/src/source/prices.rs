//! The latest attestation at the prices of now: what is certain of it, without its publisher.

use std::fs;

use jiff::Timestamp;
use pacioli_attestation::{
    Verified,
    bound::{Repriced, Repricing, Standing},
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

/// Judges an attestation at the prices of a file or an address.
pub fn read(
    from: &config::Prices,
    verified: &Verified,
    now: Timestamp,
) -> Answer<Vec<RepricedClause>> {
    clauses(from, verified, now).map_or_else(Answer::unknown, Answer::Read)
}

fn clauses(
    from: &config::Prices,
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
    is_fresh(prices.as_of, from.max_age.0, now)?;
    let repricing = Repricing::new(verified, &prices).map_err(|error| error.to_string())?;
    let repriced = Repriced::find(&repricing, &());
    let clauses = repriced.clauses(verified.rules.policy(), &verified.compiled, &verified.clauses);
    if clauses.is_empty() {
        return Err("its rules have no policy, which prices could be held against".to_owned());
    }
    let clause = |one: pacioli_attestation::bound::RepricedClause| RepricedClause {
        clause: one.name,
        standing: match one.standing {
            // What failed in the proof is told of the attestation.
            Standing::Holds | Standing::Held | Standing::Failed => reading::Standing::Holds,
            Standing::Unknown => reading::Standing::Unknown,
            Standing::CannotHold => reading::Standing::CannotHold,
        },
        detail: one.detail,
    };
    Ok(clauses.into_iter().map(clause).collect())
}

/// Refuses prices that are too old, or of the future.
///
/// # Errors
/// How old they are.
pub fn is_fresh(as_of: Timestamp, most: u64, now: Timestamp) -> Result<(), String> {
    let age = now.as_second().saturating_sub(as_of.as_second());
    let skew = pacioli_attestation::CLOCK_ALLOWANCE;
    if as_of > now + skew {
        return Err(format!("the prices are of {as_of}, which is in the future"));
    }
    match u64::try_from(age) {
        Ok(age) if age > most => Err(format!("the prices are {} old", duration(age))),
        _ => Ok(()),
    }
}

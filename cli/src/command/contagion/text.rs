//! The report on several venues, in words.

use std::fmt::Write;

use pacioli_attestation::{By, setup::Origin};
use pacioli_risk::contagion::{ClaimOutcome, Contagion, Failure, VenueOutcome};
use pacioli_rules::Amount;

use super::Read;
use crate::{
    command::report::{failing, named, warning, word},
    format::{Toward, brief, grouped, plural},
    shown::shown,
    table::{folded, paragraph},
};

/// What every such report rests on, printed under it.
pub const RESTS_ON: [&str; 5] = [
    "owed is proved (P): at most so much for the accounts in each book, so that what creditors recover \
     is at least so much; what was left out of a book is in none of this",
    "outside is each venue's word (W) for its reserves, as in `pacioli verify`; reserves of both \
     purposes back all that is owed",
    "a claim that a statement shows is what the other's book owes that account (P); whose account it \
     is remains its venue's word, and two venues that show one are refused",
    "a venue that fails pays all its creditors alike, account holders and venues; no law, pledge or \
     cost of a failure is in this",
    "what a venue holds at another and does not say cannot be seen here, nor can a claim on a venue \
     that is not given, which counts nothing",
];

/// The first line.
pub fn verdict(found: &Contagion, worst: Origin) -> String {
    let short = found.failures.iter().map(|failure| failure.venue.as_str());
    let short: Vec<&str> = short.collect();
    let (word, scenario) = (word(found.holds, worst), shown(&found.scenario));
    let all = found.venues.len();
    if found.holds {
        let by_word = found.venues.iter().any(|venue| venue.claims_by == By::Publisher);
        let claims = if by_word { " and their claims on each other" } else { "" };
        return format!(
            "{word}: all {all} venues pay in full in `{scenario}`, by their word for their reserves{claims} \
             (W)"
        );
    }
    let names = shown(&named(&short)).into_owned();
    let do_not = if short.len() == 1 { "does" } else { "do" };
    let rings =
        if found.rings.is_empty() { "" } else { "; it is not settled what a ring of them pays" };
    format!(
        "{word}: {} of {all} venues {do_not} not pay in full in `{scenario}`: {names}{rings}",
        short.len()
    )
}

/// The whole report.
pub fn text(found: &Contagion, read: &[Read], worst: Origin) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let t = &mut text;
    writeln!(t, "{}", verdict(found, worst))?;
    if let Some(warning) = warning(worst) {
        paragraph(t, "  ", warning)?;
    }
    for venue in &found.venues {
        about(t, venue, read)?;
    }
    if !found.failures.is_empty() {
        writeln!(t, "\nwho fails, in order")?;
        found.failures.iter().try_for_each(|failure| failed(t, failure, found))?;
    }
    for ring in &found.rings {
        let names: Vec<String> = ring.iter().map(|name| shown(name).into_owned()).collect();
        let said = format!(
            "RING: {} hold claims on each other in a ring with nothing from outside behind it. That all \
             of them pay, that none pays anything, and all between fits their books equally: nothing is \
             counted",
            names.join(", ")
        );
        paragraph(t, "  - ", &said)?;
    }
    writeln!(t, "\nvenues, in {}", shown(&found.quote))?;
    let by = |amount: &Amount, by: By| format!("{} {by}", brief(amount, Toward::Less));
    let rows = found.venues.iter().map(|venue| {
        let less = |amount: &Amount| brief(amount, Toward::Less);
        let claims = match found.claims.iter().any(|claim| claim.of == venue.venue && claim.counts)
        {
            true => by(&venue.claims, venue.claims_by),
            false => "-".to_owned(),
        };
        vec![
            venue.venue.clone(),
            by(&venue.outside, venue.outside_by),
            claims,
            less(&venue.recovered),
            format!("{} {}", brief(&venue.owed, Toward::More), venue.owed_by),
            less(&venue.pays),
            venue.recovery_percent.to_string(),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let head = ["venue", "outside", "claims", "recovered", "owed", "pays", "recovery %"];
    folded(t, &head, &rows)?;
    if !found.claims.is_empty() {
        writeln!(t, "\nclaims on each other")?;
        found.claims.iter().try_for_each(|claim| claimed(t, claim, &found.quote))?;
    }
    writeln!(t, "\nwhat this rests on")?;
    RESTS_ON.iter().try_for_each(|one| paragraph(t, "  - ", one))?;
    Ok(text)
}

/// What else a reader has to know of a venue.
fn about(t: &mut String, venue: &VenueOutcome, read: &[Read]) -> std::fmt::Result {
    let name = shown(&venue.venue);
    let own = read.iter().find(|one| one.verified.digest == venue.attestation);
    let verified = own.map(|one| &one.verified);
    let mut said = Vec::new();
    if let Some(verified) = verified {
        let failing = failing(&verified.clauses);
        if verified.clauses.is_empty() {
            said.push("its own policy has no clause".to_owned());
        } else if !failing.is_empty() {
            said.push(format!("it does not keep its own policy ({})", shown(&named(&failing))));
        }
    }
    if venue.accounts_left_out > 0 {
        let accounts = plural(venue.accounts_left_out, "account");
        said.push(format!(
            "{accounts} are left out of its book (W), to which it owes more than this"
        ));
    }
    if !venue.assets_left_out.is_empty() {
        let assets: Vec<&str> = venue.assets_left_out.iter().map(String::as_str).collect();
        said.push(format!("holdings of {} are left out of its book (W)", shown(&named(&assets))));
    }
    let elsewhere = venue.claims_elsewhere.len();
    if elsewhere > 0 {
        let claims = plural(elsewhere, "claim");
        said.push(format!("{claims} on venues that are not given count nothing"));
    }
    said.iter().try_for_each(|one| paragraph(t, "  ", &format!("{name}: {one}")))
}

fn failed(t: &mut String, failure: &Failure, found: &Contagion) -> std::fmt::Result {
    let quote = shown(&found.quote);
    let name = shown(&failure.venue);
    let venue = found.venues.iter().find(|venue| venue.venue == failure.venue);
    let Some(venue) = venue else { return Ok(()) };
    let how = if failure.round == 1 { "fails first" } else { "then fails" };
    let losses = failure.loses_by.iter().map(|loss| {
        let [claim, recovered] = [&loss.claim, &loss.recovered].map(grouped);
        format!("of its claim of {claim} on {} it recovers {recovered}, and ", shown(&loss.on))
    });
    let losses: String = losses.collect();
    let [short, owed] = [grouped(&failure.short), grouped(&venue.owed)];
    let said = format!(
        "{name} {how}: {losses}it lacks {short} of the {owed} {quote} that it owes; its creditors recover \
         {} % at least",
        venue.recovery_percent
    );
    paragraph(t, &format!("  {}. ", failure.round), &said)
}

fn claimed(t: &mut String, claim: &ClaimOutcome, quote: &str) -> std::fmt::Result {
    let [of, on, account, quote] =
        [&claim.of, &claim.on, &claim.account, quote].map(|text| shown(text).into_owned());
    let by = match claim.by {
        By::Proved => "by a statement (P)",
        _ => "by its word (W)",
    };
    let counts = match (claim.counts, claim.pledged) {
        (true, _) => format!("recovers {}", grouped(&claim.recovered)),
        (false, true) => "PLEDGED: counts nothing".to_owned(),
        (false, false) => "counts nothing without --count word".to_owned(),
    };
    let worth = grouped(&claim.worth);
    paragraph(t, "  - ", &format!("{of} on {on}, {account}: {worth} {quote} {by}, {counts}"))
}

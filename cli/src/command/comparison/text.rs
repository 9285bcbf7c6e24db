//! The comparison as text.

use std::fmt::Write;

use pacioli_attestation::setup::Origin;
use pacioli_record::{AssetChange, Pair};
use pacioli_rules::{Amount, Decimal, SignedAmount};

use super::{
    super::report::{failing, list, some, warning, word},
    Two,
};
use crate::{
    format::{Toward, brief, brief_signed, plural, ratio, sentence},
    shown::shown,
    table::{folded, paragraph},
};

/// What the figures by asset are not.
pub(super) const NO_PROOF: &str = "This is no proof of anything: deposits and borrows are proved, reserves are the \
                        publisher's word, and the rest is what neither explains: trades from one \
                        asset into another, gains, losses and fees, loans from or to others, coins that \
                        are not stated. A rest below 0 is what went, or was promised, without leaving \
                        reserves behind.";

impl Two {
    pub(super) fn verdict(&self) -> String {
        let Self { before, after, comparison } = self;
        if let Some(finding) = comparison.findings.first() {
            return format!("DOES NOT HOLD: the two are of no one chain: {finding}");
        }
        let fails = failing(&after.verified.clauses);
        if !after.holds() {
            let all = after.verified.clauses.len();
            let why = some(&fails, all, "of the later one's policy");
            return format!("DOES NOT HOLD: both verify, but {why}");
        }
        let worse = |origin: &Origin| match origin {
            Origin::Ceremony(_) => 0,
            Origin::Vouched(_) => 1,
            Origin::Unknown => 2,
            Origin::Insecure => 3,
        };
        let origins = [before.verified.origin(), after.verified.origin()];
        let origin = origins.into_iter().max_by_key(worse).expect("there are two");
        if before.verified.digest == after.verified.digest {
            return format!("{}: the two are the same attestation", word(true, origin));
        }
        let between = after.point.number.saturating_sub(before.point.number + 1);
        let how = match between {
            0 => "the later one follows the earlier".to_owned(),
            n => format!("{} between them, which are not looked at", plural(n, "attestation")),
        };
        format!("{}: both verify, {how}, and the later one keeps its policy", word(true, origin))
    }

    pub(super) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        let t = &mut text;
        let Self { before, after, comparison } = self;
        paragraph(t, "", &shown(&self.verdict()))?;
        for one in [before, after] {
            if let Some(warning) = warning(one.verified.origin()) {
                paragraph(t, "  ", warning)?;
                break;
            }
        }
        comparison
            .findings
            .iter()
            .try_for_each(|finding| paragraph(t, "  - ", &shown(&finding.to_string())))?;
        writeln!(t)?;
        for (which, one) in [("before", before), ("after", after)] {
            let point = &one.point;
            let text = format!(
                "sequence number {} of {} (W), {} ({}), {} (W)",
                point.number,
                point.as_of,
                point.digest,
                shown(&point.file),
                shown(&point.venue)
            );
            paragraph(t, &format!("  {which:<8}"), &text)?;
        }
        self.scenarios(t)?;
        self.assets(t)?;
        self.markets(t)?;
        self.prices(t)?;
        self.holdings(t)?;
        self.clauses(t)?;
        if comparison.changes.is_empty() {
            let same =
                "rules, key, setup, software, price method and places of reserves are the same";
            writeln!(t, "\n{same}")
        } else {
            writeln!(t, "\nwhat else changed")?;
            list(t, &comparison.changes)
        }?;
        Ok(text)
    }

    fn scenarios(&self, t: &mut String) -> std::fmt::Result {
        let [old, new] = [&self.before, &self.after].map(|one| &one.point.quote);
        match old == new {
            true => writeln!(t, "\nby scenario, in {}", shown(new))?,
            false => writeln!(t, "\nby scenario, in {} and then {}", shown(old), shown(new))?,
        }
        let rows = self.comparison.scenarios.iter().map(|one| {
            [
                one.name.clone(),
                both(&one.owed, |one| brief(one, Toward::More)),
                both(&one.reserves, |one| brief(one, Toward::Less)),
                both(&one.coverage, ratio),
                both(&one.bad_debt, |one| brief(one, Toward::More)),
                both(&one.fund, brief_signed),
            ]
        });
        let head = ["scenario", "owed P", "reserves W", "coverage W", "bad debt P", "fund W"];
        folded(t, &head, &rows.collect::<Vec<_>>())
    }

    fn assets(&self, t: &mut String) -> std::fmt::Result {
        let moved = |one: &&AssetChange| !one.flow.is_still();
        let rows = self.comparison.assets.iter().filter(moved).map(|one| {
            [
                one.name.clone(),
                change(&one.flow.deposits),
                change(&one.flow.borrows),
                change(&one.flow.reserves),
                change(&one.flow.rest),
            ]
        });
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return writeln!(t, "\nno asset moved: deposits, borrows and reserves are the same");
        }
        writeln!(t, "\nby asset, what changed of it")?;
        let head = ["asset", "deposits P", "less borrows P", "reserves W", "the rest W"];
        folded(t, &head, &rows)?;
        paragraph(t, "  ", NO_PROOF)
    }

    fn markets(&self, t: &mut String) -> std::fmt::Result {
        let moved = self.comparison.markets.iter().filter(|(_, pair)| !pair.is_same());
        let more = |one: &Amount| brief(one, Toward::More);
        let rows: Vec<_> = moved.map(|(name, pair)| [name.clone(), both(pair, more)]).collect();
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(t)?;
        folded(t, &["market", "open interest of longs P"], &rows)
    }

    fn prices(&self, t: &mut String) -> std::fmt::Result {
        let number = |one: &Decimal| sentence(&one.to_string());
        let rows = self.comparison.prices.iter();
        let rows: Vec<_> =
            rows.map(|(name, one)| [name.clone(), both(&one.price, number)]).collect();
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(t)?;
        folded(t, &["price of", "W"], &rows)
    }

    fn holdings(&self, t: &mut String) -> std::fmt::Result {
        if self.comparison.holdings.is_empty() {
            return Ok(());
        }
        writeln!(t, "\nreserves by place (W)")?;
        for one in &self.comparison.holdings {
            let amount = both(&one.amount, |one| sentence(&one.to_string()));
            let custodian = one.custodian.as_ref();
            let custodian =
                custodian.map_or_else(String::new, |name| format!(", custodian {name}"));
            let (asset, purpose) = (&one.asset, one.purpose.name());
            let text = format!(
                "{asset} for {purpose}: {amount}; {} on {}{custodian}",
                one.address, one.chain
            );
            paragraph(t, "  - ", &shown(&text))?;
        }
        Ok(())
    }

    fn clauses(&self, t: &mut String) -> std::fmt::Result {
        if self.comparison.clauses.is_empty() {
            return Ok(());
        }
        writeln!(t, "\nclauses of the venue's own policy that came out otherwise")?;
        let said = |held: &bool| if *held { "holds" } else { "DOES NOT HOLD" }.to_owned();
        for (name, pair) in &self.comparison.clauses {
            let text = format!("{name}: {}", both(pair, said));
            paragraph(t, "  - ", &shown(&text))?;
        }
        Ok(())
    }
}

/// A value, or two with an arrow between them.
fn both<T: PartialEq>(pair: &Pair<T>, text: impl Fn(&T) -> String) -> String {
    let or = |one: &Option<T>| one.as_ref().map_or_else(|| "-".to_owned(), &text);
    let (before, after) = (or(&pair.before), or(&pair.after));
    match before == after && pair.before == pair.after {
        true => after,
        false => format!("{before} -> {after}"),
    }
}

/// A change with its sign.
fn change(one: &SignedAmount) -> String {
    let text = sentence(&one.to_string());
    if one.negative || text == "0" { text } else { format!("+{text}") }
}

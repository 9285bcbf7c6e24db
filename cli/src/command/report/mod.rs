//! What a checked attestation says, in words and numbers.

use std::fmt::Write;

use pacioli_prover::{
    amount::Amount,
    attestation::{Findings, Verified},
    coverage::{AssetCoverage, Coverage, per_asset},
    digest::Digest,
    figures::OptionFigures,
    options::Signed,
    setup::Origin,
};
use serde_json::json;

use crate::output::Report;

/// What no attestation proves, said under every report.
const LIMITS: [&str; 7] = [
    "that no account was left out: each holder checks their own statement, and bankrupt debtors \
     have no reason to, so bad debt can be hidden from all but an auditor with the list of accounts",
    "how many accounts there are, what was left out and what was rounded: the publisher's word",
    "that the prices are right: they are public, compare them",
    "that the reserves are there and not borrowed: look at the addresses",
    "anything off the snapshot, before it or after it",
    "what happens on the way into a crash: liquidations, slippage, order of closing",
    "what is owed in law",
];

/// The report on a checked attestation.
pub fn report(verified: &Verified) -> Report {
    said(verified.findings(), verified.origin())
}

/// The report on what was found under a setup.
fn said(verified: &Findings, origin: Origin) -> Report {
    let text = text(verified, origin).expect("a string takes all");
    Report { text, json: json(verified, origin), holds: verified.holds() }
}

fn text(verified: &Findings, origin: Origin) -> Result<String, std::fmt::Error> {
    let Findings { attestation, figures, clauses, digest, compiled, .. } = verified;
    let header = &attestation.header;
    let mut text = String::new();
    let t = &mut text;
    writeln!(t, "{}", verdict(verified, origin))?;
    if origin == Origin::Insecure {
        writeln!(t, "  THE SETUP IS INSECURE: everyone can forge this proof. For tests only.")?;
    }
    writeln!(t)?;
    writeln!(t, "  venue        {}", header.venue.escape_debug())?;
    writeln!(t, "  attestation  number {}, {digest}", header.sequence)?;
    writeln!(t, "  as of        {} (prices {})", header.as_of, attestation.prices.as_of)?;
    let volumes = attestation.volumes.len();
    let s = if volumes == 1 { "" } else { "s" };
    writeln!(t, "  accounts     {} in {volumes} volume{s}", header.accounts)?;
    let rules = Digest::of(attestation.rules.as_bytes());
    writeln!(t, "  rules        {} ({rules})", verified.rules.name.escape_debug())?;
    writeln!(t, "  setup        {}", origin)?;
    left_out(t, verified)?;

    writeln!(t, "\nproved, in {}", compiled.quote)?;
    let rows = figures.scenarios.iter().map(|scenario| {
        [
            scenario.name.clone(),
            grouped(&scenario.owed),
            grouped(&scenario.bad_debt),
            scenario.accounts_short.to_string(),
        ]
    });
    table(t, &["scenario", "owed", "bad debt", "accounts short"], &rows.collect::<Vec<_>>())?;
    if !figures.contingencies.is_empty() {
        writeln!(t)?;
        let rows = figures.contingencies.iter().map(|contingency| {
            let required = grouped(&contingency.required);
            [contingency.name.clone(), required, contingency.accounts.to_string()]
        });
        table(t, &["contingency", "required", "accounts"], &rows.collect::<Vec<_>>())?;
    }
    markets(t, verified)?;
    options(t, verified)?;
    assets(t, verified)?;
    classes(t, verified)?;

    writeln!(t, "\npolicy")?;
    for clause in clauses {
        let holds = if clause.holds { "holds" } else { "DOES NOT HOLD" };
        writeln!(t, "  {:<13}  {}: {}", holds, clause.name, clause.detail)?;
    }
    writeln!(t, "\nnot proved")?;
    LIMITS.iter().try_for_each(|limit| writeln!(t, "  - {limit}"))?;
    Ok(text)
}

fn verdict(verified: &Findings, origin: Origin) -> &'static str {
    match (verified.holds(), origin) {
        (true, Origin::Insecure) => "HOLDS, UNDER AN INSECURE SETUP",
        (true, _) => "HOLDS: the proofs verify and every clause of the policy holds",
        (false, _) => "DOES NOT HOLD: the proofs verify, but the policy is not kept",
    }
}

/// So many customers' accounts, and so many of the house.
pub fn counted(customers: u64, house: u64) -> String {
    match house {
        0 => customers.to_string(),
        _ => format!("{customers} + {house}"),
    }
}

/// Assets left out that the text names; the JSON report and the attestation name them all.
const NAMED: usize = 8;

fn left_out(t: &mut String, verified: &Findings) -> std::fmt::Result {
    let header = &verified.attestation.header;
    let mut exclusions: Vec<_> = header.exclusions.iter().collect();
    if !exclusions.is_empty() {
        // The publisher's word, which may be any number.
        let lines: u128 = exclusions.iter().map(|exclusion| u128::from(exclusion.lines)).sum();
        exclusions.sort_by_key(|exclusion| std::cmp::Reverse(exclusion.lines));
        let named = exclusions.iter().take(NAMED);
        let named: Vec<_> =
            named.map(|one| format!("{} ({})", one.asset.escape_debug(), one.lines)).collect();
        let more = exclusions.len().saturating_sub(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let (accounts, assets) = (header.accounts_left_out, exclusions.len());
        writeln!(
            t,
            "  left out     {accounts} accounts, {lines} lines in {assets} assets without"
        )?;
        writeln!(t, "               a price: {}{more}", named.join(", "))?;
    }
    if header.rounding.lines > 0 {
        let (lines, bound) = (header.rounding.lines, grouped(&header.rounding.bound));
        let quote = &verified.compiled.quote;
        writeln!(t, "  rounded      {lines} lines, by less than {bound} {quote} together")?;
    }
    Ok(())
}

fn markets(t: &mut String, verified: &Findings) -> std::fmt::Result {
    let (markets, stated) = (&verified.figures.markets, &verified.compiled.open_interest);
    if markets.is_empty() {
        return Ok(());
    }
    writeln!(t)?;
    // What the prices say is open, in the last column, where they say it of any market.
    let columns = if stated.is_empty() { 3 } else { 4 };
    let head = ["market", "long", "short", "stated"];
    let rows = markets.iter().map(|market| {
        let stated = stated.get(&market.name).map_or_else(|| "-".to_owned(), ToString::to_string);
        let mut row =
            vec![market.name.clone(), grouped(&market.long), grouped(&market.short), stated];
        row.truncate(columns);
        row
    });
    table(t, &head[..columns], &rows.collect::<Vec<_>>())
}

fn options(t: &mut String, verified: &Findings) -> std::fmt::Result {
    let mut rows = Vec::new();
    for OptionFigures { underlying, long, short, net } in &verified.figures.options {
        for (side, exposure) in [("long", long), ("short", short), ("net", net)] {
            let gamma = exposure.gamma.as_ref();
            rows.push([
                format!("{underlying} {side}"),
                exposure.delta.to_string(),
                gamma.map_or_else(|| "without bound".to_owned(), Signed::to_string),
                exposure.vega.to_string(),
            ]);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(t)?;
    table(t, &["options on", "delta", "gamma", "vega"], &rows)
}

fn assets(t: &mut String, verified: &Findings) -> std::fmt::Result {
    let held = |amount: &Amount| *amount != Amount::new(0u32, amount.decimals);
    let assets = verified.figures.assets.iter();
    let assets = assets.filter(|asset| held(&asset.deposits) || held(&asset.borrows));
    let coverage = coverage(verified);
    let ratio = |coverage: &Coverage| {
        coverage.ratio.as_ref().map_or_else(|| "nothing owed".to_owned(), Amount::to_string)
    };
    let rows: Vec<_> = assets
        .map(|asset| {
            let mut row =
                vec![asset.name.clone(), grouped(&asset.deposits), grouped(&asset.borrows)];
            if let Some(own) = coverage.iter().flatten().find(|own| own.asset == asset.name) {
                row.extend([grouped(&own.reserves), ratio(&own.without_credit)]);
                row.extend(own.with_credit.as_ref().map(&ratio));
            }
            row
        })
        .collect();
    let Some(first) = rows.first() else { return Ok(()) };
    writeln!(t)?;
    let head = ["asset", "deposited", "borrowed", "reserves", "coverage", "with credit"];
    table(t, &head[..first.len()], &rows)?;
    let Some(credit) = &verified.figures.credit else { return Ok(()) };
    let quote = &verified.compiled.quote;
    writeln!(t, "  credited loans of each asset count less {} {quote}:", grouped(&credit.taken))?;
    let (lacking, unfunded) = (grouped(&credit.lacking), grouped(&credit.unfunded));
    writeln!(t, "  accounts lack {lacking}, and {unfunded} of gains are no account's loss")
}

/// How far the reserves of each asset go, where there are any.
fn coverage(verified: &Findings) -> Option<Vec<AssetCoverage>> {
    let reserves = verified.attestation.reserves.as_ref()?;
    Some(per_asset(&verified.figures, reserves))
}

/// What each class of accounts is worth, where there are more than customers.
fn classes(t: &mut String, verified: &Findings) -> std::fmt::Result {
    let classes = &verified.figures.classes;
    let Some(first) = classes.first() else { return Ok(()) };
    let scenarios = first.worth.iter().map(|worth| worth.scenario.as_str());
    let head: Vec<&str> = ["worth of the class, in"].into_iter().chain(scenarios).collect();
    let rows = classes.iter().map(|class| {
        let worth = class.worth.iter().map(|one| {
            let sign = if one.worth.negative { "-" } else { "" };
            format!("{sign}{}", grouped(&one.worth.size))
        });
        [class.class.to_string()].into_iter().chain(worth).collect()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    writeln!(t)?;
    table(t, &head, &rows)
}

/// Columns side by side: the first to the left, the others to the right. Every row has a cell for
/// each head.
pub fn table<R: AsRef<[String]>>(t: &mut String, head: &[&str], rows: &[R]) -> std::fmt::Result {
    let head: Vec<String> = head.iter().map(|&name| name.to_owned()).collect();
    let rows = || [head.as_slice()].into_iter().chain(rows.iter().map(R::as_ref));
    let widths: Vec<usize> = (0..head.len())
        .map(|column| rows().map(|row| row[column].chars().count()).max().unwrap_or_default())
        .collect();
    for row in rows() {
        write!(t, "  {:<width$}", row[0], width = widths[0])?;
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            write!(t, "  {cell:>width$}")?;
        }
        writeln!(t)?;
    }
    Ok(())
}

/// An amount with its thousands apart: `1,234.5`.
pub fn grouped(amount: &Amount) -> String {
    let text = amount.to_string();
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (text.as_str(), String::new()),
    };
    let digits = whole.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = digits.map(|group| String::from_utf8_lossy(group)).collect();
    groups.join(",") + &fraction
}

fn json(verified: &Findings, origin: Origin) -> serde_json::Value {
    let Findings { attestation, figures, clauses, digest, .. } = verified;
    json!({
        "holds": verified.holds(),
        "verdict": verdict(verified, origin),
        "insecure_setup": origin == Origin::Insecure,
        "setup": origin.to_string(),
        "digest": digest,
        "rules_digest": Digest::of(attestation.rules.as_bytes()),
        "header": attestation.header,
        "volumes": attestation.volumes.len(),
        "quote": verified.compiled.quote,
        "figures": figures,
        "coverage": coverage(verified),
        "policy": clauses,
        "not_proved": LIMITS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_can_write_no_lines_into_a_report() {
        use pacioli_prover::{attestation::Candidate, keys::VerifyingKey};
        let stored = include_bytes!("../../../tests/fixtures/attestation_v1_draft.json");
        let candidate = Candidate::read(stored).unwrap();
        let key = VerifyingKey::insecure(candidate.shape());
        let mut verified = candidate.verify(key, &()).unwrap().findings().clone();
        let header = &mut verified.attestation.header;
        let mut exclusion = header.exclusions[0].clone();
        exclusion.asset = "X\nHOLDS".to_owned();
        exclusion.lines = u64::MAX;
        header.exclusions.push(exclusion.clone());
        header.exclusions.push(exclusion);
        header.venue = "Y\nHOLDS\u{1b}[2J".to_owned();
        let text = said(&verified, Origin::Insecure).text;
        assert!(text.starts_with("DOES NOT HOLD") && !text.contains("\nHOLDS"), "{text}");
        assert!(text.contains("36893488147419103232 lines in 3 assets"), "{text}");
        assert!(!text.contains('\x1b'));
    }

    #[test]
    fn greeks_are_printed_by_side() {
        use pacioli_prover::{attestation::Candidate, keys::VerifyingKey, options::Exposure};
        let stored = include_bytes!("../../../tests/fixtures/attestation_v1_draft.json");
        let candidate = Candidate::read(stored).unwrap();
        let key = VerifyingKey::insecure(candidate.shape());
        let mut verified = candidate.verify(key, &()).unwrap().findings().clone();
        assert!(!said(&verified, Origin::Insecure).text.contains("options on"));
        let short = Exposure { gamma: None, ..Exposure::default() };
        let mut net = Exposure::default();
        net.delta.units = (-1_500_000_000_000i64).into();
        let (underlying, long) = ("BTC".to_owned(), Exposure::default());
        verified.figures.options.push(OptionFigures { underlying, long, short, net });
        let text = said(&verified, Origin::Insecure).text;
        for row in [
            "  options on  delta          gamma  vega\n",
            "  BTC long        0              0     0\n",
            "  BTC short       0  without bound     0\n",
            "  BTC net      -1.5              0     0\n",
        ] {
            assert!(text.contains(row), "{text}");
        }
    }

    #[test]
    fn coverage_is_printed_without_and_with_credit() {
        use pacioli_prover::{
            attestation::Candidate,
            figures::{AssetCredit, CreditFigures},
            keys::VerifyingKey,
        };
        let stored = include_bytes!("../../../tests/fixtures/attestation_v1_draft.json");
        let candidate = Candidate::read(stored).unwrap();
        let key = VerifyingKey::insecure(candidate.shape());
        let mut verified = candidate.verify(key, &()).unwrap().findings().clone();
        assert!(!said(&verified, Origin::Insecure).text.contains("with credit"));
        let asset = &mut verified.figures.assets[0];
        let (name, decimals) = (asset.name.clone(), asset.deposits.decimals);
        assert!(decimals > 0, "half a unit is not rounded away");
        let whole = |count: u64| Amount::new(count * 10u64.pow(decimals), decimals);
        asset.deposits = whole(3);
        let (credited, uncredited, counted) = (whole(2), whole(0), whole(1));
        asset.credit = Some(AssetCredit { credited, uncredited, counted });
        verified.figures.assets.truncate(1);
        let [lacking, unfunded, taken] = [7u32, 8, 15].map(|units| Amount::new(units, 0));
        let scenario = "credit".to_owned();
        verified.figures.credit = Some(CreditFigures { scenario, lacking, unfunded, taken });
        let reserves = verified.attestation.reserves.as_mut().unwrap();
        reserves.reserves.truncate(1);
        let entry = &mut reserves.reserves[0];
        (entry.asset, entry.amount) = (name.clone(), "1.5".parse().unwrap());
        let Report { text, json, .. } = said(&verified, Origin::Insecure);
        assert!(text.contains("borrowed  reserves  coverage  with credit\n"), "{text}");
        assert!(text.contains("1.5       0.5         0.75\n"), "{text}");
        assert!(text.contains("count less 15 ") && text.contains("lack 7, and 8 of"), "{text}");
        let coverage = &json["coverage"][0];
        assert_eq!(coverage["without_credit"], json!({ "required": "3", "ratio": "0.5" }));
        assert_eq!(coverage["with_credit"], json!({ "required": "2", "ratio": "0.75" }));
        verified.attestation.reserves = None;
        let without = said(&verified, Origin::Insecure);
        assert!(!without.text.contains("coverage  with"), "{}", without.text);
        assert_eq!(without.json["coverage"], serde_json::Value::Null);
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(&Amount::new(1_234_567u32, 0)), "1,234,567");
        assert_eq!(grouped(&Amount::new(1_234_567u32, 3)), "1,234.567");
        assert_eq!(grouped(&Amount::new(999u32, 0)), "999");
        assert_eq!(grouped(&Amount::new(0u32, 5)), "0");
    }
}

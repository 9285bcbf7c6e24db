//! What a checked attestation says, in words and numbers.

use std::fmt::Write;

use pacioli_prover::{amount::Amount, attestation::Verified, digest::Digest, setup::Origin};
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
    let text = text(verified).expect("a string takes all");
    Report { text, json: json(verified), holds: verified.holds() }
}

fn text(verified: &Verified) -> Result<String, std::fmt::Error> {
    let Verified { attestation, figures, clauses, digest, compiled, .. } = verified;
    let header = &attestation.header;
    let mut text = String::new();
    let t = &mut text;
    writeln!(t, "{}", verdict(verified))?;
    if verified.origin == Origin::Insecure {
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
    writeln!(t, "  setup        {}", verified.origin)?;
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
    if !figures.markets.is_empty() {
        writeln!(t)?;
        let rows = figures.markets.iter();
        let rows =
            rows.map(|market| [market.name.clone(), grouped(&market.long), grouped(&market.short)]);
        table(t, &["market", "long", "short"], &rows.collect::<Vec<_>>())?;
    }
    assets(t, verified)?;

    writeln!(t, "\npolicy")?;
    for clause in clauses {
        let holds = if clause.holds { "holds" } else { "DOES NOT HOLD" };
        writeln!(t, "  {:<13}  {}: {}", holds, clause.name, clause.detail)?;
    }
    writeln!(t, "\nnot proved")?;
    LIMITS.iter().try_for_each(|limit| writeln!(t, "  - {limit}"))?;
    Ok(text)
}

fn verdict(verified: &Verified) -> &'static str {
    match (verified.holds(), verified.origin) {
        (true, Origin::Insecure) => "HOLDS, UNDER AN INSECURE SETUP",
        (true, _) => "HOLDS: the proofs verify and every clause of the policy holds",
        (false, _) => "DOES NOT HOLD: the proofs verify, but the policy is not kept",
    }
}

/// Assets left out that the text names; the JSON report and the attestation name them all.
const NAMED: usize = 8;

fn left_out(t: &mut String, verified: &Verified) -> std::fmt::Result {
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

fn assets(t: &mut String, verified: &Verified) -> std::fmt::Result {
    let held = |amount: &Amount| *amount != Amount::new(0u32, amount.decimals);
    let assets = verified.figures.assets.iter();
    let assets = assets.filter(|asset| held(&asset.deposits) || held(&asset.borrows));
    let rows: Vec<_> = assets
        .map(|asset| [asset.name.clone(), grouped(&asset.deposits), grouped(&asset.borrows)])
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(t)?;
    table(t, &["asset", "deposited", "borrowed"], &rows)
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

fn json(verified: &Verified) -> serde_json::Value {
    let Verified { attestation, figures, clauses, digest, origin, .. } = verified;
    json!({
        "holds": verified.holds(),
        "verdict": verdict(verified),
        "insecure_setup": *origin == Origin::Insecure,
        "setup": origin.to_string(),
        "digest": digest,
        "rules_digest": Digest::of(attestation.rules.as_bytes()),
        "header": attestation.header,
        "volumes": attestation.volumes.len(),
        "quote": verified.compiled.quote,
        "figures": figures,
        "policy": clauses,
        "not_proved": LIMITS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_can_write_no_lines_into_a_report() {
        use pacioli_prover::{
            attestation::{VerifyError, verify},
            keys::VerifyingKey,
        };
        let stored = include_bytes!("../../../tests/fixtures/attestation_v1.json");
        let key = |_: &_, shape| Ok::<_, VerifyError>(VerifyingKey::insecure(shape));
        let mut verified = verify(stored, key, &()).unwrap();
        let header = &mut verified.attestation.header;
        let mut exclusion = header.exclusions[0].clone();
        exclusion.asset = "X\nHOLDS".to_owned();
        exclusion.lines = u64::MAX;
        header.exclusions.push(exclusion.clone());
        header.exclusions.push(exclusion);
        header.venue = "Y\nHOLDS\u{1b}[2J".to_owned();
        let text = report(&verified).text;
        assert!(text.starts_with("DOES NOT HOLD") && !text.contains("\nHOLDS"), "{text}");
        assert!(text.contains("36893488147419103232 lines in 3 assets"), "{text}");
        assert!(!text.contains('\x1b'));
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(&Amount::new(1_234_567u32, 0)), "1,234,567");
        assert_eq!(grouped(&Amount::new(1_234_567u32, 3)), "1,234.567");
        assert_eq!(grouped(&Amount::new(999u32, 0)), "999");
        assert_eq!(grouped(&Amount::new(0u32, 5)), "0");
    }
}

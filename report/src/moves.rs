//! How far everything moves in a scenario, in words.

use std::fmt::Write;

use pacioli_attestation::Findings;
use pacioli_rules::{Amount, Decimal, ExpiryMoves, Kind, Margin, Rules, Scenario};

/// A scenario in words.
pub fn words(scenario: &Scenario, findings: &Findings) -> String {
    let margin = match scenario.margin {
        Some(Margin::Maintenance) => "maintenance",
        Some(Margin::Initial) => "initial",
        None => "",
    };
    match scenario.kind {
        Kind::Mark => "everything at its price".to_owned(),
        Kind::Margin => format!("margin: at the prices, less weights and {margin} margin"),
        Kind::Credit => {
            format!("credit: as {margin} margin, without borrows that are not credited")
        }
        Kind::Stress | Kind::Constraint => moves(scenario, findings),
    }
}

/// The moves of a stress: `BTC -52.6 %, ETH -56.7 %, others -60 %`.
fn moves(scenario: &Scenario, findings: &Findings) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(scenario.moves.iter().map(|(asset, by)| format!("{asset} {}", percent(by))));
    if let Some(others) = &scenario.default_move {
        parts.push(format!("others {}", percent(others)));
        let still = unmoved(&findings.rules, scenario, findings);
        if !still.is_empty() {
            parts.push(format!("{} not at all", still.join(" and ")));
        }
    }
    if let Some(vol) = &scenario.vol_move {
        parts.push(format!("volatilities {}", percent(vol)));
    }
    let mut words = parts.join(", ");
    for (expiry, ExpiryMoves { forward, vol_move, .. }) in &scenario.expiries {
        let forward = forward.map(|by| format!("forwards {}", percent(&by)));
        let vol = vol_move.map(|by| format!("volatilities {}", percent(&by)));
        let both: Vec<_> = forward.into_iter().chain(vol).collect();
        let _ = write!(words, "; options of {expiry}: {}", both.join(", "));
    }
    words
}

/// The assets with a price to which the default move does not apply.
fn unmoved(rules: &Rules, scenario: &Scenario, findings: &Findings) -> Vec<String> {
    let priced = |asset: &String| findings.attestation.prices.prices.contains_key(asset);
    let still = rules.assets.iter().filter(|(_, rule)| !rule.shocked);
    let still = still.flat_map(|(name, rule)| [name].into_iter().chain(&rule.also));
    let still = still.filter(|asset| priced(asset) && !scenario.moves.contains_key(*asset));
    let mut still: Vec<_> = still.cloned().collect();
    still.sort();
    if rules.asset_default.as_ref().is_some_and(|rule| !rule.shocked) {
        still.push("assets without a rule of their own".to_owned());
    }
    still
}

/// A part as a percentage with its sign: `-52.6 %`.
pub fn percent(part: &Decimal) -> String {
    let size = Amount::new(part.mantissa().unsigned_abs(), part.scale());
    // A hundred times as much has two decimals fewer.
    let hundred = match size.decimals.checked_sub(2) {
        Some(decimals) => Amount::new(size.units, decimals),
        None => Amount::new(size.units * 10u32.pow(2 - size.decimals), 0),
    };
    let sign = match part.mantissa().signum() {
        -1 => "-",
        1 => "+",
        _ => "",
    };
    format!("{sign}{hundred} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_told_in_percent_exactly() {
        for (part, told) in [
            ("-0.526", "-52.6 %"),
            ("-0.6", "-60 %"),
            ("0.4", "+40 %"),
            ("-1", "-100 %"),
            ("0", "0 %"),
            ("0.0005", "+0.05 %"),
            ("1.50", "+150 %"),
        ] {
            assert_eq!(percent(&part.parse().unwrap()), told);
        }
    }
}

//! What a policy does not ask about, so that a reader sees what `HOLDS` says nothing of.

use pacioli_rules::{Compiled, PerAsset, Policy, ScenarioKind};

use crate::figures::Figures;

/// Everything that no clause of a policy asks about, as text: coverage at mark and in every stress,
/// the reserves of each asset, bad debt in each of these scenarios, open interest where there are
/// markets, the distances of times, what is left out, and volatilities where rates follow them.
pub fn unasked(policy: &Policy, compiled: &Compiled, figures: &Figures) -> Vec<String> {
    let mut unasked = Vec::new();
    let names = |asked: &dyn Fn(&str) -> bool| -> Vec<String> {
        let all = compiled
            .scenarios
            .iter()
            .filter(|scenario| matches!(scenario.kind, ScenarioKind::Mark | ScenarioKind::Stress));
        all.filter(|one| !asked(&one.name)).map(|one| one.name.clone()).collect()
    };
    let mut of = |what: &str, names: &[String]| {
        if !names.is_empty() {
            unasked.push(format!("{what} {}", names.join(", ")));
        }
    };
    of(
        "coverage in",
        &names(&|name| match name {
            "mark" => policy.min_coverage.is_some(),
            name => policy.coverage.contains_key(name),
        }),
    );
    let held = figures.assets.iter().filter(|asset| asset.deposits.units.bits() > 0);
    let assets: Vec<_> = match &policy.per_asset {
        Some(PerAsset::All) => Vec::new(),
        Some(PerAsset::Only(asked)) => {
            held.filter(|one| !asked.contains(&one.name)).map(|one| one.name.clone()).collect()
        }
        None => vec!["each asset".to_owned()],
    };
    of("reserves of", &assets);
    of("bad debt in", &names(&|name| policy.bad_debt.contains_key(name)));
    if !policy.open_interest_matched && !compiled.markets.is_empty() {
        unasked.push("open interest".to_owned());
    }
    let distance = policy.max_distance.unwrap_or_default();
    match (distance.prices.is_some(), distance.reserves.is_some()) {
        (true, true) => {}
        (true, false) => unasked.push("the reserves' time".to_owned()),
        (false, true) => unasked.push("the prices' time".to_owned()),
        (false, false) => unasked.push("times".to_owned()),
    }
    let left_out = policy.left_out.clone().unwrap_or_default();
    let asked = [
        ("accounts left out", left_out.accounts.is_some()),
        ("assets left out", left_out.assets.is_some()),
        ("rounding", left_out.rounding.is_some()),
    ];
    match asked.iter().all(|(_, asked)| !asked) {
        true => unasked.push("what is left out".to_owned()),
        false => {
            let rest = asked.iter().filter(|(_, asked)| !asked);
            unasked.extend(rest.map(|(what, _)| (*what).to_owned()));
        }
    }
    if !compiled.rates.is_empty() {
        let limits = policy.volatility.unwrap_or_default();
        let asked = [
            ("how old volatilities are", limits.max_age.is_some()),
            ("how many sources state volatilities", limits.least_sources.is_some()),
            ("whether volatilities are understated", limits.band.is_some()),
        ];
        let rest = asked.iter().filter(|(_, asked)| !asked);
        unasked.extend(rest.map(|(what, _)| (*what).to_owned()));
    }
    unasked
}

#[cfg(test)]
mod tests {
    use pacioli_circuits::{Total, Totals};
    use pacioli_rules::{Rules, compile};

    use super::*;
    use crate::{attestation::testing::attestation, figures::figures};

    fn told(from: &str, to: &str) -> String {
        let one = attestation();
        let (head, policy) = one.rules.split_once("[policy]").unwrap();
        assert!(policy.contains(from), "{from}");
        let rules = format!("{head}[policy]{}", policy.replacen(from, to, 1));
        let rules = Rules::parse(&rules).unwrap();
        let compiled = compile(&rules, &one.prices).unwrap();
        let totals = Totals(vec![Total { count: 1, quantity: 1 }; compiled.rows.len()]);
        let figures = figures(&compiled, &totals).unwrap();
        unasked(rules.policy(), &compiled, &figures).join("; ")
    }

    #[test]
    fn what_no_clause_asks_about_is_told() {
        assert_eq!(told("", ""), "coverage in crash; times; what is left out");
        let told = |from, to| told(from, to).replace("; times; what is left out", "");
        let crash = "coverage in crash";
        assert_eq!(told("min_coverage = \"1\"", ""), "coverage in mark, crash");
        assert_eq!(told("\"all\"", "[\"BTC\"]"), format!("{crash}; reserves of USDC"));
        assert_eq!(told("per_asset = \"all\"", ""), format!("{crash}; reserves of each asset"));
        assert_eq!(told("mark = \"insurance\", ", ""), format!("{crash}; bad debt in mark"));
        assert_eq!(told("open_interest_matched = true", ""), format!("{crash}; open interest"));
        let coverage = "min_coverage = \"1\"\ncoverage = { crash = \"0.9\" }";
        assert_eq!(told("min_coverage = \"1\"", coverage), "times; what is left out");
        let more = "min_coverage = \"1\"\nmax_distance = { prices = \"15m\" }\n\
                    left_out = { accounts = 0 }";
        let expected = format!("{crash}; the reserves' time; assets left out; rounding");
        assert_eq!(told("min_coverage = \"1\"", more), expected);
    }
}

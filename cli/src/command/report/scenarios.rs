//! What each scenario is: how far everything moves in it, as text and for programs.

use std::fmt::Write;

use pacioli_attestation::Findings;
use pacioli_report::moves::words;
use pacioli_rules::{ExpiryMoves, Kind, Margin, RatesOf};
use serde_json::{Value, json};

use crate::{format::plural, table::paragraph};

/// Every scenario that is read by itself, and how many constraints there are besides.
pub fn text(t: &mut String, findings: &Findings) -> std::fmt::Result {
    let rules = &findings.rules;
    writeln!(t, "\nscenarios, as the publisher's rules have them")?;
    let shown = || rules.scenarios.iter().filter(|scenario| scenario.kind != Kind::Constraint);
    let width = shown().map(|scenario| scenario.name.len()).max().unwrap_or_default();
    for scenario in shown() {
        let first = format!("  {:<width$}  ", scenario.name);
        paragraph(t, &first, &words(scenario, findings))?;
    }
    let constraints = rules.scenarios.len() - shown().count();
    if constraints > 0 {
        let contingencies = plural(rules.contingencies.len(), "contingency").replace("ys", "ies");
        let s = if constraints == 1 { "" } else { "s" };
        writeln!(t, "  and {constraints} constraint{s} of {contingencies}, which --json lists")?;
    }
    Ok(())
}

/// Every scenario with all its numbers, constraints included.
pub fn json(findings: &Findings) -> Value {
    let kind = |kind: Kind| match kind {
        Kind::Mark => "mark",
        Kind::Margin => "margin",
        Kind::Stress => "stress",
        Kind::Constraint => "constraint",
        Kind::Credit => "credit",
    };
    let scenarios = findings.rules.scenarios.iter().map(|one| {
        let margin = one.margin.map(|margin| match margin {
            Margin::Maintenance => "maintenance",
            Margin::Initial => "initial",
        });
        let expiries = one.expiries.iter().map(|(expiry, moves)| {
            let ExpiryMoves { forward, vol_move, discount, weight } = moves;
            let moves = json!({
                "move": forward, "vol_move": vol_move, "discount": discount, "weight": weight,
            });
            (expiry.to_string(), moves)
        });
        let rates_of = one.rates_of.map(|of| match of {
            RatesOf::Price => "price",
            RatesOf::Underlying => "underlying",
        });
        let delta = one.delta.as_ref().map(|delta| {
            json!({ "underlying": delta.underlying, "net": delta.net, "gross": delta.gross })
        });
        json!({
            "name": one.name,
            "kind": kind(one.kind),
            "words": words(one, findings),
            "margin": margin,
            "default_move": one.default_move,
            "moves": one.moves,
            "vol_move": one.vol_move,
            "expiries": expiries.collect::<serde_json::Map<_, _>>(),
            "contingency": one.contingency,
            "weight": one.weight,
            "only": one.only,
            "rates": one.rates,
            "rates_of": rates_of,
            "delta": delta,
        })
    });
    scenarios.collect()
}

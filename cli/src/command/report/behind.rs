//! Liabilities and bad debt in each scenario, and the reserves behind them.

use std::fmt::Write;

use pacioli_attestation::{Backing, Findings, ScenarioFigures, backing};
use serde_json::{Value, json};

use crate::{
    format::{Toward, brief, brief_signed, ratio},
    table::{folded, paragraph},
};

/// The table of scenarios.
pub fn text(t: &mut String, findings: &Findings) -> std::fmt::Result {
    let quote = &findings.compiled.quote;
    writeln!(
        t,
        "\nin {quote}, at the publisher's prices; owed, bad debt and accounts with shortfall are upper \
         bounds"
    )?;
    let (backing, has_reserves) = (of(findings), findings.attestation.reserves.is_some());
    let head = [
        "scenario",
        "owed P",
        "bad debt P",
        "accounts with shortfall P",
        "reserves W",
        "coverage W",
        "fund W",
    ];
    let columns = if has_reserves { head.len() } else { 4 };
    let rows = findings.figures.scenarios.iter().map(|figures| {
        let mut row = row(figures, backing.iter().find(|one| one.scenario == figures.name));
        row.truncate(columns);
        row
    });
    folded(t, &head[..columns], &rows.collect::<Vec<_>>())?;
    if !has_reserves {
        return writeln!(t, "  no reserves are stated: nothing is said to back this");
    }
    let fund = "all reserves in the scenario, of both purposes, less what all but the fund are owed; \
                below 0 it does not meet the bad debt";
    paragraph(t, "  fund: ", fund)?;
    writeln!(t, "  figures are rounded against the venue; --json has all decimals")
}

fn of(findings: &Findings) -> Vec<Backing> {
    let reserves = findings.attestation.reserves.as_ref();
    backing(&findings.compiled, &findings.figures, reserves)
}

fn row(figures: &ScenarioFigures, backing: Option<&Backing>) -> Vec<String> {
    let nothing = || "-".to_owned();
    let coverage =
        |one: &Backing| one.coverage.as_ref().map_or_else(|| "nothing owed".to_owned(), ratio);
    vec![
        figures.name.clone(),
        brief(&figures.owed, Toward::More),
        brief(&figures.bad_debt, Toward::More),
        figures.accounts_with_shortfall.to_string(),
        backing.map_or_else(nothing, |one| brief(&one.reserves, Toward::Less)),
        backing.map_or_else(nothing, coverage),
        backing.and_then(|one| one.fund.as_ref()).map_or_else(nothing, brief_signed),
    ]
}

/// The same for programs: `null` where no reserves are stated.
pub fn json(findings: &Findings) -> Value {
    if findings.attestation.reserves.is_none() {
        return Value::Null;
    }
    let with_letters = of(findings).into_iter().map(|one| {
        let mut one = json!(one);
        one["by"] = json!({
            "owed": "P", "bad_debt": "P", "owed_to_others": "P", "reserves": "W",
            "insurance_reserves": "W", "coverage": "W", "fund": "W",
        });
        one
    });
    with_letters.collect()
}

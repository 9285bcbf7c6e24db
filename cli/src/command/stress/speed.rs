//! How fast the crashes are, in words and in JSON.

use std::fmt::Write;

use pacioli_risk::stress::{Beyond, Lead, Moment, Speed, SpeedLimits};
use serde_json::{Value, json};

use crate::{
    chart,
    format::{cents_down, cents_up},
    table::folded,
};

const HOUR: u64 = 3_600;
/// The beginning of a path, at which the venue is healthy.
const BEGINNING: Moment = Moment { from: 0, to: 0 };

/// The part of `--json`.
pub fn json(limits: SpeedLimits, speeds: &[Speed]) -> Value {
    let one = |speed: &Speed| {
        let mut value = json!(speed);
        value["to_beyond"] = json!({
            "healthy": speed.lead(Some(BEGINNING)),
            "warning": speed.lead(speed.warning),
            "breach": speed.lead(speed.breach),
            "expired": speed.lead(Some(speed.expired)),
        });
        value
    };
    json!({ "limits": limits, "paths": speeds.iter().map(one).collect::<Vec<_>>() })
}

/// The table, and what it says.
pub fn write(
    t: &mut String,
    limits: SpeedLimits,
    speeds: &[Speed],
    quote: &str,
) -> std::fmt::Result {
    writeln!(t, "\nspeed: from each state to bad debt beyond the insurance fund")?;
    let head = [
        "crash",
        "takes",
        "healthy",
        "warning",
        "breach",
        "expired",
        "BTC, ETH %",
        "bad debt",
        "fund",
    ];
    folded(t, &head, &speeds.iter().map(row).collect::<Vec<_>>())?;
    let most = |bps: u16| match bps {
        0 => "no band".to_owned(),
        bps => format!("{} %", pacioli_rules::Amount::new(bps, 2)),
    };
    let (owed, prices) = (most(limits.owed_band_bps), most(limits.prices_band_bps));
    write!(
        t,
        "\n  Hours, to within a candle of four. An attestation is healthy as the path begins; a warning \
         or a\n  breach is what another would be at that moment, and shows on a chain only when one is \
         sent.\n  warning: owed left its band ({owed}) or a price did ({prices}). breach: customers' \
         reserves are\n  below what is owed, or bad debt is beyond the fund. expired: older than {} h. \
         Amounts in {quote}.\n",
        limits.max_age / HOUR,
    )
}

fn row(speed: &Speed) -> [String; 9] {
    let lead = |from: Option<Moment>| match (from, speed.lead(from)) {
        (_, Some(lead)) => hours(lead),
        _ if speed.beyond.is_none() => "-".to_owned(),
        (None, None) => "never".to_owned(),
        (Some(_), None) => "after".to_owned(),
    };
    let [moves, bad_debt, fund] = match &speed.beyond {
        None => ["-", "never", "-"].map(str::to_owned),
        Some(Beyond { moves, bad_debt, insurance, .. }) => {
            let moves = moves.iter().map(|(_, by)| chart::percent(by)).collect::<Vec<_>>();
            let fund = insurance.as_ref().map_or_else(|| "0".to_owned(), cents_down);
            [moves.join(", "), cents_up(bad_debt), fund]
        }
    };
    [
        speed.scenario.clone(),
        (speed.length / HOUR).to_string(),
        lead(Some(BEGINNING)),
        lead(speed.warning),
        lead(speed.breach),
        lead(Some(speed.expired)),
        moves,
        bad_debt,
        fund,
    ]
}

/// Hours: `16-20`, or one number where it is known.
fn hours(lead: Lead) -> String {
    let text = |seconds: u64| {
        let tenths = seconds / (HOUR / 10);
        if tenths.is_multiple_of(10) {
            (tenths / 10).to_string()
        } else {
            format!("{}.{}", tenths / 10, tenths % 10)
        }
    };
    if lead.least == lead.most {
        text(lead.least)
    } else {
        format!("{}-{}", text(lead.least), text(lead.most))
    }
}

//! Every price, how it was taken and from where, the volatilities of options, and those that rates
//! may follow.

use std::fmt::Write;

use pacioli_attestation::Findings;
use serde_json::{Value, json};

use crate::{
    format::{plural, sentence},
    shown::shown,
    table::{in_columns, paragraph},
};

/// The prices, in columns.
pub fn text(t: &mut String, findings: &Findings) -> std::fmt::Result {
    let prices = &findings.attestation.prices;
    let (count, quote) = (plural(prices.prices.len(), "price"), &prices.quote);
    writeln!(t, "\n{count} in {quote} (W)")?;
    let source = prices.source.as_deref().map_or_else(|| "no source stated".into(), shown);
    paragraph(t, "  method: ", &shown(&prices.method))?;
    paragraph(t, "  source: ", &source)?;
    let pairs =
        prices.prices.iter().map(|(name, price)| (name.clone(), sentence(&price.to_string())));
    in_columns(t, &pairs.collect::<Vec<_>>())?;
    for (asset, reason) in &prices.refused {
        paragraph(t, "  NO PRICE: ", &format!("{}: {}", shown(asset), sentence(&shown(reason))))?;
    }
    for (underlying, surface) in &prices.vols {
        let strikes: usize = surface.expiries.values().map(|smile| smile.strikes.len()).sum();
        let expiries = surface.expiries.len().to_string();
        writeln!(
            t,
            "  volatilities of {underlying}: {} in {expiries} expiries, which --json lists",
            plural(strikes, "strike")
        )?;
    }
    for (asset, stated) in &prices.volatilities {
        for one in stated {
            let first = format!("  {asset} {}: ", sentence(&one.annual.to_string()));
            paragraph(t, &first, &shown(&format!("{one}, {}", one.as_of)))?;
        }
    }
    Ok(())
}

/// The prices as in the attestation.
pub fn json(findings: &Findings) -> Value {
    let mut prices = json!(findings.attestation.prices);
    prices["by"] = "W".into();
    prices
}

//! Every reserve: how much of what, where, for whom, and who says so.

use std::{collections::BTreeSet, fmt::Write};

use pacioli_attestation::{AttestedBy, Findings, Purpose, Reserve, Reserves};
use serde_json::{Value, json};

use crate::{
    format::{plural, sentence},
    shown::shown,
    table::paragraph,
};

/// The reserves, a paragraph each.
pub fn text(t: &mut String, findings: &Findings) -> std::fmt::Result {
    let Some(reserves) = &findings.attestation.reserves else { return Ok(()) };
    writeln!(t, "\n{} (W)", plural(reserves.reserves.len(), "reserve"))?;
    let uncounted: BTreeSet<_> = uncounted(reserves, findings).into_iter().collect();
    for (index, reserve) in reserves.reserves.iter().enumerate() {
        one(t, reserve, uncounted.contains(&index))?;
    }
    Ok(())
}

/// The places of the reserves that count nothing.
fn uncounted(reserves: &Reserves, findings: &Findings) -> Vec<usize> {
    let uncounted = reserves.uncounted(&findings.compiled).map(|(index, _)| index);
    let claims = reserves.reserves.iter().enumerate();
    let claims = claims.filter(|(_, reserve)| reserve.purpose == Purpose::Claim);
    let all: BTreeSet<usize> = uncounted.chain(claims.map(|(index, _)| index)).collect();
    all.into_iter().collect()
}

fn one(t: &mut String, reserve: &Reserve, counts_nothing: bool) -> std::fmt::Result {
    let Reserve { asset, amount, chain, address, purpose, .. } = reserve;
    let [asset, chain, address] = [asset, chain, address].map(|text| shown(text));
    let amount = sentence(&amount.to_string());
    let text = format!("{asset} {amount} for {}: {address} on {chain}", purpose.name());
    paragraph(t, "  - ", &text)?;
    if reserve.purpose == Purpose::Claim {
        paragraph(t, "      ", "a claim on a venue: counts only with contagion")?;
    } else if counts_nothing {
        paragraph(t, "      ", "COUNTS NOTHING: it is no asset of these rules and prices")?;
    }
    let Reserve { evidence, custodian, legal_holder, encumbrance, attested_by, .. } = reserve;
    let by = attested_by.map(|by| AttestedBy::name(by).to_owned());
    let said = [
        ("evidence", Some(evidence)),
        ("custodian", custodian.as_ref()),
        ("legal holder", legal_holder.as_ref()),
        ("encumbrance", encumbrance.as_ref()),
        ("attested by", by.as_ref()),
    ];
    let said = said.into_iter().filter_map(|(what, text)| Some((what, text?)));
    said.into_iter()
        .try_for_each(|(what, text)| paragraph(t, "      ", &format!("{what}: {}", shown(text))))
}

/// The reserves as in the attestation.
pub fn json(findings: &Findings) -> Value {
    let Some(reserves) = &findings.attestation.reserves else { return Value::Null };
    let mut document = json!(reserves);
    document["by"] = "W".into();
    document["counts_nothing"] = json!(uncounted(reserves, findings));
    document
}

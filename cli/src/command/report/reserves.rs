//! Every reserve: how much of what, where, for whom, and who says so; and how they add up.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use pacioli_attestation::{AttestedBy, CountsNothing, Findings, Reserve, Reserves};
use pacioli_report::why;
use pacioli_rules::Amount;
use serde_json::{Value, json};

use crate::{
    format::{grouped, plural, sentence},
    shown::shown,
    table::{folded, paragraph},
};

/// The reserves, a paragraph each, and their sums.
pub fn text(t: &mut String, findings: &Findings) -> std::fmt::Result {
    let Some(reserves) = &findings.attestation.reserves else { return Ok(()) };
    writeln!(t, "\n{} (W)", plural(reserves.reserves.len(), "reserve"))?;
    let uncounted: BTreeMap<_, _> = uncounted(reserves, findings).into_iter().collect();
    for (index, reserve) in reserves.reserves.iter().enumerate() {
        one(t, reserve, uncounted.get(&index).copied())?;
    }
    let sums = sums(reserves);
    if sums.is_empty() {
        return Ok(());
    }
    writeln!(t, "\nreserves added up, all by the publisher's word")?;
    folded(t, &["by", "", "asset", "amount W"], &rows(&sums))
}

/// The places of the reserves that count nothing, and why.
fn uncounted(reserves: &Reserves, findings: &Findings) -> Vec<(usize, CountsNothing)> {
    reserves.uncounted(&findings.compiled).map(|(index, _, why)| (index, why)).collect()
}

fn one(
    t: &mut String,
    reserve: &Reserve,
    counts_nothing: Option<CountsNothing>,
) -> std::fmt::Result {
    let Reserve { asset, amount, chain, address, purpose, .. } = reserve;
    let [asset, chain, address] = [asset, chain, address].map(|text| shown(text));
    let amount = sentence(&amount.to_string());
    let text = format!("{asset} {amount} for {}: {address} on {chain}", purpose.name());
    paragraph(t, "  - ", &text)?;
    if let Some(reason) = counts_nothing {
        paragraph(t, "      ", &format!("COUNTS NOTHING: {}", why(reason)))?;
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
    // What is said stands under itself, where no line of a field begins.
    said.into_iter()
        .try_for_each(|(what, text)| paragraph(t, &format!("      {what}: "), &shown(text)))
}

/// What is added up: the field, its value, the asset.
type Sums = BTreeMap<(&'static str, String, String), Amount>;

/// The reserves by who attests them, who has custody, whose they are, and what they answer for. Text
/// that is not given is the venue itself, or nothing; a field that no reserve has is left out.
pub fn sums(reserves: &Reserves) -> Sums {
    let mut sums = Sums::new();
    let any = |is_given: fn(&Reserve) -> bool| reserves.reserves.iter().any(is_given);
    let given = [
        ("attested by", any(|one| one.attested_by.is_some())),
        ("custodian", any(|one| one.custodian.is_some())),
        ("legal holder", any(|one| one.legal_holder.is_some())),
        ("encumbrance", any(|one| one.encumbrance.is_some())),
    ];
    for reserve in &reserves.reserves {
        let Reserve { custodian, legal_holder, encumbrance, attested_by, .. } = reserve;
        let or = |text: &Option<String>, none: &str| text.clone().unwrap_or_else(|| none.into());
        // Whatever is written, it counts nothing: it is not added to what is free.
        let pledged = encumbrance.as_ref().map(|text| match text.trim() {
            none if none.eq_ignore_ascii_case("none") => "pledged: none".to_owned(),
            _ => text.clone(),
        });
        for (field, value) in [
            ("attested by", attested_by.map_or("not stated", AttestedBy::name).to_owned()),
            ("custodian", or(custodian, "the venue")),
            ("legal holder", or(legal_holder, "the venue")),
            ("encumbrance", or(&pledged, "none")),
        ] {
            if !given.contains(&(field, true)) {
                continue;
            }
            let key = (field, value, reserve.asset.clone());
            sums.entry(key).or_default().add(&reserve.amount);
        }
    }
    sums
}

/// The rows of a table of sums; a name is written once.
pub fn rows(sums: &Sums) -> Vec<[String; 4]> {
    let mut seen = BTreeSet::new();
    let rows = sums.iter().map(|((field, value, asset), amount)| {
        let field = if seen.insert(*field) { *field } else { "" };
        [field.to_owned(), brief(value), asset.clone(), grouped(amount)]
    });
    rows.collect()
}

/// A text of the publisher's in a cell.
fn brief(text: &str) -> String {
    const MOST: usize = 40;
    // Blanks would look like the next column.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shortened: String = text.chars().take(MOST).collect();
    if shortened.len() < text.len() { format!("{shortened}...") } else { text }
}

/// Sums for programs: an object by field, by value, by asset.
pub fn sums_json(sums: &Sums) -> Value {
    let mut document = json!({});
    for ((field, value, asset), amount) in sums {
        document[field.replace(' ', "_")][value][asset] = json!(amount);
    }
    document
}

/// The reserves as in the attestation.
pub fn json(findings: &Findings) -> Value {
    let Some(reserves) = &findings.attestation.reserves else { return Value::Null };
    let mut document = json!(reserves);
    let uncounted = uncounted(reserves, findings);
    let indices = |kind: Option<CountsNothing>| {
        let found = uncounted.iter().filter(|(_, why)| kind.is_none_or(|kind| *why == kind));
        json!(found.map(|(index, _)| index).collect::<Vec<_>>())
    };
    document["by"] = "W".into();
    document["counts_nothing"] = indices(None);
    document["pledged"] = indices(Some(CountsNothing::Pledged));
    document["sums"] = sums_json(&sums(reserves));
    document
}

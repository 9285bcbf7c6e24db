//! What was found of reserves, for people.

use std::fmt::Write;

use pacioli_attestation::{By, Purpose, Reserve};
use pacioli_evidence::Checked;

use super::{
    super::report::{reserves as reserve_sums, warning},
    found::{All, One, Verdict},
    sums::{by_letter, coverage, letter, pledged},
};
use crate::{
    format::{Toward, brief, grouped, plural, ratio, sentence},
    shown::shown,
    table::{folded, paragraph},
};

/// Everything.
pub fn text(all: &All, verdict: Verdict, asks: bool) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let t = &mut text;
    let said = match verdict {
        Verdict::Checked => {
            "no piece of the evidence is wrong; what each reserve rests on is below"
        }
        Verdict::Fault => "evidence is wrong",
        Verdict::Failed => {
            "a node did not answer, so that not everything that was asked for is known"
        }
        Verdict::Nothing => "everything about the reserves is the venue's word",
    };
    let faults = match all.faults() {
        0 => String::new(),
        faults => format!(": {}", plural(faults, "fault")),
    };
    writeln!(t, "{}: {said}{faults}", verdict.word())?;
    for one in &all.shared {
        let [(venue, address), (other, there)] = &one.places;
        let [venue, address, other, there] = [venue, address, other, there].map(|text| shown(text));
        let said = if one.of_one_key {
            format!("{address} of {venue} and {there} of {other} are of one key")
        } else {
            format!("{address} of {venue} is {there} of {other}: one place cannot back both")
        };
        paragraph(t, "  USED TWICE: ", &said)?;
    }
    if all.ones.len() == 1 {
        writeln!(t, "  used elsewhere: not known, from one attestation")?;
    }
    all.ones.iter().try_for_each(|one| part(t, one, asks))?;
    writeln!(t, "\nnot shown by any of this")?;
    for one in [
        "that coins are the venue's: rented keys and borrowed coins sign and read as well",
        "that coins were there before the block, or are there after it",
        "that nobody else has a claim on them, unless the venue says so",
    ] {
        writeln!(t, "  - {one}")?;
    }
    Ok(text)
}

fn part(t: &mut String, one: &One, asks: bool) -> std::fmt::Result {
    let header = &one.attestation.header;
    writeln!(
        t,
        "\n{}: {} (W), sequence {} (W)",
        shown(&one.name),
        shown(&header.venue),
        header.sequence
    )?;
    writeln!(t, "  {}", one.digest)?;
    if one.verified.is_none() {
        writeln!(t, "  ITS PROOFS WERE NOT CHECKED HERE: give --setup or --key")?;
    }
    let origin = one.verified.as_ref().map(|verified| verified.origin());
    if let Some(warning) = origin.and_then(warning) {
        paragraph(t, "  ", warning)?;
    }
    let Some(reserves) = one.reserves() else {
        return writeln!(t, "  no reserves are stated");
    };
    if reserves.reserves.is_empty() {
        return writeln!(t, "  no reserves are stated");
    }
    writeln!(t)?;
    let rows = reserves.reserves.iter().zip(&one.found.reserves).enumerate();
    let rows: Vec<[String; 6]> =
        rows.map(|(i, (reserve, checked))| row(i, reserve, checked)).collect();
    folded(t, &["reserve", "asset", "attested", "balance", "whose", "together"], &rows)?;
    for (index, (reserve, checked)) in reserves.reserves.iter().zip(&one.found.reserves).enumerate()
    {
        reasons(t, index, reserve, checked, asks)?;
    }
    if !one.found.unused.is_empty() {
        let places: Vec<_> = one.found.unused.iter().take(20).map(ToString::to_string).collect();
        let said = format!(
            "entries of the evidence that are about no reserve here: {}",
            places.join(", ")
        );
        paragraph(t, "  ", &said)?;
    }
    sums(t, one)
}

fn row(index: usize, reserve: &Reserve, checked: &Checked) -> [String; 6] {
    let together =
        if checked.faults.is_empty() { checked.by().to_string() } else { "WRONG".into() };
    [
        format!("{index}"),
        reserve.asset.clone(),
        sentence(&reserve.amount.to_string()),
        checked.balance.by.to_string(),
        checked.whose.by.to_string(),
        together,
    ]
}

fn reasons(
    t: &mut String,
    index: usize,
    reserve: &Reserve,
    checked: &Checked,
    asks: bool,
) -> std::fmt::Result {
    let (address, chain) = (shown(&reserve.address), shown(&reserve.chain));
    paragraph(t, "  - ", &format!("{index}: {} at {address} on {chain}", shown(&reserve.asset)))?;
    for fault in &checked.faults {
        paragraph(t, "      ", &format!("WRONG: {}", shown(fault)))?;
    }
    for failed in &checked.failed {
        paragraph(t, "      ", &format!("NOT ASKED: {}", shown(failed)))?;
    }
    let Checked { balance, whose, shown: seen, now, .. } = checked;
    let amount = seen.as_ref().map_or_else(String::new, |seen| format!("{}, ", grouped(seen)));
    paragraph(t, "      ", &format!("balance {}: {amount}{}", balance.by, shown(&balance.why)))?;
    paragraph(t, "      ", &format!("whose {}: {}", whose.by, shown(&whose.why)))?;
    if let Some(now) = now {
        let less = if now.exceeds_or_is(reserve) { "" } else { ", LESS THAN ATTESTED" };
        paragraph(t, "      ", &format!("now: {}{less}", grouped(now)))?;
    } else if asks && checked.balance.by == By::Chain {
        paragraph(t, "      ", "now: not read")?;
    }
    if reserve.is_pledged() {
        paragraph(
            t,
            "      ",
            "COUNTS NOTHING: it is pledged, or answers for something else first",
        )?;
    }
    Ok(())
}

/// Whether an amount is at least a reserve's.
trait AtLeast {
    fn exceeds_or_is(&self, reserve: &Reserve) -> bool;
}

impl AtLeast for pacioli_rules::Amount {
    fn exceeds_or_is(&self, reserve: &Reserve) -> bool {
        let mut stated = Self::default();
        stated.add(&reserve.amount);
        let decimals = self.decimals.max(stated.decimals);
        let units =
            |one: &Self| &one.units * num_bigint::BigUint::from(10u32).pow(decimals - one.decimals);
        units(self) >= units(&stated)
    }
}

fn sums(t: &mut String, one: &One) -> std::fmt::Result {
    writeln!(t)?;
    let rows: Vec<[String; 4]> = by_letter(one)
        .into_iter()
        .map(|((letter, purpose, asset), amount)| {
            [letter.to_owned(), purpose.to_owned(), asset, grouped(&amount)]
        })
        .collect();
    folded(t, &["known by", "for", "asset", "amount"], &rows)?;
    let stated = one.reserves().map(reserve_sums::sums).filter(|sums| !sums.is_empty());
    if let Some(sums) = stated {
        writeln!(t)?;
        let rows = reserve_sums::rows(&sums);
        folded(t, &["by (W)", "", "asset", "amount"], &rows)?;
    }
    let count = pledged(one, Purpose::Customers).len() + pledged(one, Purpose::Insurance).len();
    if count > 0 {
        writeln!(t, "  {} pledged, which count nothing", plural(count, "reserve"))?;
    }
    let Some(steps) = coverage(one) else { return Ok(()) };
    writeln!(t)?;
    let rows = steps.iter().map(|step| {
        let coverage = step.coverage.as_ref().map_or_else(|| "nothing owed".to_owned(), ratio);
        [
            step.what.to_owned(),
            brief(&step.reserves, Toward::Less),
            brief(&step.owed, Toward::More),
            format!("{coverage} {}", letter(step.by)),
        ]
    });
    let rows: Vec<_> = rows.collect();
    folded(t, &["coverage at mark", "reserves", "owed P", "coverage"], &rows)
}

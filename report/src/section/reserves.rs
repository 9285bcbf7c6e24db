//! The reserves: by letter and custodian, and every one with its place and evidence.

use std::collections::BTreeMap;

use pacioli_attestation::{By, Purpose};
use pacioli_rules::Amount;

use super::{Section, scenarios::told};
use crate::{
    chart::{Row, Track, bars},
    format::{Toward, brief, sentence},
    held::{Held, why},
    parts::{Cell, Chart, Ink, Letter, Table},
    subject::Subject,
    worth::{drawn, reserve_at_mark, share, short},
};

/// The letters that a reserve may have, from best to worst.
pub(crate) const LETTERS: [By; 3] = [By::Chain, By::Observers, By::Publisher];

/// Custodians that are drawn; the table has all.
const DRAWN: usize = 24;

/// Who holds a reserve.
fn custodian(held: &Held<'_>) -> String {
    held.reserve.custodian.clone().unwrap_or_else(|| "the venue itself".to_owned())
}

/// What the reserves that count are worth at mark, by custodian and letter.
pub(crate) fn by_custodian(subject: &Subject<'_>) -> BTreeMap<String, [Amount; 3]> {
    let nothing = || Amount::new(0u32, subject.findings.compiled.value_decimals);
    let mut sums: BTreeMap<String, [Amount; 3]> = BTreeMap::new();
    let held = subject.held();
    for one in held.iter().filter(|one| one.uncounted.is_none()) {
        let place = LETTERS.iter().position(|letter| *letter == one.by()).unwrap_or(2);
        let own = sums.entry(custodian(one)).or_insert_with(|| [nothing(), nothing(), nothing()]);
        own[place].units += reserve_at_mark(subject.findings, one.reserve).units;
    }
    sums
}

/// The section of sums.
pub(crate) fn custodians(subject: &Subject<'_>) -> Section {
    let quote = &subject.findings.compiled.quote;
    let mut section = Section {
        id: "custodians",
        title: "Reserves by custodian and letter".to_owned(),
        ..Section::default()
    };
    let sums = by_custodian(subject);
    if sums.is_empty() {
        section.notes.push(
            "No reserves are stated that count: nothing is said to back this book.".to_owned(),
        );
        return section;
    }
    let sum = |parts: &[Amount; 3]| {
        let units = parts.iter().map(|part| part.units.clone()).sum::<num_bigint::BigUint>();
        Amount::new(units, parts[0].decimals)
    };
    let mut all = Amount::new(0u32, subject.findings.compiled.value_decimals);
    sums.values().for_each(|parts| all.units += sum(parts).units);
    section.notes.push(match subject.evidence {
        Some(_) => format!(
            "Worth at mark in {quote}, of both purposes. C: the balance was read on a chain by whoever \
             made this report, and its key signed for the venue; O: a custodian signed, whose key the \
             reader named; W: nobody but the venue says so."
        ),
        None => format!(
            "Worth at mark in {quote}, of both purposes. No evidence was looked at, so all of it is the \
             venue’s word."
        ),
    });
    let rows = sums.iter().map(|(name, parts)| {
        let mut row = vec![Cell::new(name)];
        for (letter, part) in LETTERS.iter().zip(parts) {
            row.push(Cell::number(brief(part, Toward::Less), Some(Letter::from(*letter))));
        }
        row.push(Cell::number(brief(&sum(parts), Toward::Less), None));
        row.push(Cell::number(share(&sum(parts), &all), None));
        row
    });
    let head = [
        "custodian",
        "read on a chain#",
        "signed by others#",
        "the venue’s word#",
        "together#",
        "share#",
    ];
    section.tables.push(Table::new("By custodian, in the venue’s words", &head, rows.collect()));
    let bars_of = |(name, parts): (&String, &[Amount; 3])| {
        let [chain, signed, word] = parts.each_ref().map(drawn);
        Row {
            name: name.clone(),
            says: format!("read or signed {}, by word {}", short(chain + signed), short(word)),
            tracks: vec![Track {
                bars: vec![(Ink::Known, chain + signed), (Ink::Word, word)],
                mark: None,
            }],
        }
    };
    let mut largest: Vec<_> = sums.iter().collect();
    largest.sort_by_key(|(_, parts)| std::cmp::Reverse(sum(parts).units));
    let rows: Vec<Row> = largest.into_iter().take(DRAWN).map(bars_of).collect();
    let which = if sums.len() > DRAWN { ", the largest" } else { "" };
    let [wide, narrow] = bars(&rows);
    section.charts.push(Chart {
        title: format!("Reserves by custodian, at mark in {quote}{which}"),
        alternative: told(&rows),
        legend: vec![
            (Ink::Known, "full: read or signed by others (C, O)"),
            (Ink::Word, "hatched: the venue’s word (W)"),
        ],
        wide,
        narrow,
    });
    section
}

/// Every reserve.
pub(crate) fn entries(subject: &Subject<'_>) -> Option<Section> {
    let held = subject.held();
    if held.is_empty() {
        return None;
    }
    let rows = held.iter().map(|one| {
        let reserve = one.reserve;
        let purpose = match reserve.purpose {
            Purpose::Claim => "a claim".to_owned(),
            purpose => format!("for {}", purpose.name()),
        };
        let amount = sentence(&reserve.amount.to_string());
        let mut remarks = vec![format!("the venue says: {}", reserve.evidence)];
        let said = [("legal holder", &reserve.legal_holder), ("encumbrance", &reserve.encumbrance)];
        for (what, text) in said {
            remarks.extend(text.as_ref().map(|text| format!("{what}: {text}")));
        }
        remarks.extend(reserve.attested_by.map(|by| format!("attested by: {}", by.name())));
        if let Some(checked) = one.checked {
            remarks.push(format!("balance ({}): {}", checked.balance.by, checked.balance.why));
            remarks.push(format!("whose ({}): {}", checked.whose.by, checked.whose.why));
            remarks.extend(checked.now.as_ref().map(|now| format!("read now: {now}")));
            remarks.extend(checked.faults.iter().map(|fault| format!("WRONG: {fault}")));
            remarks.extend(checked.failed.iter().map(|failed| format!("not asked: {failed}")));
        }
        remarks.extend(one.uncounted.map(|reason| format!("COUNTS NOTHING: {}", why(reason))));
        let tone = match () {
            () if !one.faults().is_empty() => "bad",
            () if one.uncounted.is_some() => "warn",
            () => "",
        };
        vec![
            Cell::new(format!("{} on {}", reserve.address, reserve.chain)),
            Cell::number(format!("{amount} {}", reserve.asset), Some(Letter::from(one.by()))),
            Cell::new(purpose),
            Cell::new(custodian(one)),
            Cell::new(remarks.join(". ")).tone(tone),
        ]
    });
    let head = ["where", "amount#", "purpose", "custodian", "what shows it"];
    Some(Section {
        id: "reserves",
        title: "Every reserve".to_owned(),
        notes: vec![format!(
            "As of {}, by the venue’s word. Whether an address is shown by another venue too: not known.",
            subject.findings.attestation.reserves.as_ref()?.as_of
        )],
        tables: vec![Table::new(
            "Every reserve, with its place and evidence",
            &head,
            rows.collect(),
        )],
        ..Section::default()
    })
}

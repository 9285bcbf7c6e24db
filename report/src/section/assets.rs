//! The same by asset.

use pacioli_attestation::{Coverage, per_asset};
use pacioli_rules::Amount;

use super::Section;
use crate::{
    format::{grouped, ratio},
    parts::{CO, Cell, P, R, Table, W},
    subject::Subject,
    worth::{share, worth_at_mark},
};

/// One asset in words and numbers.
pub(crate) struct Asset {
    pub name: String,
    /// Whether reserves are at least deposits, by what was read or signed and with the publisher's word.
    pub is_covered: [bool; 2],
    row: Vec<Cell>,
}

/// Every asset that is held or reserved.
pub(crate) fn all(subject: &Subject<'_>) -> Vec<Asset> {
    let findings = subject.findings;
    let compiled = &findings.compiled;
    let stated = findings.attestation.reserves.as_ref();
    let known = subject.known();
    let by = |reserves| per_asset(&findings.figures, reserves);
    let [word, known] = [stated.map(by), known.as_ref().map(by)];
    let worth = |name: &str, held: &Amount| {
        let rows = compiled.assets.get(name).map(|rows| rows.deposits.as_slice());
        let nothing = || Amount::new(0u32, compiled.value_decimals);
        worth_at_mark(compiled, rows.unwrap_or_default(), held).unwrap_or_else(nothing)
    };
    let mut total = Amount::new(0u32, compiled.value_decimals);
    let mut reserved = total.clone();
    for (index, asset) in findings.figures.assets.iter().enumerate() {
        total.units += worth(&asset.name, &asset.deposits).units;
        if let Some(own) = word.as_ref().and_then(|all| all.get(index)) {
            reserved.units += worth(&asset.name, &own.reserves).units;
        }
    }
    let told = |coverage: &Coverage| {
        coverage.ratio.as_ref().map_or_else(|| "nothing owed".to_owned(), ratio)
    };
    let is_held = |amount: &Amount| amount.units.bits() > 0;
    let mut assets = Vec::new();
    for (index, asset) in findings.figures.assets.iter().enumerate() {
        let [word, known] = [&word, &known].map(|all| all.as_ref().and_then(|all| all.get(index)));
        let has_reserves = word.is_some_and(|own| is_held(&own.reserves));
        if !is_held(&asset.deposits) && !is_held(&asset.borrows) && !has_reserves {
            continue;
        }
        let (deposits, name) = (worth(&asset.name, &asset.deposits), asset.name.clone());
        let mut row = vec![
            Cell::new(&name),
            Cell::number(grouped(&asset.deposits), P),
            Cell::number(share(&deposits, &total), R),
            Cell::number(grouped(&asset.borrows), P),
        ];
        let mut is_covered = [false; 2];
        for (place, (own, by)) in [(known, CO), (word, W)].into_iter().enumerate() {
            let Some(own) = own else { continue };
            is_covered[place] = own.reserves.units >= own.without_credit.required.units;
            if by == W {
                row.push(Cell::number(grouped(&own.reserves), by));
                row.push(Cell::number(share(&worth(&name, &own.reserves), &reserved), by));
            }
            row.push(Cell::number(told(&own.without_credit), by));
            if let (true, Some(credit)) = (by == W, &own.with_credit) {
                row.push(Cell::number(told(credit), by));
            }
        }
        assets.push(Asset { name, is_covered, row });
    }
    assets
}

/// The section.
pub(crate) fn assets(subject: &Subject<'_>) -> Section {
    let assets = all(subject);
    let mut head = vec!["asset", "deposited#", "share of deposits#", "borrowed#"];
    if subject.findings.attestation.reserves.is_some() {
        head.extend([
            "coverage, read or signed#",
            "reserves#",
            "share of reserves#",
            "coverage, with the venue’s word#",
        ]);
        if subject.findings.figures.credit.is_some() {
            head.push("with credit#");
        }
    }
    let rows = assets.into_iter().map(|asset| asset.row).collect();
    Section {
        id: "assets",
        title: "By asset".to_owned(),
        notes: vec![
            "Coverage is of deposits, asset by asset: one that is short is not made good by another. \
             Shares are of worth at mark. Which of these is the venue’s own token is not known."
                .to_owned(),
        ],
        tables: vec![Table::new("Deposits, borrows and reserves of each asset", &head, rows)],
        ..Section::default()
    }
}

//! What is owed, what backs it, bad debt and the fund, in every scenario.

use pacioli_attestation::{Backing, Findings};
use pacioli_rules::Kind;

use super::Section;
use crate::{
    chart::{Row, Track, bars},
    cover::{Cover, Reach},
    format::{Toward, brief, brief_signed, ratio},
    moves::words,
    parts::{CO, Cell, Chart, Ink, Letter, P, Table, W},
    subject::Subject,
    worth::{drawn, short},
};

/// A coverage in a cell: every amount that is shown is rounded against the venue.
pub(crate) fn coverage(one: &Backing) -> String {
    one.coverage.as_ref().map_or_else(|| "nothing owed".to_owned(), ratio)
}

/// How a reach may be shown.
pub(crate) fn tone(reach: Reach) -> &'static str {
    match reach {
        Reach::Known | Reach::KnownWithFund => "good",
        Reach::Word | Reach::WordWithFund | Reach::Unstated => "warn",
        Reach::Short => "bad",
    }
}

/// The section.
pub(crate) fn scenarios(subject: &Subject<'_>) -> Section {
    let quote = &subject.findings.compiled.quote;
    let covers = subject.covers();
    let mut section = Section {
        id: "scenarios",
        title: "Owed, reserves and bad debt in every scenario".to_owned(),
        notes: vec![format!(
            "In {quote}, at the venue’s prices and their moves. What is owed and bad debt are upper \
             bounds; figures are rounded against the venue. The fund’s column is all reserves of both \
             purposes less what all but the fund are owed: below 0 it does not meet the bad debt."
        )],
        ..Section::default()
    };
    let (drawn, which) = worst(&covers);
    if covers.iter().any(|cover| cover.is_stated) {
        section.charts.push(against(&drawn, quote, which));
    }
    section.charts.push(debts(&drawn, quote, which));
    section.tables.push(covered(&covers));
    section.tables.push(owed(subject.findings, &covers));
    section
}

/// Scenarios that are drawn; the tables have all.
const DRAWN: usize = 24;

/// `mark` and the scenarios with the largest bad debt, in their order; and which these are.
fn worst(covers: &[Cover]) -> (Vec<&Cover>, &'static str) {
    if covers.len() <= DRAWN {
        return (covers.iter().collect(), "");
    }
    let mut order: Vec<usize> = (1..covers.len()).collect();
    order.sort_by(|a, b| covers[*b].word.bad_debt.units.cmp(&covers[*a].word.bad_debt.units));
    order.truncate(DRAWN - 1);
    order.push(0);
    order.sort_unstable();
    (order.into_iter().map(|at| &covers[at]).collect(), ", mark and the 23 of most bad debt")
}

fn covered(covers: &[Cover]) -> Table {
    let has_second = covers.iter().any(|cover| cover.second.is_some());
    let rows = covers.iter().map(|cover| {
        let reach = cover.reach();
        let mut row = vec![Cell::new(&cover.word.scenario)];
        let known = cover.known.as_ref();
        let reserves = |one: &Backing| brief(&one.reserves, Toward::Less);
        let of = |one: Option<String>| one.unwrap_or_else(|| "none stated".to_owned());
        row.push(Cell::number(of(known.map(reserves)), CO));
        row.push(Cell::number(of(known.map(coverage)), CO));
        let word = Some(&cover.word).filter(|_| cover.is_stated);
        row.push(Cell::number(of(word.map(reserves)), W));
        row.push(Cell::number(of(word.map(coverage)), W));
        if has_second {
            let second = cover.second.as_ref().filter(|_| cover.is_stated);
            let known = second.and_then(|one| one.known.as_ref()).map(coverage);
            let word = second.map(|one| coverage(&one.word));
            let or = |one: Option<String>| one.unwrap_or_else(|| "not known".to_owned());
            row.extend([lettered(or(known), CO), lettered(or(word), W)]);
        }
        row.push(Cell::new(reach.words()).tone(tone(reach)));
        row
    });
    let mut head = vec![
        "scenario",
        "reserves read or signed#",
        "coverage#",
        "reserves, with the venue’s word#",
        "coverage#",
    ];
    let mut caption =
        "Customers’ reserves over what is owed, twice: by what was read or signed by \
                       others, and with the venue’s word"
            .to_owned();
    if has_second {
        head.extend(["read or signed, at your prices at least#", "with the word, at yours#"]);
        caption += "; and both at the second source’s prices, where what is owed is a bound";
    }
    head.push("how far they go");
    Table::new(caption, &head, rows.collect())
}

fn owed(findings: &Findings, covers: &[Cover]) -> Table {
    let rows = findings.figures.scenarios.iter().map(|figures| {
        let mut row = vec![
            Cell::new(&figures.name),
            Cell::number(brief(&figures.owed, Toward::More), P),
            Cell::number(brief(&figures.bad_debt, Toward::More), P),
            Cell::number(figures.accounts_with_shortfall.to_string(), P),
        ];
        let Some(cover) = covers.iter().find(|cover| cover.word.scenario == figures.name) else {
            // Reserves are valued in no margin scenario.
            row.extend(["-", "-", "-"].map(|nothing| Cell::number(nothing, None)));
            return row;
        };
        let of = |one: Option<&Backing>| match one.and_then(|one| one.fund.as_ref()) {
            Some(fund) => brief_signed(fund),
            None => "not known".to_owned(),
        };
        let left = of(Some(&cover.word).filter(|_| cover.is_stated));
        let tone = if left.starts_with('-') { "bad" } else { "" };
        row.push(Cell::number(brief(&cover.fund, Toward::Less), W));
        row.push(lettered(of(cover.known.as_ref()), CO));
        row.push(lettered(left, W).tone(tone));
        row
    });
    Table::new(
        "What is owed, bad debt, and what is left for the insurance fund",
        &[
            "scenario",
            "owed#",
            "bad debt#",
            "accounts with shortfall#",
            "insurance fund as stated#",
            "left for the fund, read or signed#",
            "with the venue’s word#",
        ],
        rows.collect(),
    )
}

/// A figure with its letter; what is not known is nobody's word.
fn lettered(text: String, by: Option<Letter>) -> Cell {
    let by = by.filter(|_| text != "not known");
    Cell::number(text, by)
}

fn against(covers: &[&Cover], quote: &str, which: &str) -> Chart {
    let rows: Vec<Row> = covers
        .iter()
        .map(|cover| {
            let owed = drawn(&cover.word.owed);
            let all = drawn(&cover.word.reserves);
            let known = cover.known.as_ref().map_or(0.0, |known| drawn(&known.reserves));
            let ratio = coverage(&cover.word);
            Row {
                name: cover.word.scenario.clone(),
                says: format!("owed {}, reserves {}: {ratio}", short(owed), short(all)),
                tracks: vec![
                    Track { bars: vec![(Ink::Owed, owed)], mark: None },
                    Track {
                        bars: vec![(Ink::Known, known), (Ink::Word, (all - known).max(0.0))],
                        mark: None,
                    },
                ],
            }
        })
        .collect();
    let [wide, narrow] = bars(&rows);
    Chart {
        title: format!("Customers’ reserves against what is owed, in {quote}{which}"),
        alternative: told(&rows),
        legend: vec![
            (Ink::Owed, "outlined: owed (P)"),
            (Ink::Known, "full: reserves that were read or signed by others (C, O)"),
            (Ink::Word, "hatched: reserves by the venue’s word (W)"),
        ],
        wide,
        narrow,
    }
}

fn debts(covers: &[&Cover], quote: &str, which: &str) -> Chart {
    let rows: Vec<Row> = covers
        .iter()
        .map(|cover| {
            let (debt, fund) = (drawn(&cover.word.bad_debt), drawn(&cover.fund));
            Row {
                name: cover.word.scenario.clone(),
                says: format!("bad debt {}, fund {}", short(debt), short(fund)),
                tracks: vec![Track { bars: vec![(Ink::Debt, debt)], mark: Some(fund) }],
            }
        })
        .collect();
    let [wide, narrow] = bars(&rows);
    Chart {
        title: format!("Bad debt against the insurance fund, in {quote}{which}"),
        alternative: told(&rows),
        legend: vec![
            (Ink::Debt, "bar: bad debt (P)"),
            (Ink::Fund, "upright mark: the insurance fund as stated (W)"),
        ],
        wide,
        narrow,
    }
}

/// The rows of a chart in words.
pub(super) fn told(rows: &[Row]) -> String {
    let rows = rows.iter().map(|row| format!("{}: {}", crate::shown::shown(&row.name), row.says));
    format!("Bar chart. {}. The table has the figures.", rows.collect::<Vec<_>>().join("; "))
}

/// How far everything moves in each scenario.
pub(crate) fn moves(subject: &Subject<'_>) -> Section {
    let rules = &subject.findings.rules;
    let shown = rules.scenarios.iter().filter(|scenario| scenario.kind != Kind::Constraint);
    let rows = shown.map(|scenario| {
        vec![Cell::new(&scenario.name), Cell::new(words(scenario, subject.findings))]
    });
    let rows: Vec<_> = rows.collect();
    let constraints = rules.scenarios.len() - rows.len();
    let mut section = Section {
        id: "moves",
        title: "What the scenarios are".to_owned(),
        notes: vec![
            "The venue chose them, and its rules are public: a mild move under a hard name is seen \
             here alone."
                .to_owned(),
        ],
        tables: vec![Table::new("Moves, in numbers", &["scenario", "moves"], rows)],
        ..Section::default()
    };
    if constraints > 0 {
        let s = if constraints == 1 { "" } else { "s" };
        section.list.push(format!(
            "and {constraints} constraint{s} of contingencies, which `pacioli verify --json` lists"
        ));
    }
    section
}

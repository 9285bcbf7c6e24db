//! The lines of one account in a terminal.
//!
//! Under portfolio margin an account has a line of slack for every case in which a contingency is no
//! less than the loss: a hundred of them, and as many columns. Each contingency has one line, by the
//! case that leaves least slack.

use std::fmt::{Error, Write};

use pacioli_attestation::statement::{Statement, StatementLine};
use pacioli_rules::{Amount, COVER, Kind, Rules, Scenario};

use crate::{
    format::{grouped, grouped_signed},
    table::{aligned, paragraph, table},
};

/// A statement's lines, and what each is worth in every scenario that is read by itself.
pub fn lines(statement: &Statement, rules: &Rules) -> String {
    let Statement { scenarios, lines, .. } = statement;
    let mut text = String::new();
    write(&mut text, scenarios, lines, rules).expect("a string takes all");
    text
}

fn write(
    t: &mut String,
    scenarios: &[String],
    lines: &[StatementLine],
    rules: &Rules,
) -> Result<(), Error> {
    let constraint = |name: &str| {
        rules.scenarios.iter().any(|one| one.name == name && one.kind == Kind::Constraint)
    };
    let is_read = |name: &String| !constraint(name) && name != COVER;
    let shown: Vec<bool> = scenarios.iter().map(is_read).collect();
    let scenarios = scenarios.iter().zip(&shown).filter(|(_, shown)| **shown);
    let head = ["line, worth in", "quantity"].into_iter();
    let head: Vec<&str> = head.chain(scenarios.map(|(name, _)| name.as_str())).collect();
    let slack = |instrument: &str| instrument.starts_with(SLACK);
    let rows: Vec<Vec<String>> = (lines.iter())
        .filter(|line| !slack(&line.instrument))
        .map(|line| {
            let worth = line.worth.iter().zip(&shown).filter(|(_, shown)| **shown);
            let cells = [line.instrument.clone(), grouped(&line.quantity)];
            cells.into_iter().chain(worth.map(|(worth, _)| grouped_signed(worth))).collect()
        })
        .collect();
    writeln!(t)?;
    aligned(t, &head, &rows)?;
    for (form, means) in FORMS {
        if lines.iter().any(|line| line.instrument.starts_with(form)) {
            paragraph(t, "  ", means)?;
        }
    }

    let tightest: Vec<_> =
        rules.contingencies.keys().filter_map(|c| tightest(lines, rules, c)).collect();
    if tightest.is_empty() {
        return Ok(());
    }
    writeln!(t)?;
    table(t, &["contingency", "required", "least slack", "in", "of cases"], &tightest)?;
    let cover = format!("{SLACK}{COVER}");
    let of_constraint = |line: &&StatementLine| slack(&line.instrument) && line.instrument != cover;
    let left_out = lines.iter().filter(of_constraint).count();
    writeln!(t, "  ({left_out} lines of slack are not shown; --json has them)")
}

/// How the names of plain and covered rows begin, and what each form means to the holder.
const FORMS: [(&str, &str); 2] = [
    (
        "plain ",
        "Held plainly: worth at least nothing in every scenario, so no scenario can take it, and none \
         was closed for it.",
    ),
    (
        "covered ",
        "Covered: together worth at least what is owed in every scenario, so none was closed for it.",
    ),
];

/// What begins the name of an instrument that closes a constraint.
pub const SLACK: &str = "slack:";

/// A contingency that is held: how much, the least slack that any of its cases leaves, which that is,
/// and how many there are.
fn tightest(lines: &[StatementLine], rules: &Rules, name: &str) -> Option<[String; 5]> {
    let held = |instrument: String| lines.iter().find(|l| l.instrument == instrument);
    let contingency = held(format!("contingency:{name}"))?;
    let is_case = |scenario: &&Scenario| scenario.contingency.as_deref() == Some(name);
    let cases = || rules.scenarios.iter().filter(is_case);
    let slack =
        |scenario: &Scenario| held(format!("{SLACK}{}", scenario.name)).map(|l| &l.quantity);
    // A missing line is the least of all.
    let least = cases().min_by_key(|scenario| slack(scenario).map(size))?;
    let left = slack(least).map_or("0".to_owned(), grouped);
    let asked = grouped(&contingency.quantity);
    Some([name.to_owned(), asked, left, least.name.clone(), cases().count().to_string()])
}

/// The order of amounts: digits before the point, then the text, which has no trailing zeros.
fn size(amount: &Amount) -> (usize, String) {
    let text = amount.to_string();
    (text.find('.').unwrap_or(text.len()), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = include_str!("../../../rules/tests/books/portfolio_margin/rules.toml");

    #[test]
    fn slack_is_told_by_the_case_that_leaves_least() {
        let lines: Vec<StatementLine> = [
            ("deposit USDC", "300", ["300", "300", "300", "0", "0", "0"]),
            ("contingency:naked", "20.2", ["0", "-20.2", "0", "0", "0", "20.2"]),
            ("contingency:scan", "99", ["0", "-123.75", "0", "99", "99", "0"]),
            ("equity:maintenance", "156.05", ["0", "-156.05", "0", "0", "0", "0"]),
            ("slack:down", "9.5", ["0", "0", "0", "-9.5", "0", "0"]),
            ("slack:up", "197", ["0", "0", "0", "0", "-197", "0"]),
        ]
        .map(|(instrument, quantity, worth)| {
            let json = serde_json::json!({
                "instrument": instrument, "quantity": quantity, "worth": worth,
            });
            serde_json::from_value(json).unwrap()
        })
        .into();
        let rules = Rules::parse(RULES).unwrap();
        let scenarios: Vec<_> = rules.scenarios.iter().map(|one| one.name.clone()).collect();
        let mut text = String::new();
        write(&mut text, &scenarios, &lines, &rules).unwrap();
        let expected = "
  line, worth in      quantity  mark  maintenance  crash
  deposit USDC          300      300       300       300
  contingency:naked      20.2      0       -20.2       0
  contingency:scan       99        0      -123.75      0
  equity:maintenance    156.05     0      -156.05      0

  contingency  required  least slack    in  of cases
  naked            20.2            0   net         1
  scan               99          9.5  down         2
  (2 lines of slack are not shown; --json has them)
";
        assert_eq!(text, expected);
        // Without contingencies there is nothing to tell.
        let mut text = String::new();
        write(&mut text, &scenarios, &lines[..1], &rules).unwrap();
        assert_eq!(text.lines().count(), 3, "{text}");
    }

    #[test]
    fn amounts_are_in_order() {
        let amounts = ["0.05", "0.5", "1", "1.45", "1.5", "9.99", "10", "10.000001", "100"];
        let sizes = amounts.map(|text| size(&text.parse().unwrap()));
        assert!(sizes.is_sorted_by(|a, b| a < b));
    }
}

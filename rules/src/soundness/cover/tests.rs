use pacioli_circuits::{Quantity, Value};

use super::*;
use crate::{
    Margin,
    compile::compile,
    prices::Prices,
    rules::Rules,
    soundness::parts::Parts,
    table::Compiled,
    testing::{PRICES, RULES, changed},
};

/// Scenarios 0 mark, 1 maintenance, 2 credit, 3 crash, 4 up, a constraint of `scan`, 5 the twin of
/// crash, 6 cover. BTC has three tiers, ETH-PERP two, and the class `insurance` holds JUNK.
fn compiled() -> Compiled {
    let rules = changed(
        include_str!("../../../tests/books/credit/rules.toml"),
        &[
            ("cover = false", "cover = true"),
            (
                "maintenance = \"0.9\"",
                "tiers = [{ up_to = \"2\", maintenance = \"0.9\" }, \
                 { up_to = \"3\", maintenance = \"0.7\" }, { maintenance = \"0.4\" }]",
            ),
            ("[policy]", "[policy]\nmin_coverage = \"1\"\nbad_debt = { crash = \"insurance\" }"),
        ],
    );
    let prices = Prices::parse(include_str!("../../../tests/books/credit/prices.json")).unwrap();
    compile(&Rules::parse(&rules).unwrap(), &prices).unwrap()
}

/// The small book: scenarios 0 mark, 1 maintenance, 2 crash, 3 cover.
fn small() -> Compiled {
    let rules = Rules::parse(&changed(RULES, &[("cover = false", "cover = true")])).unwrap();
    compile(&rules, &Prices::parse(PRICES).unwrap()).unwrap()
}

const MAINTENANCE: ScenarioId = ScenarioId::new(1);
const CREDIT: ScenarioId = ScenarioId::new(2);
const CRASH: ScenarioId = ScenarioId::new(3);
const UP: ScenarioId = ScenarioId::new(4);
const TWIN: ScenarioId = ScenarioId::new(5);
const COVER: ScenarioId = ScenarioId::new(6);

fn after(change: impl FnOnce(&mut Parts)) -> Result<(), CheckError> {
    let mut parts = Parts::of(&compiled());
    change(&mut parts);
    parts.check()
}

fn row(name: &str) -> usize {
    compiled().find(name).unwrap_or_else(|| panic!("there is no `{name}`")).row()
}

/// What the check says after `name` is worth `by` more in a scenario.
fn shifted(name: &str, scenario: ScenarioId, by: i128) -> Result<(), CheckError> {
    let row = row(name);
    after(|parts| shift(parts, row, scenario, by))
}

fn shift(parts: &mut Parts, row: usize, scenario: ScenarioId, by: i128) {
    let value = &mut parts.rows[row].values[scenario];
    *value = Value::new(value.units() + by).unwrap();
}

/// Makes the table's last row equity of the last scenario, and appends its shortfall.
fn close_by_balance(parts: &mut Parts, slack: usize, scenario: ScenarioId) {
    parts.roles[slack] = Role::Equity { scenario };
    let mut shortfall = parts.rows[slack].clone();
    shortfall.values[scenario] = Value::new(1).unwrap();
    parts.rows.push(shortfall);
    parts.roles.push(Role::Shortfall { scenario });
    parts.classes.push(Class::Customer);
}

fn value(name: &str, scenario: ScenarioId) -> i128 {
    let compiled = compiled();
    compiled.table.instruments()[compiled.find(name).unwrap().row()].values[scenario].units()
}

#[test]
fn the_compilers_forms_are_sound() {
    let names: Vec<_> = compiled().scenarios.into_iter().map(|one| one.name).collect();
    let expected = ["mark", "maintenance", "credit", "crash", "up", "crash~insurance", "cover"];
    assert_eq!(names, expected);
    assert_eq!(after(|_| {}), Ok(()));
    assert_eq!(Parts::of(&small()).check(), Ok(()));
}

/// Per smallest unit, in millionths: 0.001 BTC, 1 JUNK, 0.01 USDC, 0.01 ETH.
#[test]
fn what_covers_is_the_least_value_computed_by_hand() {
    for (name, cover) in [
        // 20 times 0.4 in maintenance's last tier, below 20 times 0.5 in the crash.
        ("covered deposit BTC", 8_000_000),
        ("covered borrow BTC", -20_000_000),
        ("covered deposit DUST", 0),
        ("covered borrow DUST", 0),
        ("covered deposit JUNK", 1_000_000),
        ("covered deposit USDC", 10_000),
        ("covered borrow USDC", -10_500),
        // 10 times 0.5 in the crash; what it gains in `up` covers nothing.
        ("covered long ETH-PERP", 5_000_000),
        // 10 times 1.1 in maintenance's last tier, and half of the loss of 1 in `up`.
        ("covered short ETH-PERP", -11_500_000),
        ("covered quote credit", 1),
        ("covered quote debit", -1),
        ("plain deposit BTC", 0),
        ("plain deposit DUST", 0),
        ("plain quote credit", 0),
    ] {
        assert_eq!(value(name, COVER), cover, "{name}");
    }
}

#[test]
fn cover_is_the_last_scenario_and_there_is_one() {
    for scenario in [MAINTENANCE, CREDIT, UP, TWIN] {
        let second = after(|parts| parts.kinds[scenario.index()] = ScenarioKind::Cover);
        assert_eq!(second, Err(CheckError::Cover(scenario)));
    }
    let before_twin = after(|parts| parts.kinds.swap(5, 6));
    assert_eq!(before_twin, Err(CheckError::Cover(TWIN)));
    let mark = after(|parts| parts.kinds[0] = ScenarioKind::Cover);
    assert_eq!(mark, Err(CheckError::Mark(ScenarioId::MARK)));
    let twin = ScenarioKind::Twin { of: COVER };
    let of_cover = after(|parts| parts.kinds[5] = twin);
    assert_eq!(of_cover, Err(CheckError::TwinOf { scenario: TWIN, of: COVER }));
}

#[test]
fn cover_comes_with_its_rows_and_they_with_it() {
    let compiled = small();
    let slack = compiled.find("slack:cover").unwrap().row();
    let last = ScenarioId::new(3);
    for kind in [ScenarioKind::Stress, ScenarioKind::Margin(Margin::Initial)] {
        let mut parts = Parts::of(&compiled);
        parts.kinds[3] = kind;
        close_by_balance(&mut parts, slack, last);
        assert_eq!(parts.check(), Err(CheckError::CoverAlone));
    }
    let mut parts = Parts::of(&compiled);
    while let Some(form) = parts.roles.iter().position(|role| role.stands_for().is_some()) {
        parts.remove(form);
    }
    assert_eq!(parts.check(), Err(CheckError::CoverAlone));
    let one_left = after(|parts| {
        let covered = row("covered deposit USDC");
        let forms = (0..parts.roles.len()).rev();
        let others = forms.filter(|&form| form != covered);
        for form in others {
            if parts.roles[form].stands_for().is_some() {
                parts.remove(form);
            }
        }
    });
    assert_eq!(one_left, Ok(()), "not every holding needs its forms");
}

#[test]
fn a_form_stands_for_a_customers_holding_in_its_first_tier() {
    let stands_for = |name: &str, of: usize| {
        let row = row(name);
        let plain = name.starts_with("plain");
        let of = u16::try_from(of).unwrap();
        let role = if plain { Role::Plain { of } } else { Role::Covered { of } };
        let refused = after(|parts| parts.roles[row] = role);
        assert_eq!(refused, Err(CheckError::StandsFor { row, of: of.into() }), "{name} for {of}");
    };
    stands_for("plain deposit BTC", 0);
    stands_for("covered deposit BTC", row("headroom deposit BTC tier 1"));
    stands_for("covered deposit BTC", row("deposit BTC tier 2"));
    stands_for("covered deposit BTC", row("deposit BTC tier 3"));
    stands_for("covered borrow BTC", row("uncredited borrow BTC"));
    stands_for("covered long ETH-PERP", row("long ETH-PERP tier 2"));
    stands_for("covered short ETH-PERP", row("short ETH-PERP tier 2"));
    stands_for("covered short ETH-PERP", row("headroom short ETH-PERP tier 1"));
    let last = "covered quote debit";
    for of in [
        "insurance deposit JUNK",
        "insurance borrow JUNK",
        "insurance quote credit",
        "insurance quote debit",
        "contingency:scan",
        "plain deposit BTC",
        "covered quote credit",
        last,
        "equity:mark",
        "shortfall:crash",
        "slack:up",
        "slack:cover",
    ] {
        stands_for(last, row(of));
    }
    for of in [compiled().rows.len(), u16::MAX.into()] {
        stands_for(last, of);
    }
}

#[test]
fn forms_stand_in_the_order_of_what_they_stand_for() {
    let (plain, covered) = (row("plain deposit BTC"), row("covered deposit BTC"));
    let swapped = after(|parts| parts.swap(plain, covered));
    assert_eq!(swapped, Err(CheckError::Order(covered)), "covered before plain");
    let (borrow, next) = (row("covered borrow BTC"), row("plain deposit DUST"));
    let decreasing = after(|parts| parts.swap(borrow, next));
    assert_eq!(decreasing, Err(CheckError::Order(next)));
    for name in ["plain deposit BTC", "covered deposit BTC", "covered quote debit"] {
        let row = row(name);
        let twice = after(|parts| parts.insert(row, parts.rows[row].clone(), parts.roles[row]));
        assert_eq!(twice, Err(CheckError::Order(row + 1)), "{name}");
    }
    let scan = row("contingency:scan");
    let before = after(|parts| parts.swap(scan, scan + 1));
    assert_eq!(before, Err(CheckError::Order(scan + 1)), "a form before a contingency");
    let equity = row("equity:mark");
    let within = after(|parts| parts.swap(equity - 1, equity));
    assert_eq!(within, Err(CheckError::Order(equity)), "a form among the closing rows");
    let first = row("quote credit");
    let among = after(|parts| {
        parts.insert(first, parts.rows[plain].clone(), Role::Plain { of: 1 });
    });
    assert_eq!(among, Err(CheckError::Order(first)), "a form among the holdings");
}

/// Between a tier and its headroom a form would take the headroom's place.
#[test]
fn a_form_has_no_cap_and_no_headroom_and_is_customers() {
    for name in ["plain deposit BTC", "covered short ETH-PERP", "covered quote debit"] {
        let row = row(name);
        let capped = after(|parts| parts.rows[row].cap = Quantity::new(1));
        assert_eq!(capped, Err(CheckError::Cap(row)));
        let with_headroom = after(|parts| {
            parts.rows[row].cap = Quantity::new(1);
            parts.insert(row + 1, parts.rows[2].clone(), Role::Headroom);
        });
        assert_eq!(with_headroom, Err(CheckError::Order(row + 1)));
        let class = Class::Insurance;
        let of_fund = after(|parts| parts.classes[row] = class);
        assert_eq!(of_fund, Err(CheckError::Class { row, class }));
    }
    let tier = row("deposit BTC tier 1");
    let role = Role::Covered { of: tier as u16 };
    let between = after(|parts| {
        parts.insert(tier + 1, parts.rows[row("covered deposit BTC")].clone(), role);
    });
    assert_eq!(between, Err(CheckError::Cap(tier)));
}

#[test]
fn a_form_is_worth_nothing_but_in_cover() {
    for name in ["plain deposit BTC", "covered deposit JUNK", "covered borrow BTC"] {
        let row = row(name);
        for scenario in ScenarioId::all(6) {
            for by in [-1, 1] {
                let error = CheckError::FormCounts { row, scenario };
                assert_eq!(shifted(name, scenario, by), Err(error), "{name} in {scenario}");
            }
        }
    }
}

#[test]
fn a_form_covers_no_more_than_the_least_value() {
    for of in [
        "deposit BTC",
        "borrow BTC",
        "deposit DUST",
        "borrow DUST",
        "deposit USDC",
        "borrow USDC",
        "long ETH-PERP",
        "short ETH-PERP",
        "quote credit",
        "quote debit",
    ] {
        let name = format!("covered {of}");
        assert_eq!(shifted(&name, COVER, 1), Err(CheckError::AboveLeast { row: row(&name) }));
        assert_eq!(shifted(&name, COVER, -1), Ok(()), "{name}: less is sound");
    }
    // A plain row that counts as a covered one does is one.
    let (plain, least) = (row("plain deposit BTC"), value("covered deposit BTC", COVER));
    assert_eq!(shifted("plain deposit BTC", COVER, least), Ok(()));
    let error = Err(CheckError::AboveLeast { row: plain });
    assert_eq!(shifted("plain deposit BTC", COVER, least + 1), error);
}

/// Whichever scenario makes a holding worth less, by one, the row in `cover` is too much. None does
/// so at mark alone, since nothing is worth more in a margin scenario.
#[test]
fn every_scenario_that_closes_by_balance_takes_part() {
    let lowered = |names: &[&str], scenarios: &[ScenarioId], by: i128| {
        after(|parts| {
            for (name, &scenario) in
                names.iter().flat_map(|n| scenarios.iter().map(move |s| (n, s)))
            {
                shift(parts, row(name), scenario, -by);
            }
        })
    };
    for (form, held, scenario, least) in [
        ("covered deposit BTC", &["deposit BTC tier 3"][..], MAINTENANCE, 8_000_000),
        ("covered deposit BTC", &["deposit BTC tier 3"], CREDIT, 8_000_000),
        ("covered borrow USDC", &["borrow USDC", "uncredited borrow USDC"], MAINTENANCE, -10_500),
        ("covered borrow USDC", &["borrow USDC"], CREDIT, -10_500),
    ] {
        let gap = value(held[0], scenario) - least;
        assert_eq!(lowered(held, &[scenario], gap), Ok(()));
        let error = CheckError::AboveLeast { row: row(form) };
        assert_eq!(lowered(held, &[scenario], gap + 1), Err(error), "{form} in {scenario}");
    }
    let error = CheckError::AboveLeast { row: row("covered long ETH-PERP") };
    let longs = ["long ETH-PERP tier 1", "long ETH-PERP tier 2"];
    assert_eq!(lowered(&longs, &[CRASH, TWIN], 1), Err(error));
}

#[test]
fn a_loss_in_a_constraint_takes_from_what_covers() {
    let short = "covered short ETH-PERP";
    let error = Err(CheckError::AboveLeast { row: row(short) });
    let sides = ["short ETH-PERP tier 1", "short ETH-PERP tier 2"].map(row);
    let after_loss = |by: i128| after(|parts| sides.iter().for_each(|&r| shift(parts, r, UP, by)));
    assert_eq!(
        after_loss(1),
        Err(CheckError::BothGain {
            asset: row("long ETH-PERP tier 1"),
            liability: sides[0],
            scenario: UP,
        })
    );
    // Half a unit is rounded up.
    assert_eq!(after_loss(-1), error);
    let scan = row("contingency:scan");
    for scenario in [MAINTENANCE, CREDIT] {
        let counts_for_more = after(|parts| {
            let value = parts.rows[scan].values[scenario].units();
            shift(parts, scan, scenario, 3 * value);
        });
        assert_eq!(counts_for_more, error, "in {scenario}");
    }
    // A long that loses there pays for it, in its last tier or not.
    let longs = ["long ETH-PERP tier 1", "long ETH-PERP tier 2"].map(row);
    let fall = -value("long ETH-PERP tier 1", UP);
    let lost = |by: i128| after(|parts| longs.iter().for_each(|&r| shift(parts, r, UP, fall - by)));
    assert_eq!(lost(8_000_000), Ok(()), "9 in maintenance less half of 8 is 5");
    assert_eq!(lost(8_000_001), Err(CheckError::AboveLeast { row: row("covered long ETH-PERP") }));
    // A plain row that may be worth less than nothing is covered in all but its name.
    let junk = ["deposit JUNK", "insurance deposit JUNK"].map(row);
    let lost = |by: i128| after(|parts| junk.iter().for_each(|&r| shift(parts, r, UP, -by)));
    assert_eq!(lost(2_000_000), Err(CheckError::AboveLeast { row: row("covered deposit JUNK") }));
    let covered = row("covered deposit JUNK");
    let without = |by: i128| {
        after(|parts| {
            junk.iter().for_each(|&r| shift(parts, r, UP, -by));
            shift(parts, covered, COVER, -2_000_000);
        })
    };
    assert_eq!(without(2_000_000), Ok(()), "1 in maintenance less half of 2 is 0");
    assert_eq!(without(2_000_001), Err(CheckError::AboveLeast { row: row("plain deposit JUNK") }));
}

#[test]
fn nothing_else_counts_in_cover() {
    let compiled = compiled();
    for (row, held) in compiled.rows.iter().enumerate().skip(1) {
        if held.role.stands_for().is_some() || held.name == "slack:cover" {
            continue;
        }
        for by in [-1, 1] {
            let error = CheckError::CoverCounts { row };
            assert_eq!(shifted(&held.name, COVER, by), Err(error), "{}", held.name);
        }
    }
}

#[test]
fn cover_is_closed_by_slack_alone() {
    let row = row("slack:cover");
    for by in [-1, 1, 2] {
        let error = CheckError::Slack { row, scenario: COVER };
        assert_eq!(shifted("slack:cover", COVER, by), Err(error));
    }
    for scenario in ScenarioId::all(6) {
        for by in [-1, 1] {
            let error = CheckError::Slack { row, scenario };
            assert_eq!(shifted("slack:cover", scenario, by), Err(error));
        }
    }
    let by_equity = after(|parts| close_by_balance(parts, row, COVER));
    assert_eq!(by_equity, Err(CheckError::Closes(row)));
    let by_nothing = after(|parts| parts.remove(row));
    assert_eq!(by_nothing, Err(CheckError::End));
    let twice = after(|parts| {
        parts.rows.push(parts.rows[row].clone());
        parts.roles.push(parts.roles[row]);
        parts.classes.push(Class::Customer);
    });
    assert_eq!(twice, Err(CheckError::Order(row + 1)));
}

//! What accounts are worth, computed from what they hold alone: no row of a form is looked at.

use num_bigint::BigInt;
use pacioli_attestation::Figures;
use pacioli_circuits::ScenarioId;
use pacioli_rules::{Amount, Compiled, ScenarioKind};

use super::adversary::{Lines, holding, of_fund, value};

/// What an account holds: quantities by holding, those of the fund by themselves.
type Held = std::collections::BTreeMap<(usize, bool), i128>;

fn held(compiled: &Compiled, lines: &Lines) -> Held {
    let mut held = Held::new();
    for (&row, &units) in lines {
        *held.entry((holding(compiled, row), of_fund(compiled, row))).or_default() += units as i128;
    }
    held
}

/// The worth in mark, a stress, a constraint or a twin, where tiers are all the same.
fn worth(compiled: &Compiled, held: &Held, scenario: ScenarioId) -> i128 {
    let is_twin = matches!(compiled.scenario(scenario).kind, ScenarioKind::Twin { .. });
    let counted = held.iter().filter(|((_, fund), _)| !(is_twin && *fund));
    counted.map(|((of, _), units)| value(compiled, *of, scenario) * units).sum()
}

/// The worth in a margin scenario with tiers filled in order, contingencies left out: no split is
/// worth more.
fn margin(compiled: &Compiled, held: &Held, scenario: ScenarioId) -> i128 {
    let one = |((of, _), units): (&(usize, bool), &i128)| {
        let (mut row, mut rest, mut sum) = (*of, *units, 0);
        while let Some(cap) = compiled.table.instruments()[row].cap {
            let here = rest.min(cap.units() as i128);
            sum += here * value(compiled, row, scenario);
            (rest, row) = (rest - here, row + 2);
        }
        sum + rest * value(compiled, row, scenario)
    };
    held.iter().map(one).sum()
}

/// The worst loss in the constraints of a contingency, in units of value.
fn loss(compiled: &Compiled, held: &Held, number: usize) -> i128 {
    let scenarios = compiled.contingencies[number].scenarios.iter();
    scenarios.map(|&s| -worth(compiled, held, s)).max().unwrap_or_default().max(0)
}

/// The unit of a contingency, in units of value.
fn unit(compiled: &Compiled, number: usize) -> i128 {
    let one = &compiled.contingencies[number];
    value(compiled, one.row.row(), one.scenarios[0])
}

/// What accounts that hold these lines are owed where one unit of each row is worth so much, or nothing
/// to the fund, and their bad debt, in units of value.
pub fn at(compiled: &Compiled, (values, is_twin): &(Vec<i128>, bool), all: &[Lines]) -> [i128; 2] {
    let worths = all.iter().map(|lines| -> i128 {
        let held = held(compiled, lines);
        let counted = held.iter().filter(|((_, fund), _)| !(*is_twin && *fund));
        counted.map(|((of, _), units)| values[*of] * units).sum()
    });
    worths.fold([0, 0], |[owed, lacking], worth| [owed + worth.max(0), lacking + (-worth).max(0)])
}

/// Whether figures say too little of accounts that hold these lines: what, if they do.
pub fn understated(compiled: &Compiled, figures: &Figures, accounts: &[Lines]) -> Option<String> {
    let held: Vec<Held> = accounts.iter().map(|lines| held(compiled, lines)).collect();
    let below = |amount: &Amount, truth: i128| BigInt::from(amount.units.clone()) < truth.into();
    for (id, scenario) in compiled.scenarios_by_id() {
        let worths = || held.iter().map(|one| worth(compiled, one, id));
        let positive = || worths().map(|worth| worth.max(0)).sum::<i128>();
        let negative = || worths().map(|worth| (-worth).max(0)).sum::<i128>();
        let (name, own) = (&scenario.name, figures.scenario(&scenario.name));
        match scenario.kind {
            ScenarioKind::Mark | ScenarioKind::Stress => {
                let own = own.unwrap();
                if below(&own.owed, positive()) || below(&own.bad_debt, negative()) {
                    return Some(format!(
                        "{name}: owed {} and bad debt {}, not {} and {}",
                        own.owed.units,
                        own.bad_debt.units,
                        positive(),
                        negative()
                    ));
                }
            }
            ScenarioKind::Twin { of } => {
                let of = &compiled.scenario(of).name;
                let fund = figures.funds.iter().find(|fund| fund.scenario == *of).unwrap();
                if below(&fund.owed_to_others, positive()) {
                    return Some(format!("{name}: owed to others, not {}", positive()));
                }
            }
            ScenarioKind::Margin(_) => {
                let numbers = 0..compiled.contingencies.len();
                let all: i128 = numbers.clone().map(|number| unit(compiled, number)).product();
                let required = |one: &Held| -> i128 {
                    let each = numbers.clone().map(|number| {
                        let row = compiled.contingencies[number].row.row();
                        let counts = -value(compiled, row, id);
                        counts * (all / unit(compiled, number)) * loss(compiled, one, number)
                    });
                    each.sum()
                };
                let lacks =
                    held.iter().map(|one| (required(one) - all * margin(compiled, one, id)).max(0));
                let lacks: i128 = lacks.sum();
                let said = BigInt::from(own.unwrap().bad_debt.units.clone()) * all;
                if said < lacks.into() {
                    return Some(format!("{name}: {said} is lacking, not {lacks}, in 1/{all}"));
                }
            }
            _ => {}
        }
    }
    for (number, own) in figures.contingencies.iter().enumerate() {
        let lost: i128 = held.iter().map(|one| loss(compiled, one, number)).sum();
        let said = BigInt::from(own.required.units.clone()) * unit(compiled, number);
        if said < lost.into() {
            return Some(format!("{}: {said} is required, not {lost}", own.name));
        }
    }
    sides(compiled, figures, &held).or_else(|| credit(compiled, figures, &held))
}

/// Deposits, borrows, positions and quote currency are exact.
fn sides(compiled: &Compiled, figures: &Figures, held: &[Held]) -> Option<String> {
    let sum = |row: usize| -> i128 {
        let of = |one: &Held, fund| one.get(&(row, fund)).copied().unwrap_or_default();
        held.iter().map(|one| of(one, false) + of(one, true)).sum()
    };
    let [credit, debit] = compiled.quote_rows.map(|row| sum(row.row()));
    let mut pairs = vec![(&figures.quote_credit, credit), (&figures.quote_debit, debit)];
    for asset in &figures.assets {
        let rows = &compiled.assets[&asset.name];
        pairs.push((&asset.deposits, sum(rows.deposits[0].row())));
        pairs.push((&asset.borrows, rows.borrow.map_or(0, |row| sum(row.row()))));
    }
    for market in &figures.markets {
        let rows = &compiled.markets[&market.name];
        pairs.push((&market.long, sum(rows.longs[0].row())));
        pairs.push((&market.short, sum(rows.shorts[0].row())));
    }
    let other = pairs.into_iter().find(|(own, truth)| own.units != (*truth as u128).into());
    other.map(|(own, truth)| format!("{} is held in all, not {truth}", own.units))
}

/// Where any borrow counts, reserves that are asked for are worth at least what is owed at mark.
fn credit(compiled: &Compiled, figures: &Figures, held: &[Held]) -> Option<String> {
    figures.credit.as_ref()?;
    let (mut any, mut required) = (false, BigInt::ZERO);
    for asset in &figures.assets {
        let row = compiled.assets[&asset.name].deposits[0].row();
        let price = value(compiled, row, ScenarioId::MARK);
        let counted = BigInt::from(asset.credit.as_ref()?.counted.units.clone());
        any |= counted > BigInt::ZERO;
        let asked = BigInt::from(asset.deposits.units.clone()) - counted;
        required += asked.max(BigInt::ZERO) * price;
    }
    let worths = held.iter().map(|one| worth(compiled, one, ScenarioId::MARK).max(0));
    let owed: i128 = worths.sum();
    let too_little = any && required < owed.into();
    too_little.then(|| format!("reserves worth {required} are asked for, and {owed} is owed"))
}

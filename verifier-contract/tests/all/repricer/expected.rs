//! What is owed and which clauses stand at other prices, computed from the text of the rule and by
//! itself: whole numbers, without the contract and without `pacioli_attestation::bound`.

use num_bigint::{BigInt, Sign};
use pacioli_attestation::{
    Purpose,
    bound::{Certificate as Named, Repricing},
    program::evaluate,
};
use pacioli_circuits::ScenarioId;
use pacioli_rules::{Compiled, Prices as PricesFile, Role, ScenarioKind, compile};

use crate::{
    registry::policy::reserves,
    repricer::fixture::{Asked, Attested, int, named, numbered},
};

/// Owed at most and at least, bad debt at most and at least.
pub type Four = [BigInt; 4];

/// The bounds, by hand.
pub fn bounds(
    asked: &Asked,
    prices: &PricesFile,
    scenario: ScenarioId,
    multipliers: &[u64],
) -> Four {
    let proved = &asked.world.compiled;
    let there = compile(&asked.world.rules, prices).unwrap();
    let (mut worth, mut above) = (BigInt::ZERO, BigInt::ZERO);
    for (row, total) in asked.totals.0.iter().enumerate() {
        let value = match proved.rows[row].role {
            Role::Equity { .. } | Role::Slack { .. } => continue,
            Role::Shortfall { scenario } => {
                above += int(total.quantity) * multipliers[scenario.index()];
                continue;
            }
            Role::Contingency { .. } | Role::Headroom | Role::Empty => 0,
            _ => {
                let held = there.find(&proved.rows[proved.worth_of(row)].name).unwrap();
                there.table.instruments()[held.row()].values[scenario].units()
            }
        };
        let values = &proved.table.instruments()[row].values;
        let met = proved.table.scenario_ids().zip(multipliers);
        let met: BigInt = met.map(|(id, times)| int(values[id].units()) * *times).sum();
        let part: BigInt = met - int(Named::UNIT) * value;
        if part.sign() == Sign::Plus {
            above += part * total.quantity;
        }
        worth += int(total.quantity) * value;
    }
    let unit = int(Named::UNIT);
    let bad_debt = (above + &unit - 1) / unit;
    let positive = |number: BigInt| number.max(BigInt::ZERO);
    [positive(&worth + &bad_debt), positive(worth.clone()), bad_debt, positive(-worth)]
}

/// What Rust says of a certificate, in the scenarios that it prices. Nothing else but [`found`] calls
/// it.
pub fn said(
    of: Attested<'_>,
    prices: &PricesFile,
    scenario: ScenarioId,
    multipliers: &[u64],
) -> Option<Four> {
    let repricing = Repricing::of(of.compiled, of.totals, of.rules, prices, None).unwrap();
    let id = priced(of.compiled, &repricing, scenario)?;
    let bound = repricing.check(id, &named(of.compiled, multipliers)).unwrap();
    let amounts =
        [bound.owed_at_most, bound.owed_at_least, bound.bad_debt_at_most, bound.bad_debt_at_least];
    Some(amounts.map(|amount| amount.units.into()))
}

/// The certificate that Rust finds for a scenario that it prices: its multipliers for the contract.
pub fn found(of: Attested<'_>, prices: &PricesFile, scenario: ScenarioId) -> Option<Vec<u64>> {
    let repricing = Repricing::of(of.compiled, of.totals, of.rules, prices, None).unwrap();
    let id = priced(of.compiled, &repricing, scenario)?;
    let (certificate, _) = repricing.find(id);
    Some(numbered(of.compiled, &certificate))
}

/// The scenario of the same name at the other prices, where there are figures of it.
fn priced(
    compiled: &Compiled,
    repricing: &Repricing<'_>,
    scenario: ScenarioId,
) -> Option<ScenarioId> {
    let name = &compiled.scenario(scenario).name;
    let mut there = repricing.now().scenarios_by_id().filter(|(_, one)| one.name == *name);
    there.next().map(|(id, _)| id).filter(|id| !repricing.is_coarse(*id))
}

/// The value of reserves for customers, and of all.
pub fn worth(
    prices: &PricesFile,
    asked: &Asked,
    balances: [u128; 3],
    has_fund: bool,
    scenario: ScenarioId,
) -> [BigInt; 2] {
    let there = compile(&asked.world.rules, prices).unwrap();
    let time = "2026-01-01T00:00:00Z".parse().unwrap();
    let reserves = reserves(balances, has_fund, time);
    let of = |purpose| int(reserves.worth(&there, purpose, scenario).units);
    let customers = of(Purpose::Customers);
    [customers.clone(), customers + of(Purpose::Insurance)]
}

/// How a clause stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    Holds,
    CannotHold,
    Unknown,
    /// It is about margins, and held in the proof.
    Held,
}

/// What is deposited of an asset, in any form and by anyone.
fn deposited(asked: &Asked, asset: u16) -> BigInt {
    let compiled = &asked.world.compiled;
    let rows = asked.totals.0.iter().enumerate();
    let of = rows.filter(|(row, _)| {
        matches!(compiled.rows[compiled.worth_of(*row)].role,
            Role::Deposit { asset: of, .. } if of == asset)
    });
    of.map(|(_, total)| int(total.quantity)).sum()
}

/// How each clause stands, by hand, in the block of the attestation: `bounds` are those of a scenario,
/// `worth` its reserves, `btc` the custodian's BTC, which is the asset of every clause about one, and
/// `failing` whether a clause failed as it was proved.
pub fn standing(
    asked: &Asked,
    bounds: &dyn Fn(ScenarioId) -> Four,
    worth: &dyn Fn(ScenarioId) -> [BigInt; 2],
    btc: u128,
    failing: &dyn Fn(usize) -> bool,
) -> Vec<Stands> {
    let compiled = &asked.world.compiled;
    let program = evaluate(asked.world.program.to_bytes(), &asked.world.prices).unwrap();
    let clauses = program.clauses.iter().enumerate().map(|(number, clause)| {
        let subject = || scenario(compiled, clause.subject);
        // Whether it is kept with these figures.
        let judge = |owed: &BigInt, bad_debt: &BigInt, scenario| match clause.kind {
            0 => {
                worth(scenario)[0].clone() * int(10).pow(clause.scale.into())
                    >= owed * clause.mantissa
            }
            2 => *bad_debt <= int(clause.mantissa),
            _ => worth(scenario)[1] >= *owed,
        };
        let as_proved = if failing(number) { Stands::CannotHold } else { Stands::Holds };
        // No breach is lifted.
        let holds = if failing(number) { Stands::Unknown } else { Stands::Holds };
        if clause.kind == 1 {
            // The token has 8 digits.
            let units = int(btc) * int(10).pow(compiled.assets["BTC"].decimals) / 100_000_000;
            let is_there = units >= deposited(asked, clause.subject);
            return if is_there { holds } else { Stands::CannotHold };
        }
        if !matches!(clause.kind, 0 | 2 | 3) {
            return as_proved;
        }
        let subject = subject();
        let kind = compiled.scenario(subject).kind;
        if !matches!(kind, ScenarioKind::Mark | ScenarioKind::Stress) {
            // No less is lacking of a margin than at mark.
            let [.., least] = bounds(ScenarioId::MARK);
            let fails = failing(number) || clause.kind == 2 && least > int(clause.mantissa);
            return if fails { Stands::CannotHold } else { Stands::Held };
        }
        let twin = compiled
            .scenarios_by_id()
            .find(|(_, twin)| matches!(twin.kind, ScenarioKind::Twin { of } if of == subject));
        let others = match twin {
            Some((twin, _)) if clause.kind == 3 => twin,
            _ => subject,
        };
        let [most, least, bad_most, bad_least] = bounds(others);
        if judge(&most, &bad_most, subject) {
            holds
        } else if !judge(&least, &bad_least, subject) {
            Stands::CannotHold
        } else {
            Stands::Unknown
        }
    });
    clauses.collect()
}

fn scenario(compiled: &Compiled, number: u16) -> ScenarioId {
    compiled.table.scenario_ids().nth(number.into()).unwrap()
}

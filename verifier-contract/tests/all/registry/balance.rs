//! Books that balance: whatever lines a test asks for, with what makes accounts of them.

use num_bigint::BigInt;
use pacioli_circuits::{ScenarioId, Totals, Value};
use pacioli_rules::{Compiled, Role};

/// Completes totals so that their lines can hold what they are said to hold, and that in every scenario
/// totals times values come to nothing. In mark the quote currency makes up for what is missing, so that
/// what a test says is owed there stays; in the others equity does, or shortfall.
pub fn balance(compiled: &Compiled, totals: &mut Totals) {
    if totals.0.iter().skip(1).all(|total| total.quantity == 0) {
        return;
    }
    let instruments = compiled.table.instruments();
    let row = |role: Role| compiled.rows.iter().position(|row| row.role == role).unwrap();
    let worth = |totals: &Totals, scenario: ScenarioId| -> BigInt {
        let all = instruments.iter().zip(&totals.0);
        all.map(|(row, total)| BigInt::from(row.values[scenario].units()) * total.quantity).sum()
    };
    let add = |totals: &mut Totals, row: usize, quantity: &BigInt| {
        totals.0[row].quantity += u128::try_from(quantity).expect("no test needs so much");
    };
    let missing = -worth(totals, ScenarioId::MARK);
    let [credit, debit] = [Role::QuoteCredit, Role::QuoteDebit].map(row);
    let one = BigInt::from(instruments[credit].values[ScenarioId::MARK].units());
    let quote = if missing > BigInt::ZERO { credit } else { debit };
    add(totals, quote, &(BigInt::from(missing.magnitude().clone()) / &one));
    // A constraint may lose no more than a contingency pays.
    for (id, scenario) in compiled.scenarios_by_id() {
        let short = -worth(totals, id);
        if scenario.balance().is_some() || short <= BigInt::ZERO {
            continue;
        }
        let pays = |row: &pacioli_circuits::Instrument| row.values[id] > Value::ZERO;
        let mut rows = instruments.iter().enumerate().zip(&compiled.rows);
        let contingency = rows
            .find(|((_, row), about)| matches!(about.role, Role::Contingency { .. }) && pays(row));
        let ((row, instrument), _) = contingency.expect("a constraint has its contingency");
        let unit = BigInt::from(instrument.values[id].units());
        add(totals, row, &((short + &unit - 1) / unit));
    }
    for scenario in compiled.table.scenario_ids() {
        let left = worth(totals, scenario);
        let roles = match left > BigInt::ZERO {
            true => [Role::Equity { scenario }, Role::Slack { scenario }],
            false => [Role::Shortfall { scenario }; 2],
        };
        let closing = compiled.rows.iter().position(|row| roles.contains(&row.role));
        if left != BigInt::ZERO {
            add(totals, closing.unwrap(), &left.magnitude().clone().into());
        }
    }
    for (instrument, total) in instruments.iter().zip(&mut totals.0) {
        if let Some(cap) = instrument.cap {
            let lines = total.quantity.div_ceil(cap.units());
            total.count = total.count.max(u64::try_from(lines).unwrap());
        }
    }
}

//! What holdings are worth at mark, for shares and charts. No verdict rests on these.

use num_bigint::BigUint;
use pacioli_attestation::{Findings, Reserve, Reserves};
use pacioli_circuits::InstrumentId;
use pacioli_rules::{Amount, Compiled};

/// Whole units of a holding at the value that the last of its rows has in `mark`; `None` without a row.
pub fn worth_at_mark(compiled: &Compiled, rows: &[InstrumentId], held: &Amount) -> Option<Amount> {
    let (mark, _) = compiled.scenarios_by_id().next()?;
    let row = compiled.table.get(*rows.last()?)?;
    let value = row.values.get(mark)?.units().unsigned_abs();
    Some(Amount::new(&held.units * BigUint::from(value), compiled.value_decimals))
}

/// What one reserve is worth at mark, whatever it counts for.
pub fn reserve_at_mark(findings: &Findings, reserve: &Reserve) -> Amount {
    let compiled = &findings.compiled;
    let nothing = Amount::new(0u32, compiled.value_decimals);
    let Some((mark, _)) = compiled.scenarios_by_id().next() else { return nothing };
    let alone =
        Reserves { as_of: findings.attestation.header.as_of, reserves: vec![reserve.clone()] };
    alone.worth(compiled, reserve.purpose, mark)
}

/// An amount as a number to draw.
pub fn drawn(amount: &Amount) -> f64 {
    amount.to_string().parse().unwrap_or_default()
}

/// A part of a whole in percent, with one decimal, rounded down: `12.3 %`; `-` of nothing.
pub fn share(part: &Amount, whole: &Amount) -> String {
    if whole.units == BigUint::ZERO {
        return "-".to_owned();
    }
    let thousandths = &part.units * 1_000u32 / &whole.units;
    format!("{}.{} %", &thousandths / 10u32, thousandths % 10u32)
}

/// A number in few digits: `45.4 M`.
pub fn short(number: f64) -> String {
    let size = number.abs();
    let steps = [(1e15, " Q"), (1e12, " T"), (1e9, " B"), (1e6, " M"), (1e3, " k")];
    match steps.into_iter().find(|(least, _)| size >= *least) {
        Some((least, name)) => {
            let scaled = number / least;
            let decimals = if scaled.abs() >= 100.0 { 0 } else { 1 };
            format!("{scaled:.decimals$}{name}")
        }
        None if size >= 100.0 || size.fract() == 0.0 => format!("{number:.0}"),
        None => format!("{number:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_down() {
        let amount = |units: u32| Amount::new(units, 0);
        assert_eq!(share(&amount(2), &amount(3)), "66.6 %");
        assert_eq!(share(&amount(0), &amount(0)), "-");
        for (number, told) in [
            (0.0, "0"),
            (12.0, "12"),
            (0.5, "0.50"),
            (1_234.0, "1.2 k"),
            (45_477_808.0, "45.5 M"),
            (312_000_000_000.0, "312 B"),
            (-2_500_000.0, "-2.5 M"),
        ] {
            assert_eq!(short(number), told);
        }
    }
}

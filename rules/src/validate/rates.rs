//! Rates that follow a volatility: their numbers in range, and what they name.

use super::range::name_at;
use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    schema::{TableSchema, VolatilityRate},
    volatility::{Volatility, VolatilityKind, check_source},
};

impl TableSchema {
    pub(super) fn check_rates(&self) -> Result<(), RulesError> {
        self.following().try_for_each(|(key, rate)| check_rate(&key, rate))
    }
}

fn check_rate(key: &str, rate: &VolatilityRate) -> Result<(), RulesError> {
    let VolatilityRate { volatility, kind, window, tenor, source, .. } = rate;
    if let Some(asset) = volatility {
        name_at(&format!("{key}.volatility"), asset)?;
    }
    for (field, length, other) in
        [("window", window, VolatilityKind::Implied), ("tenor", tenor, VolatilityKind::Realised)]
    {
        let field = format!("{key}.{field}");
        match length {
            Some(length) if length.0 == 0 => return refuse(field, Problem::NoTime),
            Some(_) if *kind == Some(other) => {
                let problem = "`window` is of realised volatilities, `tenor` of implied ones";
                return refuse(field, Problem::Misplaced(problem));
            }
            _ => {}
        }
    }
    if window.is_some() && tenor.is_some() {
        let problem = "no volatility has both a window and a tenor";
        return refuse(format!("{key}.tenor"), Problem::Misplaced(problem));
    }
    if let Some(Err(error)) = source.as_deref().map(check_source) {
        return refuse(format!("{key}.source"), Problem::Source(error));
    }
    check_numbers(key, rate)
}

fn check_numbers(key: &str, rate: &VolatilityRate) -> Result<(), RulesError> {
    let &VolatilityRate { multiple, horizon, floor, ceiling, step, .. } = rate;
    for (field, value, most, range) in [
        ("multiple", multiple, 1_000, "above 0 and at most 1000"),
        ("step", step, 1, "above 0 and at most 1"),
    ] {
        let field = format!("{key}.{field}");
        if value.mantissa() <= 0 || value > Decimal::from(most) {
            return refuse(field, Problem::Range { value, range });
        }
        if value.scale() > Volatility::DECIMALS {
            return refuse(field, Problem::Digits { value, most: Volatility::DECIMALS });
        }
    }
    if horizon.0 == 0 {
        return refuse(format!("{key}.horizon"), Problem::NoTime);
    }
    for (field, value) in [("floor", floor), ("ceiling", ceiling)] {
        if value.is_negative() || value > Decimal::from(1) {
            let problem = Problem::Range { value, range: "between 0 and 1" };
            return refuse(format!("{key}.{field}"), problem);
        }
    }
    if ceiling < floor {
        return refuse(format!("{key}.ceiling"), Problem::Ceiling { floor, ceiling });
    }
    Ok(())
}

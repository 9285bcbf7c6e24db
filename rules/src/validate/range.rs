//! Checks of single values, each refused with its key.

use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    names::check_name,
};

/// A name has the characters that names may have.
pub(super) fn name_at(key: &str, name: &str) -> Result<(), RulesError> {
    check_name(name).or_else(|error| refuse(key, error.into()))
}

/// A quantity is no finer than a value.
pub(super) fn decimals_at(key: &str, decimals: u32, value_decimals: u32) -> Result<(), RulesError> {
    if decimals > value_decimals {
        return refuse(key, Problem::Decimals { decimals, value_decimals });
    }
    Ok(())
}

/// A relative move is at least -1.
pub(super) fn move_at(key: String, value: Decimal) -> Result<(), RulesError> {
    if value < Decimal::new(-1, 0) {
        return refuse(key, Problem::Range { value, range: "at least -1" });
    }
    Ok(())
}

/// The part of a gain or loss that counts is above 0.
pub(super) fn weight_at(key: String, weight: Option<Decimal>) -> Result<(), RulesError> {
    match weight.filter(|weight| weight.mantissa() <= 0) {
        Some(value) => refuse(key, Problem::Range { value, range: "above 0" }),
        None => Ok(()),
    }
}

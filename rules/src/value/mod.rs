//! The arithmetic of the table: what a row of each kind is worth in every scenario.

mod option;
mod rate;
mod scaling;
mod terms;

pub(crate) use self::{
    option::{OptionWorth, option_worth},
    terms::{Base, Terms, mark_price},
};

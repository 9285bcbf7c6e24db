//! Amounts, ratios, counts and ages as text.

pub use pacioli_report::format::{
    Toward, age, apart, brief, brief_signed, cents_down, cents_up, counted, grouped,
    grouped_signed, plural, ratio, sentence, thousands, time,
};

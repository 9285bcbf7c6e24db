//! Presets against the venues' own formulas: random portfolios are entered in a ledger under the
//! preset, and what each account is worth in a margin scenario is compared with the venue's formula,
//! computed here on its own in big fractions, in the venue's units and with its rounding.

mod book;
mod coin;
mod coin_linear;
mod coin_steps;
mod dice;
mod lending;
mod number;
mod perp_flat;
mod perp_sqrt;
mod perp_tiered;
mod spot_margin;

//! Coin-margined positions: as a snapshot has them, and what the venues say they gained, in coins.

use crate::presets::number::{Number, ceil, floor, whole};

/// Contracts of so many dollars in all, entered at an average price.
#[derive(Clone, Debug)]
pub struct Position {
    pub long: bool,
    pub dollars: Number,
    pub entry: Number,
}

impl Position {
    /// Its two lines. Coins have so many decimals and are rounded in the holder's favour.
    pub fn lines(&self, coins: &str, dollars: &str, decimals: u32) -> [(String, Number); 2] {
        let at_entry = &self.dollars / &self.entry;
        let (side, other, quantity) = match self.long {
            true => ("long", "short", ceil(&at_entry, decimals)),
            false => ("short", "long", floor(&at_entry, decimals)),
        };
        let dollars = (format!("{other} {dollars}"), self.dollars.clone());
        [(format!("{side} {coins}"), quantity), dollars]
    }

    /// `contracts * face * (1 / entry - 1 / mark)` coins, the other way round for a short.
    pub fn gain(&self, mark: &Number) -> Number {
        let gain = &self.dollars * (whole(1) / &self.entry - whole(1) / mark);
        if self.long { gain } else { -gain }
    }
}

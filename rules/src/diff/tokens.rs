//! Changes of known tokens.

use super::Changes;
use crate::{
    rules::Rules,
    schema::{KnownToken, TokenKind},
};

impl Changes {
    pub(super) fn tokens(&mut self, before: &Rules, after: &Rules) {
        let all = |rules: &Rules| {
            let chains = rules.tokens().iter();
            let tokens = chains.flat_map(|(chain, known)| {
                known.iter().map(move |(name, token)| (format!("{name} on {chain}"), token.clone()))
            });
            tokens.collect::<std::collections::BTreeMap<_, _>>()
        };
        let (before, after) = (all(before), all(after));
        for (name, token) in &before {
            match after.get(name) {
                None => self.neither(name, "the token is not known any more"),
                Some(now) if now != token => {
                    self.neither(name, format!("changes from {} to {}", said(token), said(now)));
                }
                Some(_) => {}
            }
        }
        for (name, token) in &after {
            if !before.contains_key(name) {
                self.neither(name, format!("is now a known token: {}", said(token)));
            }
        }
    }
}

/// All of a token in words.
fn said(token: &KnownToken) -> String {
    let KnownToken { kind, stands_for, decimals, address, code_hash, balances_slot, counts_for } =
        token;
    let kind = match kind {
        TokenKind::Native => "coin",
        TokenKind::Erc20 => "token",
    };
    let mut text = format!("a {kind} of {decimals} decimals that stands for {stands_for}");
    for (what, given) in [("at", address), ("with the code hash", code_hash)] {
        if let Some(given) = given {
            text += &format!(" {what} {given}");
        }
    }
    if let Some(slot) = balances_slot {
        text += &format!(", balances in slot {slot}");
    }
    if let Some(part) = counts_for {
        text += &format!(", counts for {part}");
    }
    text
}

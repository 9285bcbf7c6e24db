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

#[cfg(test)]
mod tests {
    use crate::{diff::diff, rules::Rules, testing::RULES};

    const TOKEN: &str = "\n[tokens.\"eip155:1\".ETH]\nkind = \"native\"\nstands_for = \"BTC\"\n\
        decimals = 18\n";

    #[test]
    fn every_change_of_a_token_is_told() {
        let rules = |tokens: &str| Rules::parse(&format!("{RULES}{tokens}")).unwrap();
        let told = |before: &str, after: &str| {
            let changes = diff(&rules(before), &rules(after));
            changes.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let coin = "a coin of 18 decimals that stands for BTC";
        assert_eq!(told("", TOKEN), [format!("ETH on eip155:1: is now a known token: {coin}")]);
        assert_eq!(told(TOKEN, ""), ["ETH on eip155:1: the token is not known any more"]);
        assert_eq!(told(TOKEN, TOKEN), [""; 0]);
        let haircut = format!("{TOKEN}counts_for = \"0.9\"\n");
        let changed = format!("ETH on eip155:1: changes from {coin} to {coin}, counts for 0.9");
        assert_eq!(told(TOKEN, &haircut), [changed]);
    }
}

//! Known tokens: each stands for one asset, and nothing is known twice.

use std::collections::BTreeSet;

use super::{MAX_DECIMALS, range::name_at};
use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    schema::{KnownToken, KnownTokens, TableSchema, TokenKind},
};

/// Checks the section `tokens`.
///
/// # Errors
/// If a chain is not named as CAIP-2 has it, a token has keys that its kind lacks, or the other way
/// round, stands for no asset of the rules, or is there twice.
pub(super) fn check(table: &TableSchema, tokens: &KnownTokens) -> Result<(), RulesError> {
    for (chain, known) in tokens {
        let of_chain = format!("tokens.{chain}");
        if !is_chain(chain) {
            let problem = Problem::Misplaced("a chain is named as CAIP-2 has it, as `eip155:1`");
            return refuse(of_chain, problem);
        }
        let mut seen = BTreeSet::new();
        for (name, token) in known {
            let key = format!("{of_chain}.{name}");
            name_at(&key, name)?;
            check_token(table, &key, token)?;
            if !seen.insert(&token.address) {
                let what = token.address.as_deref().unwrap_or("native");
                return refuse(key, Problem::Twice(what.to_owned()));
            }
        }
    }
    Ok(())
}

fn check_token(table: &TableSchema, key: &str, token: &KnownToken) -> Result<(), RulesError> {
    let KnownToken { kind, stands_for, decimals, address, code_hash, balances_slot, counts_for } =
        token;
    let at = |field: &str| format!("{key}.{field}");
    name_at(&at("stands_for"), stands_for)?;
    if *stands_for != table.quote && !table.has_asset(stands_for) {
        let problem = Problem::unknown("asset", stands_for, table.asset_names());
        return refuse(at("stands_for"), problem);
    }
    if *decimals > MAX_DECIMALS {
        let value = Decimal::from(*decimals);
        return refuse(at("decimals"), Problem::Range { value, range: "at most 38" });
    }
    let is_part = |part: &Decimal| part.mantissa() > 0 && *part <= Decimal::new(1, 0);
    if let Some(value) = counts_for.filter(|part| !is_part(part)) {
        return refuse(at("counts_for"), Problem::Range { value, range: "above 0 and at most 1" });
    }
    match kind {
        TokenKind::Native => {
            for (field, given) in [
                ("address", address.is_some()),
                ("code_hash", code_hash.is_some()),
                ("balances_slot", balances_slot.is_some()),
            ] {
                if given {
                    let why = "a chain's own coin has no contract";
                    return refuse(at(field), Problem::Misplaced(why));
                }
            }
        }
        TokenKind::Erc20 => {
            for (field, given, digits) in [("address", address, 40), ("code_hash", code_hash, 64)] {
                let Some(text) = given else {
                    return refuse(at(field), Problem::Missing("a token has a contract"));
                };
                if !is_hex(text, digits) {
                    let why = "it is 0x and 40 lower-case hexadecimal digits for an address, 64 for a \
                               hash";
                    return refuse(at(field), Problem::Misplaced(why));
                }
            }
        }
    }
    Ok(())
}

/// Whether a text is `namespace:reference` of CAIP-2.
fn is_chain(text: &str) -> bool {
    let Some((namespace, reference)) = text.split_once(':') else { return false };
    let is = |part: &str, lengths: std::ops::RangeInclusive<usize>, more: &[u8]| {
        let fits = |byte: &u8| byte.is_ascii_digit() || more.contains(byte);
        lengths.contains(&part.len())
            && part.bytes().all(|byte| fits(&byte) || byte.is_ascii_lowercase())
    };
    let upper = b"-_ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    is(namespace, 3..=8, b"-") && is(reference, 1..=32, upper)
}

fn is_hex(text: &str, digits: usize) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.strip_prefix("0x").is_some_and(|hex| hex.len() == digits && hex.bytes().all(is_digit))
}

#[cfg(test)]
mod tests {
    use crate::{
        rules::Rules,
        testing::{self, RULES},
    };

    const TOKENS: &str = "[tokens.\"eip155:1\".USDC]\nkind = \"erc20\"\nstands_for = \"USDC\"\n\
        decimals = 6\naddress = \"0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48\"\n\
        code_hash = \"0xd80d4b7c890cb9d6a4893e6b52bc34b56b25335cb13716e0d1d31383e6b41505\"\n\
        balances_slot = 9\ncounts_for = \"0.99\"\n\
        [tokens.\"bip122:000000000019d6689c085ae165831e93\".BTC]\nkind = \"native\"\n\
        stands_for = \"BTC\"\ndecimals = 8\n";

    #[track_caller]
    fn refuses(from: &str, to: &str, expected: &str) {
        assert!(TOKENS.contains(from), "{from}");
        let text = format!("{RULES}\n{}", TOKENS.replacen(from, to, 1));
        testing::refuses(Rules::parse(&text), expected);
    }

    #[test]
    fn known_tokens_stand_for_assets_of_the_rules() {
        let rules = Rules::parse(&format!("{RULES}\n{TOKENS}")).unwrap();
        assert_eq!(rules.tokens()["eip155:1"]["USDC"].balances_slot, Some(9));
        assert!(Rules::parse(RULES).unwrap().tokens().is_empty());
        let usdc = "tokens.eip155:1.USDC";
        refuses("\"USDC\"", "\"DOGE\"", &format!("{usdc}.stands_for: there is no asset `DOGE`"));
        refuses("decimals = 6", "decimals = 39", &format!("{usdc}.decimals: 39 is not at most 38"));
        refuses("0.99", "1.01", &format!("{usdc}.counts_for: 1.01 is not above 0 and at most 1"));
        refuses("0.99", "0", &format!("{usdc}.counts_for: 0 is not above 0 and at most 1"));
        refuses("0xa0b8", "0xA0b8", &format!("{usdc}.address: does not belong here"));
        refuses("0xd80d", "d80d", &format!("{usdc}.code_hash: does not belong here"));
        refuses("erc20", "native", &format!("{usdc}.address: does not belong here"));
        let bitcoin = "tokens.bip122:000000000019d6689c085ae165831e93.BTC.address: is missing";
        refuses("\"native\"", "\"erc20\"", bitcoin);
        refuses("eip155:1", "ethereum", "tokens.ethereum: does not belong here");
    }

    #[test]
    fn nothing_is_known_twice() {
        let again = TOKENS.replace(".USDC]", ".USDC2]");
        let again = &again[..again.find("[tokens.\"bip").unwrap()];
        let text = format!("{RULES}\n{TOKENS}\n{again}");
        let expected =
            "tokens.eip155:1.USDC2: duplicate `0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48`";
        testing::refuses(Rules::parse(&text), expected);
    }
}

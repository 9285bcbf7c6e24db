//! Where a reserve is, as text: one name for each chain, and one key for each place however it is
//! written. What an address stands for is `pacioli-evidence`'s to say; this much every reader knows,
//! the web page too (`web/src/attestation/place.ts`).

use pacioli_rules::is_ignorable;

/// Ethereum's main network, as CAIP-2 names it.
pub const ETHEREUM: &str = "eip155:1";
/// Bitcoin's main network, by the first half of its first block's hash.
pub const BITCOIN: &str = "bip122:000000000019d6689c085ae165831e93";

/// A chain as CAIP-2 names it: blanks at its ends and the common names of two networks aside, the text
/// itself.
pub fn chain_id(chain: &str) -> &str {
    let chain = chain.trim();
    match chain {
        _ if chain.eq_ignore_ascii_case("ethereum") => ETHEREUM,
        _ if chain.eq_ignore_ascii_case("bitcoin") => BITCOIN,
        _ => chain,
    }
}

/// A chain's name as it is compared with others: one for all spellings of [`chain_id`], for both cases,
/// for whatever blanks and characters are not seen in it, and for zeros before the number of an EVM
/// chain.
pub fn chain_key(chain: &str) -> String {
    let chain = plain(chain);
    let chain = chain_id(&chain);
    match chain.strip_prefix("eip155:").map(|digits| (digits, digits.trim_start_matches('0'))) {
        Some((digits, rest)) if digits.len() > rest.len() && !rest.is_empty() => {
            format!("eip155:{rest}")
        }
        _ => chain.to_owned(),
    }
}

/// A place as it is compared with others: the chain's [`chain_key`], and the address in lower case,
/// without blanks, characters that are not seen, the chain before it (as CAIP-10 has it), or the `0x` of
/// an EVM chain.
pub fn place_key(chain: &str, address: &str) -> [String; 2] {
    let (chain, address) = (chain_key(chain), plain(address));
    let mut own = address.as_str();
    for before in [chain.as_str(), "ethereum", "bitcoin"] {
        own = own.strip_prefix(before).and_then(|own| own.strip_prefix(':')).unwrap_or(own);
    }
    if chain.starts_with("eip155:") {
        own = own.strip_prefix("0x").unwrap_or(own);
    }
    let own = own.to_owned();
    [chain, own]
}

/// Whether nothing of a text is seen.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_nothing)
}

fn plain(text: &str) -> String {
    text.chars().filter(|&c| !is_nothing(c)).collect::<String>().to_lowercase()
}

fn is_nothing(c: char) -> bool {
    c.is_whitespace() || is_ignorable(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_one_key_in_every_spelling() {
        let own = place_key("eip155:1", "0xabc1");
        for (chain, address) in [
            ("ethereum", "0xABC1"),
            (" Ethereum", "abc1 "),
            ("EIP155:1", "0Xabc1"),
            ("eip155:01", "0x abc1"),
            ("eip155:1\u{34f}", "0xa\u{ad}bc1\u{e0041}"),
            ("ether\u{2060}eum", "\u{feff}eip155:1:0xabc1"),
            ("eip155:1", "ethereum:0xabc1"),
        ] {
            assert_eq!(place_key(chain, address), own, "{chain} {address}");
        }
        assert_eq!(place_key("bitcoin", "BC1Q"), place_key(BITCOIN, "bitcoin:bc1q"));
        for (chain, address) in [
            ("eip155:10", "0xabc1"),
            ("eip155:0", "0xabc1"),
            ("bank", "0xabc1"),
            ("eip155:1", "0xabc2"),
        ] {
            assert_ne!(place_key(chain, address), own, "{chain} {address}");
        }
        assert_ne!(place_key("bank", "0xabc1"), place_key("bank", "abc1"));
        assert!(is_blank(" \u{34f}\u{2060}") && is_blank("") && !is_blank("\u{301}"));
    }
}

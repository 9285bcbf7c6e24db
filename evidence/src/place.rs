//! Where a reserve is: a chain and an address, however they are spelled.
//!
//! Addresses are compared as what they stand for: 20 bytes on an EVM chain, the script on Bitcoin.
//! Chains are named as CAIP-2 has it; `ethereum` and `bitcoin` stand for their main networks.

use std::str::FromStr;

use alloy_primitives::Address;
use bitcoin::{
    CompressedPublicKey, Network, PublicKey, ScriptBuf, XOnlyPublicKey,
    key::{Secp256k1, TapTweak},
    secp256k1,
};
use pacioli_attestation::{chain_id, chain_key};
use pacioli_rules::is_unseen;
use thiserror::Error;

/// Bitcoin's networks.
const NETWORKS: [(&str, Network); 4] = [
    ("000000000019d6689c085ae165831e93", Network::Bitcoin),
    ("000000000933ea01ad0ee984209779ba", Network::Testnet),
    ("00000008819873e925422c1ff0f99f7c", Network::Signet),
    ("0f9188f13cb7b2c71f2a335e3a4fc328", Network::Regtest),
];

/// A place that evidence can be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An account of an EVM chain.
    Evm {
        /// The chain's number.
        chain: u64,
        /// The account.
        address: Address,
    },
    /// A script of Bitcoin.
    Bitcoin {
        /// The network.
        network: Network,
        /// The script that coins are locked with.
        script: ScriptBuf,
    },
    /// An address of which nothing is known here but its text.
    Other {
        /// The chain, or whatever stands for one.
        chain: String,
        /// The address there.
        address: String,
    },
}

/// Why an address is none of its chain.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{}` is no address of {}", .address.escape_debug(), .chain.escape_debug())]
pub struct PlaceError {
    /// The chain.
    pub chain: String,
    /// The address.
    pub address: String,
}

/// The number of an EVM chain, where the text names one.
pub fn evm_chain(chain: &str) -> Option<u64> {
    let digits = chain_id(chain).strip_prefix("eip155:")?;
    let number: u64 = digits.parse().ok()?;
    (number.to_string() == digits).then_some(number)
}

/// The network of Bitcoin, where the text names one.
pub fn bitcoin_network(chain: &str) -> Option<Network> {
    let reference = chain_id(chain).strip_prefix("bip122:")?;
    NETWORKS.iter().find(|(known, _)| *known == reference).map(|(_, network)| *network)
}

fn evm_address(text: &str) -> Option<Address> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    (digits.len() == 40).then(|| Address::from_str(digits).ok()).flatten()
}

fn script(text: &str) -> Option<(bitcoin::Address<bitcoin::address::NetworkUnchecked>, ScriptBuf)> {
    let address = bitcoin::Address::from_str(text).ok()?;
    let script = address.clone().assume_checked().script_pubkey();
    Some((address, script))
}

impl Place {
    /// Reads a place.
    ///
    /// # Errors
    /// If the chain is an EVM's or Bitcoin's, and the address none of it.
    pub fn of(chain: &str, address: &str) -> Result<Self, PlaceError> {
        let (chain, address) = (chain_id(chain), address.trim());
        let refused = || PlaceError { chain: chain.to_owned(), address: address.to_owned() };
        if let Some(number) = evm_chain(chain) {
            let address = evm_address(address).ok_or_else(refused)?;
            return Ok(Self::Evm { chain: number, address });
        }
        if let Some(network) = bitcoin_network(chain) {
            let (address, script) = script(address).ok_or_else(refused)?;
            if !address.is_valid_for_network(network) {
                return Err(refused());
            }
            return Ok(Self::Bitcoin { network, script });
        }
        Ok(Self::Other { chain: chain.to_owned(), address: address.to_owned() })
    }

    /// Whose it is, as far as that can be compared between venues: the chain's name counts only where
    /// nothing else is known.
    pub fn owner(&self) -> Owner {
        match self {
            Self::Evm { address, .. } => Owner::Account(address.into_array()),
            Self::Bitcoin { script, .. } => Owner::Script(script.to_bytes()),
            // Under whatever name of a chain, an address that reads as one of a kind is of that kind.
            Self::Other { chain, address } => match (evm_address(address), script(address)) {
                (Some(account), _) => Owner::Account(account.into_array()),
                (None, Some((_, script))) => Owner::Script(script.to_bytes()),
                (None, None) => Owner::Text(chain_key(chain), address.to_lowercase()),
            },
        }
    }
}

/// Whoever an address belongs to, in a form that all its spellings share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// An account, on whatever EVM chain.
    Account([u8; 20]),
    /// A script, on whatever network of Bitcoin.
    Script(Vec<u8>),
    /// A text that says nothing more here: chain and address, in lower case.
    Text(String, String),
}

impl Owner {
    /// The owner of an address or other place, whatever the chain is called and however the address
    /// is dressed up: an account in CAIP-10, a link of a wallet, digits without `0x`, a remark behind
    /// it, characters that nobody sees.
    pub fn of(chain: &str, address: &str) -> Self {
        let place = Place::of(chain, address)
            .unwrap_or_else(|error| Place::Other { chain: error.chain, address: error.address });
        let owner = place.owner();
        if !matches!(owner, Self::Text(..)) {
            return owner;
        }
        // What separates stays, unseen or not: a remark behind a line feed is none of the address.
        let shown = address.chars().filter(|&c| c.is_whitespace() || !is_unseen(c));
        let shown: String = shown.map(narrow).collect();
        let parts: Vec<&str> = shown
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|part| !part.is_empty())
            .collect();
        let whole = parts.concat();
        let all = || parts.iter().copied().chain([whole.as_str()]);
        let account = all().find_map(account_in).map(|own| Self::Account(own.into_array()));
        let script = || all().find_map(script_in).map(|own| Self::Script(own.to_bytes()));
        if let Some(known) = account.or_else(script) {
            return known;
        }
        // CAIP-10 has the chain before the address, and that may be as long.
        let own = match shown.splitn(3, ':').collect::<Vec<_>>()[..] {
            [_, _, own] => own,
            _ => shown.as_str(),
        };
        let parts = own.split(|c: char| !c.is_ascii_alphanumeric());
        let longest = parts.filter(|part| part.len() >= LONG).reduce(longer);
        let own = match longest {
            Some(longest) => longest.to_lowercase(),
            None => own.split_whitespace().collect::<String>().to_lowercase(),
        };
        // However a chain is called, nobody else has a long address on any.
        let is_long = own.chars().count() >= LONG;
        Self::Text(if is_long { String::new() } else { chain_key(chain) }, own)
    }
}

/// A letter or digit of double width as it is otherwise.
fn narrow(c: char) -> char {
    let is_wide = ('\u{ff01}'..='\u{ff5e}').contains(&c);
    is_wide.then(|| char::from_u32(u32::from(c) - 0xfee0)).flatten().unwrap_or(c)
}

/// The account in a text without signs: 40 digits alone, or behind `0x` wherever it stands.
fn account_in(text: &str) -> Option<Address> {
    let text = text.to_ascii_lowercase();
    let behind = text.match_indices("0x").find_map(|(at, _)| {
        let rest = &text[at + 2..];
        let digits = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        (digits == 40).then(|| evm_address(&text[at..at + 42])).flatten()
    });
    behind.or_else(|| evm_address(&format!("0x{text}")))
}

/// The script of an address of Bitcoin. Some write Bech32 in both cases at once.
fn script_in(text: &str) -> Option<ScriptBuf> {
    let (_, own) = script(text).or_else(|| script(&text.to_lowercase()))?;
    Some(own)
}

fn longer<'a>(one: &'a str, other: &'a str) -> &'a str {
    if other.len() > one.len() { other } else { one }
}

/// Characters from which on two addresses are not one by chance, whatever their chains are called.
const LONG: usize = 20;

/// Every script that one key of Bitcoin controls alone: P2PK, P2PKH of both forms, P2WPKH,
/// P2SH-P2WPKH, and P2TR of the key path without scripts (BIP-86).
pub fn scripts_of(key: &secp256k1::PublicKey) -> Vec<ScriptBuf> {
    let compressed = CompressedPublicKey(*key);
    let [long, short] = [PublicKey::new_uncompressed(*key), PublicKey::new(*key)];
    let wrapped = ScriptBuf::new_p2wpkh(&compressed.wpubkey_hash());
    let secp = Secp256k1::verification_only();
    let (tweaked, _) = XOnlyPublicKey::from(*key).tap_tweak(&secp, None);
    vec![
        ScriptBuf::new_p2pk(&short),
        ScriptBuf::new_p2pkh(&long.pubkey_hash()),
        ScriptBuf::new_p2pkh(&short.pubkey_hash()),
        ScriptBuf::new_p2sh(&wrapped.script_hash()),
        ScriptBuf::new_p2tr_tweaked(tweaked),
        wrapped,
    ]
}

#[cfg(test)]
mod tests {
    use pacioli_attestation::BITCOIN;

    use super::*;

    const ACCOUNT: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    const WPKH: &str = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

    #[test]
    fn an_address_has_one_owner_in_every_spelling() {
        let account = Owner::of("eip155:1", ACCOUNT);
        for (chain, address) in [
            ("ethereum", ACCOUNT.to_lowercase()),
            ("Ethereum ", ACCOUNT.replace("0x", "0X")),
            ("eip155:1", ACCOUNT.to_uppercase()),
            ("eip155:10", format!(" {ACCOUNT}")),
            ("Arbitrum One", ACCOUNT.to_owned()),
            ("eip155:1", ACCOUNT[2..].to_owned()),
            ("ethereum", format!("eip155:1:{ACCOUNT}")),
            ("ethereum", format!("{ACCOUNT} (hot)")),
            ("ethereum", format!("\u{200b}{ACCOUNT}\u{feff}")),
            ("ethereum", format!("{} {}", &ACCOUNT[..20], &ACCOUNT[20..])),
            ("eip155:01", ACCOUNT.to_owned()),
            ("ethereum", format!("{ACCOUNT}\n(hot)")),
            ("ethereum", format!("{ACCOUNT}\thot")),
            ("ethereum", format!("{ACCOUNT}\u{a0}hot")),
            ("ethereum", format!("{ACCOUNT}\u{2028}hot")),
            ("ethereum", format!("<{ACCOUNT}>")),
            ("ethereum", format!("hot/{ACCOUNT}.")),
            ("ethereum", format!("{ACCOUNT}|hot")),
            ("ethereum", format!("{ACCOUNT}hot")),
            ("ethereum", format!("{}-{}", &ACCOUNT[..9], &ACCOUNT[9..])),
            ("ethereum", ACCOUNT.chars().flat_map(|c| [c, '\u{34f}', '\u{ad}']).collect()),
            ("ethereum", ACCOUNT.chars().flat_map(|c| [c, '\u{2060}', '\u{e0061}']).collect()),
            ("ethereum", ACCOUNT.replace("0x", "\u{ff10}\u{ff58}")),
        ] {
            assert_eq!(Owner::of(chain, &address), account, "{chain} {address}");
        }
        let script = Owner::of("bitcoin", WPKH);
        for (chain, address) in [
            (BITCOIN, WPKH.to_uppercase()),
            (BITCOIN, format!("bitcoin:{WPKH}?label=cold")),
            ("btc", WPKH.to_owned()),
            ("BTC main net", WPKH.to_uppercase()),
            (BITCOIN, WPKH.replace("bc1qw", "bc1qW")),
            ("bitcoin", format!("{WPKH}\ncold")),
        ] {
            assert_eq!(Owner::of(chain, &address), script, "{chain} {address}");
        }
        assert_ne!(Owner::of("bank", "vault"), Owner::of("custodian", "vault"));
        assert_eq!(Owner::of("Bank", "Vault "), Owner::of("bank", "vault"));
        assert_eq!(Owner::of("Ba\u{34f}nk", "Vau\u{e0020}lt"), Owner::of("bank", "vault"));
    }

    #[test]
    fn an_address_that_says_nothing_here_has_one_owner_too() {
        let own = "7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv";
        let chain = "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp";
        let owner = Owner::of(chain, own);
        for (chain, address) in [
            ("Solana", own.to_owned()),
            ("solana", format!("{chain}:{own}")),
            ("solana", format!("solana:{own}?label=cold")),
            ("sol", format!("{own}\n(cold)")),
        ] {
            assert_eq!(Owner::of(chain, &address), owner, "{chain} {address}");
        }
        let other = own.replace("7S3P", "7S3Q");
        for address in [other.clone(), format!("{chain}:{other}")] {
            assert_ne!(Owner::of(chain, &address), owner, "{address}");
        }
    }

    #[test]
    fn a_place_is_of_its_chain() {
        assert!(Place::of("eip155:1", WPKH).is_err());
        assert!(Place::of("eip155:1", &ACCOUNT[2..]).is_err());
        assert!(Place::of(BITCOIN, ACCOUNT).is_err());
        assert!(Place::of(BITCOIN, "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx").is_err());
        assert!(Place::of("bank", "vault").is_ok());
        assert_eq!(evm_chain("eip155:1"), Some(1));
        assert_eq!(evm_chain("eip155:01"), None);
    }

    #[test]
    fn a_key_has_a_script_of_every_kind() {
        // The key of BIP-173's example.
        let key = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
        let scripts = scripts_of(&key.parse().unwrap());
        for address in [
            "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH",
            "1EHNa6Q4Jz2uvNExL497mE43ikXhwF6kZm",
            "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN",
            WPKH,
            "bc1pmfr3p9j00pfxjh0zmgp99y8zftmd3s5pmedqhyptwy6lm87hf5sspknck9",
        ] {
            let Owner::Script(bytes) = Owner::of("bitcoin", address) else { panic!("{address}") };
            assert!(scripts.iter().any(|script| script.to_bytes() == bytes), "{address}");
        }
    }
}

//! Names and addresses that mean one thing in several spellings.

use pacioli_evidence::Owner;
use pacioli_rules::Closest;

/// A venue's name as it is compared with others: nobody reads a difference in case, blanks or marks.
pub(super) fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// Whether a custodian is not `known` but would be read as it.
pub(super) fn is_nearly(custodian: &str, known: &str) -> bool {
    custodian != known
        && (plain(custodian) == plain(known) || Closest::of(custodian, [known]).0.is_some())
}

/// Characters from which on two addresses are not one by chance, whatever their chains are called.
const LONG: usize = 20;

/// Where a reserve is, as it is compared with those of other venues: whose it is on an EVM chain or
/// on Bitcoin, and else the text, whose chain counts only where the address is short.
pub(super) fn owner(chain: &str, address: &str) -> Owner {
    match Owner::of(chain, address) {
        // However a chain is called, nobody else has this address on any.
        Owner::Text(_, address) if address.chars().count() >= LONG => {
            Owner::Text(String::new(), address)
        }
        Owner::Text(chain, address) => Owner::Text(chain.trim().to_lowercase(), address),
        owner => owner,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_tells_spellings_apart() {
        for near in ["beta exchange", "Beta  Exchange", "Beta-Exchange.", "Beta Exchnage"] {
            assert!(is_nearly(near, "Beta Exchange"), "{near}");
        }
        for other in ["Beta Exchange", "Gamma Exchange", "a bank", ""] {
            assert!(!is_nearly(other, "Beta Exchange"), "{other}");
        }
    }

    #[test]
    fn a_long_address_is_one_on_any_chain() {
        let address = "0xAbCdEf0123456789abcdef0123456789ABCDEF01";
        assert_eq!(owner("Ethereum", address), owner("eth", &address.to_lowercase()));
        let bech32 = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
        assert_eq!(owner("bitcoin", bech32), owner("BTC", &bech32.to_uppercase()));
        let iban = "de89 3704 0044 0532 0130 00";
        assert_eq!(owner("bank", iban), owner("Bank Ltd", &iban.to_uppercase()));
        assert_eq!(owner("bank", " Vault "), owner("Bank", "vault"));
        assert_ne!(owner("bank A", "1"), owner("bank B", "1"));
    }
}

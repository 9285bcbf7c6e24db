//! Names and addresses that mean one thing in several spellings.

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

/// An address as it is compared with others of other venues. The one place to know more of: an
/// address that has several spellings is normalised here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The chain; empty where the address is enough.
    chain: String,
    address: String,
}

impl Place {
    pub(super) fn of(chain: &str, address: &str) -> Self {
        let [chain, address] = [chain, address].map(|text| text.trim().to_lowercase());
        // `ethereum`, `eth` and `eip155:1` are one chain, and nobody else has this address on any.
        let is_long = address.chars().count() >= LONG;
        Self { chain: if is_long { String::new() } else { chain }, address }
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
        assert_eq!(Place::of("Ethereum", address), Place::of("eth", &address.to_lowercase()));
        assert_eq!(Place::of("bank", " Vault "), Place::of("Bank", "vault"));
        assert_ne!(Place::of("bank A", "1"), Place::of("bank B", "1"));
    }
}

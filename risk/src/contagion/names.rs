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

#[cfg(test)]
mod tests {
    use pacioli_evidence::Owner;

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
        assert_eq!(Owner::of("Ethereum", address), Owner::of("eth", &address.to_lowercase()));
        let bech32 = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
        assert_eq!(Owner::of("bitcoin", bech32), Owner::of("BTC", &bech32.to_uppercase()));
        let iban = "de89 3704 0044 0532 0130 00";
        assert_eq!(Owner::of("bank", iban), Owner::of("Bank Ltd", &iban.to_uppercase()));
        assert_eq!(Owner::of("bank", " Vault "), Owner::of("Bank", "vault"));
        assert_ne!(Owner::of("bank A", "1"), Owner::of("bank B", "1"));
    }
}

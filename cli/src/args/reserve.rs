//! A reserve on a chain as an argument.

use alloy_primitives::Address;

/// A reserve, as `ASSET:TOKEN:CUSTODIAN` or `ASSET:TOKEN:CUSTODIAN:insurance`.
#[derive(Clone, Debug)]
pub struct ReserveArg {
    /// The asset's name in the rules.
    pub asset: String,
    /// The token; zero for the chain's own coin.
    pub token: Address,
    /// The address that holds it.
    pub custodian: Address,
    /// For bad debt rather than for customers.
    pub insurance: bool,
}

impl std::str::FromStr for ReserveArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || {
            "a reserve is ASSET:TOKEN:CUSTODIAN, followed by `:insurance` if it is for bad debt; the \
             token is an address, or `coin` for the chain's own"
                .to_owned()
        };
        let (place, insurance) = match text.strip_suffix(":insurance") {
            Some(place) => (place, true),
            None => (text, false),
        };
        // From its end, because an asset's name may have a colon.
        let mut parts = place.rsplitn(3, ':');
        let [custodian, token, asset] = [parts.next(), parts.next(), parts.next()];
        let (Some(custodian), Some(token), Some(asset)) = (custodian, token, asset) else {
            return Err(form());
        };
        let token = if token == "coin" { Ok(Address::ZERO) } else { token.parse() };
        let token = token.map_err(|_| form())?;
        let custodian = custodian.parse().map_err(|_| form())?;
        if asset.is_empty() {
            return Err(form());
        }
        Ok(Self { asset: asset.to_owned(), token, custodian, insurance })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_is_read_from_its_end() {
        let (token, custodian) = (Address::repeat_byte(1), Address::repeat_byte(2));
        for asset in ["BTC", "xyz:TSLA", "BTC/USD:BTC"] {
            for (end, insurance) in [("", false), (":insurance", true)] {
                let text = format!("{asset}:{token}:{custodian}{end}");
                let read: ReserveArg = text.parse().unwrap();
                assert_eq!((read.asset.as_str(), read.insurance), (asset, insurance));
                assert_eq!((read.token, read.custodian), (token, custodian));
            }
        }
        for text in ["", "BTC", "BTC:coin", ":coin:0x", "BTC:coin:insurance"] {
            assert!(text.parse::<ReserveArg>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_reserve_names_asset_token_and_custodian() {
        let (token, custodian) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let reserve: ReserveArg = format!("BTC:{token}:{custodian}").parse().unwrap();
        assert_eq!((reserve.asset.as_str(), reserve.insurance), ("BTC", false));
        assert_eq!((reserve.token, reserve.custodian), (token, custodian));
        let reserve: ReserveArg = format!("ETH:coin:{custodian}:insurance").parse().unwrap();
        assert_eq!((reserve.token, reserve.insurance), (Address::ZERO, true));
        for text in ["BTC", "BTC:0x01:0x02", ":coin:0x0202020202020202020202020202020202020202"] {
            assert!(text.parse::<ReserveArg>().is_err(), "{text}");
        }
        assert!(format!("BTC:{token}:{custodian}:fund").parse::<ReserveArg>().is_err());
    }
}

//! The reserves file (JSON): what the venue says it holds, and where that can be seen.
//!
//! ```json
//! { "as_of": "2022-11-11T14:00:00Z",
//!   "reserves": [{ "asset": "BTC", "amount": "20.5", "chain": "bitcoin", "address": "bc1q...",
//!                  "evidence": "signed message", "purpose": "customers" }] }
//! ```

use std::collections::BTreeSet;

use jiff::Timestamp;
use num_bigint::BigUint;
use pacioli_circuits::{ScenarioId, Value};
use pacioli_rules::{
    Amount, Compiled, Decimal, NameError, check_name,
    form::{FileKind, FormError, misread},
    strict,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::place::{is_blank, place_key};

/// What the venue says it holds at one time.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Reserves {
    /// When the amounts were read.
    #[serde(with = "strict::input_time")]
    pub as_of: Timestamp,
    /// The holdings, no two of one asset at one address.
    pub reserves: Vec<Reserve>,
}

/// One asset held at one address.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// The asset, by the name it has in the rules.
    pub asset: String,
    /// How much of it, in whole units, never negative.
    pub amount: Decimal,
    /// The chain, bank or custodian.
    pub chain: String,
    /// The address or account there.
    pub address: String,
    /// How the amount can be checked, as text.
    pub evidence: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Who holds the keys or the account, if not the venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custodian: Option<String>,
    /// Its legal owner, if not the venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_holder: Option<String>,
    /// What else it answers for: a pledge, a lien, a restriction. Whatever it says, the reserve counts
    /// nothing: others may take it first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encumbrance: Option<String>,
    /// Who says that it is there, by the publisher's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attested_by: Option<AttestedBy>,
}

/// Why a reserve counts nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountsNothing {
    /// It is pledged, or otherwise answers for something else.
    Pledged,
    /// It is a claim on another venue, whose failure nothing here knows.
    Claim,
    /// Its asset has no row in the table and is not the quote currency.
    NoAsset,
}

impl Reserve {
    /// Whether it answers for something else too, so that it counts nothing.
    pub fn is_pledged(&self) -> bool {
        self.encumbrance.is_some()
    }
}

/// Who says that a reserve is there.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum AttestedBy {
    /// A chain, on which anyone can read it.
    Chain,
    /// Whoever has custody of it.
    Custodian,
    /// An auditor.
    Auditor,
    /// The venue alone.
    #[serde(rename = "self")]
    Itself,
}

impl AttestedBy {
    /// As it is written in a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::Custodian => "custodian",
            Self::Auditor => "auditor",
            Self::Itself => "self",
        }
    }
}

/// What a reserve is for. None counts twice.
///
/// A [`Purpose::Claim`] is none that policies look at: whether another venue pays is another
/// attestation's question, so it backs nothing until the two are read together (`contagion` of
/// `pacioli-risk`). Its custodian is that venue, its address the account there.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// To cover what customers are owed.
    Customers,
    /// To cover bad debt.
    Insurance,
    /// A claim on another venue, of either purpose.
    Claim,
}

impl Purpose {
    /// The purpose as it is written in a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Insurance => "insurance",
            Self::Claim => "claim",
        }
    }
}

/// Why a reserves file is refused.
#[derive(Debug, Error)]
pub enum ReservesError {
    /// Not JSON of the expected form.
    #[error(transparent)]
    Form(#[from] FormError),
    /// An asset's name that no asset can have.
    #[error("reserves[{index}].asset: {source}")]
    Name {
        /// The entry, from 0.
        index: usize,
        /// What is wrong with the name.
        source: NameError,
    },
    /// An amount below zero.
    #[error("reserves[{index}].amount: {amount} is negative")]
    Negative {
        /// The entry, from 0.
        index: usize,
        /// The amount.
        amount: Decimal,
    },
    /// An entry that does not say where it is.
    #[error("reserves[{index}].{field}: is empty")]
    Empty {
        /// The entry, from 0.
        index: usize,
        /// The field.
        field: &'static str,
    },
    /// A claim that does not say on whom.
    #[error(
        "reserves[{index}].custodian: is missing: a claim names the venue that it is on, as that \
         venue's attestations do"
    )]
    Nobody {
        /// The entry, from 0.
        index: usize,
    },
    /// A duplicate asset at one address.
    #[error("reserves[{index}]: duplicate {asset} at {address} on {chain}")]
    Duplicate {
        /// The second entry, from 0.
        index: usize,
        /// The asset.
        asset: String,
        /// The chain.
        chain: String,
        /// The address.
        address: String,
    },
}

impl Reserves {
    /// Reads a reserves file.
    ///
    /// # Errors
    /// If the text is not exactly of the form described above, an amount is negative, an entry
    /// does not say where it is, or one asset is given twice at one address.
    pub fn parse(json: &str) -> Result<Self, ReservesError> {
        let misread = |error| misread(json.as_bytes(), FileKind::Reserves, None, error);
        let reserves: Self = serde_json::from_str(json).map_err(misread)?;
        reserves.check()?;
        Ok(reserves)
    }

    /// Checks what the form alone does not say.
    ///
    /// # Errors
    /// If an amount is negative, an entry does not say where it is, or one asset is given
    /// twice at one address.
    pub fn check(&self) -> Result<(), ReservesError> {
        let mut seen = BTreeSet::new();
        for (index, reserve) in self.reserves.iter().enumerate() {
            let Reserve { asset, amount, chain, address, evidence, .. } = reserve;
            let Reserve { custodian, legal_holder, encumbrance, .. } = reserve;
            check_name(asset).map_err(|source| ReservesError::Name { index, source })?;
            if amount.is_negative() {
                return Err(ReservesError::Negative { index, amount: *amount });
            }
            let optional = [
                ("custodian", custodian),
                ("legal_holder", legal_holder),
                ("encumbrance", encumbrance),
            ];
            let optional =
                optional.into_iter().filter_map(|(field, text)| Some((field, text.as_ref()?)));
            let always = [("chain", chain), ("address", address), ("evidence", evidence)];
            for (field, text) in always.into_iter().chain(optional) {
                if is_blank(text) {
                    return Err(ReservesError::Empty { index, field });
                }
            }
            if reserve.purpose == Purpose::Claim && custodian.is_none() {
                return Err(ReservesError::Nobody { index });
            }
            if !seen.insert((asset, place_key(chain, address))) {
                let (asset, chain, address) = (asset.clone(), chain.clone(), address.clone());
                return Err(ReservesError::Duplicate { index, asset, chain, address });
            }
        }
        Ok(())
    }

    /// What is held of one asset for one purpose, in units of `10^-decimals`; what an entry has
    /// below one unit does not count, and what is pledged does not either.
    pub fn held(&self, asset: &str, purpose: Purpose, decimals: u32) -> Amount {
        let entries = self.reserves.iter();
        let own = entries.filter(|entry| {
            entry.asset == asset && entry.purpose == purpose && !entry.is_pledged()
        });
        let units: BigUint = own
            .map(|entry| entry.amount.floor_units(decimals).0.to_biguint().unwrap_or_default())
            .sum();
        Amount::new(units, decimals)
    }

    /// The entries that count nothing under these rules and prices, each with its place in the file
    /// and the reason.
    pub fn uncounted<'a>(
        &'a self,
        compiled: &'a Compiled,
    ) -> impl Iterator<Item = (usize, &'a Reserve, CountsNothing)> {
        let is_asset = |asset: &str| compiled.assets.contains_key(asset) || asset == compiled.quote;
        self.reserves.iter().enumerate().filter_map(move |(index, entry)| {
            let why = match entry {
                one if one.is_pledged() => CountsNothing::Pledged,
                one if one.purpose == Purpose::Claim => CountsNothing::Claim,
                one if !is_asset(&one.asset) => CountsNothing::NoAsset,
                _ => return None,
            };
            Some((index, entry, why))
        })
    }

    /// What is held for one purpose is worth in one scenario, in the quote currency: each
    /// asset as much as a deposit of it in its last tier. Assets without a price count nothing.
    pub fn worth(&self, compiled: &Compiled, purpose: Purpose, scenario: ScenarioId) -> Amount {
        let mut units = BigUint::ZERO;
        for (asset, rows) in &compiled.assets {
            let Some(last) = rows.deposits.last().and_then(|&row| compiled.table.get(row)) else {
                continue;
            };
            let value = last.values.get(scenario).map_or(0, Value::units);
            let held = self.held(asset, purpose, rows.decimals).units;
            units += held * BigUint::from(value.unsigned_abs());
        }
        if !compiled.assets.contains_key(&compiled.quote) {
            units += self.held(&compiled.quote, purpose, compiled.value_decimals).units;
        }
        Amount::new(units, compiled.value_decimals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: [(&str, &str); 6] = [
        ("asset", "BTC"),
        ("amount", "20.5"),
        ("chain", "bitcoin"),
        ("address", "bc1q"),
        ("evidence", "signed message"),
        ("purpose", "customers"),
    ];

    fn entry(changes: &[(&str, &str)]) -> String {
        let fields = ENTRY.map(|(field, value)| {
            let changed = changes.iter().find(|(changed, _)| *changed == field);
            format!("\"{field}\": \"{}\"", changed.map_or(value, |(_, new)| new))
        });
        format!("{{ {} }}", fields.join(", "))
    }

    fn parse(entries: &[String]) -> Result<Reserves, String> {
        let entries = entries.join(", ");
        let text = format!(r#"{{ "as_of": "2022-11-11T14:00:00Z", "reserves": [{entries}] }}"#);
        Reserves::parse(&text).map_err(|error| error.to_string())
    }

    #[test]
    fn reserves_of_one_asset_and_purpose_add_up_and_round_down() {
        let reserves = parse(&[
            entry(&[]),
            entry(&[("address", "bc1p"), ("amount", "0.129")]),
            entry(&[("address", "bc1z"), ("purpose", "insurance"), ("amount", "3")]),
            entry(&[("asset", "ETH"), ("amount", "7")]),
        ])
        .unwrap();
        assert_eq!(reserves.held("BTC", Purpose::Customers, 2).to_string(), "20.62");
        assert_eq!(reserves.held("BTC", Purpose::Insurance, 2).to_string(), "3");
        assert_eq!(reserves.held("SOL", Purpose::Customers, 2).to_string(), "0");
    }

    #[test]
    fn a_claim_on_a_venue_backs_nothing_by_itself() {
        let claim = entry(&[("purpose", "claim\", \"custodian\": \"another venue")]);
        let reserves = parse(&[claim]).unwrap();
        assert_eq!(reserves.reserves[0].purpose, Purpose::Claim);
        for purpose in [Purpose::Customers, Purpose::Insurance] {
            assert_eq!(reserves.held("BTC", purpose, 2).to_string(), "0");
        }
    }

    #[test]
    fn what_is_pledged_does_not_count() {
        let pledged = |text: &str| {
            let entry = entry(&[("address", "bc1p")]);
            entry.replace(" }", &format!(", \"encumbrance\": \"{text}\" }}"))
        };
        for text in ["pledged to a bank", "none"] {
            let reserves = parse(&[entry(&[]), pledged(text)]).unwrap();
            assert_eq!(reserves.held("BTC", Purpose::Customers, 2).to_string(), "20.5", "{text}");
        }
        let error = parse(&[pledged(" ")]).unwrap_err();
        assert!(error.contains("reserves[0].encumbrance: is empty"), "{error}");
    }

    #[test]
    fn each_malformed_entry_has_its_own_error() {
        let refused = |entries: &[String], part: &str| {
            let error = parse(entries).unwrap_err();
            assert!(error.contains(part), "{error}");
        };
        refused(&[entry(&[("amount", "-1")])], "reserves[0].amount: -1 is negative");
        refused(&[entry(&[("amount", "1e2")])], "exponent notation");
        refused(&[entry(&[("asset", "B TC")])], "reserves[0].asset: invalid name `B TC`");
        refused(&[entry(&[("address", " ")])], "reserves[0].address: is empty");
        refused(&[entry(&[("purpose", "profit")])], "unknown variant `profit`");
        refused(
            &[entry(&[]), entry(&[("address", "BC1Q")])],
            "reserves[1]: duplicate BTC at BC1Q on bitcoin",
        );
        // One place under the chain's other name, and with what nobody sees in it.
        let chain = ("chain", "bip122:000000000019d6689c085ae165831e93");
        for second in
            [&[chain][..], &[("chain", "Bitcoin\u{34f}")], &[("address", "bc\u{e0020}1q")]]
        {
            refused(&[entry(&[]), entry(second)], "reserves[1]: duplicate BTC at ");
        }
        refused(&[entry(&[("address", "\u{2060}")])], "reserves[0].address: is empty");
        refused(&[entry(&[("purpose", "claim")])], "reserves[0].custodian: is missing: a claim");
        refused(&["{}".to_owned()], "missing field `asset`");
    }
}

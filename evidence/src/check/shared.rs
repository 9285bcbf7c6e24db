//! Addresses that two venues show: coins cannot back both.

use std::collections::BTreeMap;

use bitcoin::secp256k1;
use pacioli_attestation::Attestation;

use super::Report;
use crate::place::{Owner, scripts_of};

/// An address of two venues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The venues and the addresses as they write them, of the earlier attestation first.
    pub places: [(String, String); 2],
    /// Whether the addresses differ and are of one key.
    pub of_one_key: bool,
}

/// Every address that two attestations of different venues show, in whatever spelling, with the other
/// addresses of each key that signed alone. One for each pair of reserves.
pub fn shared(checked: &[(&Attestation, &Report)]) -> Vec<Shared> {
    let mut seen: BTreeMap<Owner, Vec<(usize, String, bool)>> = BTreeMap::new();
    let mut found = Vec::new();
    for (number, (attestation, report)) in checked.iter().enumerate() {
        let entries = attestation.reserves.iter().flat_map(|reserves| &reserves.reserves);
        let mut own = Vec::new();
        for (reserve, one) in entries.zip(&report.reserves) {
            let owner = Owner::of(&reserve.chain, &reserve.address);
            let scripts = one.keys.iter().flat_map(scripts);
            let others = scripts.filter(|script| *script != owner).map(|script| (script, true));
            let address = &reserve.address;
            own.extend(others.map(|(owner, is_of_key)| (owner, address.clone(), is_of_key)));
            own.push((owner, address.clone(), false));
        }
        for (owner, address, is_of_key) in &own {
            let before = seen.get(owner).map(Vec::as_slice).unwrap_or_default();
            for (other, there, was_of_key) in before {
                let venue = |number: usize| checked[number].0.header.venue.clone();
                if venue(*other) == attestation.header.venue {
                    continue;
                }
                let places = [(venue(*other), there.clone()), (venue(number), address.clone())];
                let of_one_key = *is_of_key || *was_of_key;
                let is_told = found.iter().any(|one: &Shared| one.places == places);
                if !is_told {
                    found.push(Shared { places, of_one_key });
                }
            }
        }
        for (owner, address, is_of_key) in own {
            seen.entry(owner).or_default().push((number, address, is_of_key));
        }
    }
    found
}

fn scripts(key: &secp256k1::PublicKey) -> impl Iterator<Item = Owner> {
    scripts_of(key).into_iter().map(|script| Owner::Script(script.to_bytes()))
}

//! The recorded proofs, rules that know their token, and an attestation whose reserves can be set.

use alloy_primitives::{B256, Bytes};
use jiff::SignedDuration;
use pacioli_attestation::{Attestation, Digest, Reserve, Reserves};
use pacioli_evidence::{AccountProof, Entry, Storage};
use pacioli_rules::Rules;
use serde::Deserialize;

/// What a node answered.
#[derive(Clone, Deserialize)]
pub struct Recorded {
    pub hash: B256,
    pub header: Bytes,
    pub code_hash: B256,
    pub coin: AccountProof,
    pub token: AccountProof,
    pub none: AccountProof,
    pub token_none: AccountProof,
}

pub const HOLDER: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
pub const ABSENT: &str = "0xabababababababababababababababababababab";
pub const TOKEN: &str = "0x7070707070707070707070707070707070707070";
pub const CHAIN: &str = "eip155:31337";

pub fn recorded() -> Recorded {
    serde_json::from_str(include_str!("../recorded.json")).unwrap()
}

/// The fixture's rules, with tokens.
pub fn rules() -> Rules {
    let code = recorded().code_hash;
    let tokens = format!(
        "\n[tokens.\"{CHAIN}\".COIN]\nkind = \"native\"\nstands_for = \"BTC\"\ndecimals = 18\n\
         [tokens.\"{CHAIN}\".USDC]\nkind = \"erc20\"\nstands_for = \"USDC\"\ndecimals = 6\n\
         address = \"{TOKEN}\"\ncode_hash = \"{code}\"\nbalances_slot = 0\n\
         [tokens.\"bip122:000000000019d6689c085ae165831e93\".BTC]\nkind = \"native\"\n\
         stands_for = \"BTC\"\ndecimals = 8\n"
    );
    let rules = include_str!("../../../tests/fixtures/rules.toml");
    let policy = "[policy]\nmax_distance = { reserves = \"1d\" }";
    Rules::parse(&(rules.replace("[policy]", policy) + &tokens)).unwrap()
}

/// An attestation with these reserves, of the recorded block's time.
pub fn attestation(venue: &str, reserves: Vec<Reserve>) -> Attestation {
    let stored = include_bytes!("../../../tests/fixtures/attestation_v1_draft.json");
    let mut attestation = Attestation::parse(stored).unwrap();
    let time = storage("COIN", &recorded().coin).check(HOLDER.parse().unwrap(), coin(&rules()));
    let time = time.unwrap().time;
    attestation.header.venue = venue.to_owned();
    attestation.header.previous = Some(before());
    attestation.header.as_of = time + SignedDuration::from_secs(60);
    attestation.reserves = Some(Reserves { as_of: time, reserves });
    attestation
}

pub fn coin(rules: &Rules) -> &pacioli_rules::KnownToken {
    &rules.tokens()[CHAIN]["COIN"]
}

pub fn usdc(rules: &Rules) -> &pacioli_rules::KnownToken {
    &rules.tokens()[CHAIN]["USDC"]
}

pub fn storage(token: &str, proof: &AccountProof) -> Storage {
    Storage { token: token.to_owned(), header: recorded().header, proof: proof.clone() }
}

pub fn reserve(asset: &str, amount: &str, chain: &str, address: &str) -> Reserve {
    let text = format!(
        r#"{{ "asset": "{asset}", "amount": "{amount}", "chain": "{chain}", "address": "{address}",
              "evidence": "evidence.json", "purpose": "customers" }}"#
    );
    serde_json::from_str(&text).unwrap()
}

pub fn proved(reserve: &Reserve, token: &str, proof: &AccountProof) -> Entry {
    Entry { storage: Some(storage(token, proof)), ..Entry::of(reserve) }
}

/// The attestation before, which the reader knows.
pub fn before() -> Digest {
    Digest::of(b"before")
}

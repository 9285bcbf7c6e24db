//! What publishers and observers sign for a venue, as EIP-712 hashes it: the twin of `Signatures.sol`.
//! `test/signed.json` has a digest of each, which the tests in Solidity compare as well.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{Eip712Domain, SolStruct, sol};

sol! {
    /// What a publisher and observers sign for an attestation; see `IObservers`.
    #[derive(Debug)]
    struct Attest {
        /// The account that signs.
        address signer;
        /// The venue's id in the registry.
        bytes32 venue;
        /// The attestation's number.
        uint64 sequence;
        /// The digest that the proofs are bound to.
        bytes32 context;
        /// keccak256 of the program.
        bytes32 program;
        /// The digest of the quantities of all volumes together.
        bytes32 totals;
        /// The digest of the attestation's file.
        bytes32 attestation;
        /// The verifier that checks the proofs.
        address verifier;
        /// The hash of the rounds of the feeds; see [`rounds`].
        bytes32 rounds;
        /// From when on it can be used, in seconds since 1970.
        uint64 signedAt;
        /// Until when, at most 10 minutes later.
        uint64 deadline;
        /// The only account that may send it; zero for any.
        address carrier;
        /// What was compared, as bits; 0 for a publisher.
        uint8 compared;
    }

    /// What observers sign for an attestation that left a band.
    #[derive(Debug)]
    struct Confirm {
        /// The account that signs.
        address signer;
        /// The venue's id in the registry.
        bytes32 venue;
        /// The hash of the attestation's record.
        bytes32 record;
        /// From when on it can be used, in seconds since 1970.
        uint64 signedAt;
        /// Until when, at most 10 minutes later.
        uint64 deadline;
        /// The only account that may send it; zero for any.
        address carrier;
        /// What was compared, as bits.
        uint8 compared;
    }

    /// What observers sign to pause a venue, in the domain of `Observers`.
    #[derive(Debug)]
    struct Alarm {
        /// The account that signs.
        address signer;
        /// The venue's id in the registry.
        bytes32 venue;
        /// A short text, or the hash of a long one.
        bytes32 reason;
        /// When it lapses, in seconds since 1970; at most 24 hours from when it is sent.
        uint64 until;
    }

    /// What observers sign for a balance on another chain, in the domain of `Elsewhere`.
    #[derive(Debug)]
    struct Reading {
        /// The account that signs.
        address signer;
        /// The venue's id in the registry.
        bytes32 venue;
        /// keccak256 of the asset's name in the rules.
        bytes32 asset;
        /// The chain that was read.
        uint64 chainId;
        /// The token's contract there.
        address token;
        /// Whose balance it is.
        address custodian;
        /// The block that was read.
        uint64 number;
        /// That block's hash.
        bytes32 blockHash;
        /// That block's time, in seconds since 1970.
        uint64 time;
        /// The balance, in 10^-36 of one whole unit.
        uint256 units;
        /// From when on it can be posted, in seconds since 1970.
        uint64 notBefore;
        /// Until when it can be posted, in seconds since 1970.
        uint64 deadline;
    }
}

/// What a signer compared, as bits of `compared`; see docs/observers.md.
pub mod compared {
    /// The program, with the rules' text.
    pub const PROGRAM: u8 = 1;
    /// The prices, with sources of the signer's own.
    pub const PRICES: u8 = 2;
    /// The list of accounts.
    pub const ACCOUNTS: u8 = 4;
    /// The reserves elsewhere.
    pub const ELSEWHERE: u8 = 8;
    /// The balances of the book.
    pub const BALANCES: u8 = 16;
}

/// The longest validity of a signature, in seconds.
pub const MAX_VALIDITY: u64 = 600;
/// The longest alarm, in seconds.
pub const MAX_ALARM: u64 = 86_400;

/// The domain of a contract on a chain: of the registry for `Attest` and `Confirm`, of `Observers` for
/// `Alarm`, of `Elsewhere` for `Reading`.
#[must_use]
pub const fn domain(chain: u64, verifying: Address) -> Eip712Domain {
    Eip712Domain::new(
        Some(std::borrow::Cow::Borrowed("Pacioli")),
        Some(std::borrow::Cow::Borrowed("1")),
        Some(U256::from_limbs([chain, 0, 0, 0])),
        Some(verifying),
        None,
    )
}

/// The hash of the rounds of a venue's feeds, as a submission has them.
#[must_use]
pub fn rounds(rounds: &[crate::bindings::Round]) -> B256 {
    alloy_primitives::keccak256(alloy_sol_types::SolValue::abi_encode(&rounds.to_vec()))
}

/// What a key signs, or a contract is asked about: the digest of a message in a domain.
#[must_use]
pub fn digest(message: &impl SolStruct, domain: &Eip712Domain) -> B256 {
    message.eip712_signing_hash(domain)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use alloy_primitives::keccak256;
    use serde_json::{Value, json};

    use super::*;

    const SIGNER: Address = Address::repeat_byte(0x11);
    const CARRIER: Address = Address::repeat_byte(0x22);
    const VERIFYING: Address = Address::repeat_byte(0x33);
    const TIME: u64 = 1_800_000_000;

    fn named(name: &str) -> B256 {
        keccak256(name)
    }

    fn attest() -> Attest {
        Attest {
            signer: SIGNER,
            venue: named("venue"),
            sequence: 7,
            context: named("context"),
            program: named("program"),
            totals: named("totals"),
            attestation: named("attestation"),
            verifier: Address::repeat_byte(0x66),
            rounds: named("rounds"),
            signedAt: TIME,
            deadline: TIME + MAX_VALIDITY,
            carrier: CARRIER,
            compared: compared::PROGRAM | compared::PRICES | compared::BALANCES,
        }
    }

    fn confirm() -> Confirm {
        Confirm {
            signer: SIGNER,
            venue: named("venue"),
            record: named("record"),
            signedAt: TIME,
            deadline: TIME + MAX_VALIDITY,
            carrier: CARRIER,
            compared: compared::ACCOUNTS | compared::ELSEWHERE,
        }
    }

    fn alarm() -> Alarm {
        let until = TIME + MAX_ALARM;
        Alarm { signer: SIGNER, venue: named("venue"), reason: named("reason"), until }
    }

    fn reading() -> Reading {
        Reading {
            signer: SIGNER,
            venue: named("venue"),
            asset: named("BTC"),
            chainId: 10,
            token: Address::repeat_byte(0x44),
            custodian: Address::repeat_byte(0x55),
            number: 123_456_789,
            blockHash: named("block"),
            time: TIME - 60,
            units: U256::from(10).pow(U256::from(37)),
            notBefore: TIME,
            deadline: TIME + MAX_VALIDITY,
        }
    }

    fn vector() -> Value {
        let domain = domain(31_337, VERIFYING);
        let entry = |type_: String, digest: B256| json!({ "type": type_, "digest": digest });
        json!({
            "about": "Digests of the messages in src/signing.rs, on chain 31337, of contract 0x3333...",
            "domain": domain.hash_struct(),
            "attest": entry(Attest::eip712_encode_type().into(), digest(&attest(), &domain)),
            "confirm": entry(Confirm::eip712_encode_type().into(), digest(&confirm(), &domain)),
            "alarm": entry(Alarm::eip712_encode_type().into(), digest(&alarm(), &domain)),
            "reading": entry(Reading::eip712_encode_type().into(), digest(&reading(), &domain)),
        })
    }

    #[test]
    fn messages_have_the_digests_that_the_contracts_compare() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("test/signed.json");
        let text = format!("{}\n", serde_json::to_string_pretty(&vector()).unwrap());
        if std::env::var_os("PACIOLI_BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        assert_eq!(text, std::fs::read_to_string(path).unwrap());
    }

    #[test]
    fn every_field_and_the_domain_change_the_digest() {
        let home = domain(1, VERIFYING);
        let honest = digest(&attest(), &home);
        assert_ne!(honest, digest(&attest(), &domain(2, VERIFYING)));
        assert_ne!(honest, digest(&attest(), &domain(1, SIGNER)));
        let changes: [fn(&mut Attest); 10] = [
            |m| m.signer = CARRIER,
            |m| m.venue = named("other"),
            |m| m.sequence += 1,
            |m| m.context = named("other"),
            |m| m.program = named("other"),
            |m| m.totals = named("other"),
            |m| m.signedAt -= 1,
            |m| m.deadline -= 1,
            |m| m.carrier = Address::ZERO,
            |m| m.compared = 0,
        ];
        for change in changes {
            let mut message = attest();
            change(&mut message);
            assert_ne!(honest, digest(&message, &home));
        }
    }
}

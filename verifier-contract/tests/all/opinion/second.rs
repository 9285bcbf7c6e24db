//! The other verifier: its text, its bytecode as committed, and how it is asked.
//!
//! Rust has no compiler for Solidity, so `generated/second-opinion.json` holds the bytecode that
//! `node compile.mjs --second-opinion FILE` makes of the text, and the text's hash; the text itself,
//! a line for each operation, is written to cargo's folder for tests' files.

use std::{fs, path::Path, rc::Rc};

use alloy_primitives::{Bytes, U256, keccak256, uint};
use halo2_proofs::{
    halo2curves::bn256::{Bn256, Fq, Fr, G1Affine},
    poly::commitment::Params,
};
use pacioli_attestation::{VerifyingKey, setup::insecure_setup};
use pacioli_verifier_contract::{artifacts, evm::Evm};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use snark_verifier::{
    loader::evm::EvmLoader,
    pcs::kzg::{Bdfg21, KzgAs},
    system::halo2::{Config, compile, transcript::evm::EvmTranscript},
    verifier::{SnarkVerifier, plonk::PlonkVerifier},
};

use crate::opinion::fixture::{Contract, Keys, SCENARIOS, shape};

/// Instruments of the books that it is for: its code is for one number of public inputs.
pub const INSTRUMENTS: usize = 20;

/// The scalar field's modulus.
const R: U256 = uint!(0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001_U256);

/// The compiler's version that the text asks for; any later one compiles it.
const PRAGMA: &str = "pragma solidity 0.8.19;";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Compiled {
    bytecode: Bytes,
    /// Of the code on chain, for who reads the file.
    #[serde(rename = "runtimeBytes")]
    _runtime_bytes: usize,
    solc: String,
    /// SHA-256 of the text.
    text: String,
}

fn compiled() -> Compiled {
    serde_json::from_str(include_str!("../../../generated/second-opinion.json")).unwrap()
}

/// The verifier in Solidity.
fn text() -> String {
    let key = VerifyingKey::insecure(shape());
    let params = insecure_setup(shape().k()).unwrap().params().clone();
    assert_eq!(params.k(), shape().k());
    // The context, then the columns: counts, quantities, caps, and the values of all scenarios.
    let lengths = [vec![1], vec![INSTRUMENTS; 4]].concat();
    let protocol = compile(&params, key.plonk(), Config::kzg().with_num_instance(lengths.clone()));
    let deciding = (G1Affine::generator(), params.g2(), key.tau_g2()).into();

    type Verifier = PlonkVerifier<KzgAs<Bn256, Bdfg21>>;
    let loader = EvmLoader::new::<Fq, Fr>();
    let protocol = protocol.loaded(&loader);
    let mut transcript = EvmTranscript::<_, Rc<EvmLoader>, _, _>::new(&loader);
    let instances = transcript.load_instances(lengths);
    let proof = Verifier::read_proof(&deciding, &protocol, &instances, &mut transcript).unwrap();
    Verifier::verify(&deciding, &protocol, &instances, &proof).unwrap();

    let text = loader.solidity_code();
    assert!(text.contains(PRAGMA));
    text.replace(PRAGMA, "pragma solidity 0.8.37;")
}

#[test]
fn the_committed_bytecode_is_of_the_text_that_is_generated() {
    let text = text();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("second-opinion.sol");
    fs::write(path, &text).unwrap();
    let compiled = compiled();
    assert_eq!(compiled.text, format!("{:x}", Sha256::digest(&text)));
    assert_eq!(compiled.solc, artifacts::compiler());
}

/// It on a chain that takes code of its size.
pub fn contract() -> Contract {
    Contract::of(Evm::new().without_size_limit(), &compiled().bytecode)
}

/// What it is called with: halo2's public columns and the proof, one behind the other. It knows
/// nothing of theta: the values of all scenarios are combined here, from the words that our contract
/// takes and as docs/formats.md says.
pub fn calldata(instance: &[U256], proof: &[u8]) -> Vec<u8> {
    calldata_under(theta(instance, proof), instance, proof)
}

/// The same with any theta.
pub fn calldata_under(theta: U256, instance: &[U256], proof: &[u8]) -> Vec<u8> {
    let (before, values) = instance.split_at(1 + 3 * INSTRUMENTS);
    let combined = (0..INSTRUMENTS).map(|row| {
        let rows = values.chunks_exact(INSTRUMENTS).enumerate();
        let terms = rows.map(|(scenario, values)| {
            let power = theta.pow_mod(U256::from(scenario + 1), R);
            let value = values[row].add_mod(R - (U256::ONE << 64), R);
            power.mul_mod(value, R)
        });
        terms.fold(U256::ZERO, |sum, term| sum.add_mod(term, R))
    });
    let words = before.iter().copied().chain(combined);
    words.flat_map(|word| word.to_be_bytes::<32>()).chain(proof.iter().copied()).collect()
}

/// theta, from words written out one by one.
fn theta(instance: &[U256], proof: &[u8]) -> U256 {
    let key = Keys::shared().verifying.digest();
    let sizes = [INSTRUMENTS, SCENARIOS].map(U256::from);
    let words = sizes.iter().chain(instance).flat_map(|word| word.to_be_bytes::<32>());
    let mut preimage = keccak256("pacioli.theta.v1").to_vec();
    preimage.extend(key.0);
    preimage.extend(words);
    // `last`, `instrument` and nine limbs.
    preimage.extend(proof.iter().take(64 * (2 + 9)));
    U256::from_be_bytes(keccak256(preimage).0) % R
}

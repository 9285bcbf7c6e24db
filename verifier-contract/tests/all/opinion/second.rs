//! The other verifier: its text, its bytecode as committed, and how it is asked.
//!
//! Rust has no compiler for Solidity, so `generated/second-opinion.json` holds the bytecode that
//! `node compile.mjs --second-opinion FILE` makes of the text, and the text's hash; the text itself,
//! a line for each operation, is written to cargo's folder for tests' files.

use std::{fs, path::Path, rc::Rc};

use alloy_primitives::{Bytes, U256};
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

use crate::opinion::fixture::{Contract, SCENARIOS, shape};

/// Instruments of the books that it is for: its code is for one number of public inputs.
pub const INSTRUMENTS: usize = 20;

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
    // The context, then the columns.
    let lengths = [vec![1], vec![INSTRUMENTS; 3 + SCENARIOS]].concat();
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

/// What it is called with: the words and the proof, one behind the other.
pub fn calldata(instance: &[U256], proof: &[u8]) -> Vec<u8> {
    let words = instance.iter().flat_map(|word| word.to_be_bytes::<32>());
    words.chain(proof.iter().copied()).collect()
}

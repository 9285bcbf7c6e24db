//! Proofs edited word by word: the contract says what the native verifier says, and the web page is
//! held to both by `tests/vectors/edited-proofs.json`. `PACIOLI_BLESS=1` writes the verdicts anew,
//! `PACIOLI_BLESS=proofs` the proofs too.

use std::{env, fs, path::PathBuf, sync::OnceLock};

use alloy_primitives::{U256, uint};
use pacioli_attestation::{VerifyingKey, proof_layout, to_hex, verify_volume};
use pacioli_circuits::{PublicInputs, Shape};
use pacioli_rules::testing::{bless, stored};
use serde::{Deserialize, Serialize};

use crate::verifier::{
    fixture::{Contract, Keys, Proved, SCENARIOS, calldata_in, native_inputs, shape},
    proof::{Q, R, word, words_of},
};

/// Instruments of the tables, closing ones included.
const INSTRUMENTS: usize = 16;

/// A proof of a made-up table under the insecure setup, with what is public as the contract takes it.
#[derive(Deserialize, Serialize)]
struct Proof {
    k: u32,
    page_size: usize,
    scenarios: usize,
    instance: Vec<U256>,
    proof: String,
}

/// Which words are replaced in which proof.
#[derive(Clone, Default, Deserialize, Serialize)]
struct Edited {
    /// The proof's number in its file.
    of: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    instance: Vec<(usize, U256)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    proof: Vec<(usize, U256)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scenarios: Option<usize>,
    /// The verdict.
    #[serde(default)]
    holds: bool,
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(name)
}

/// One proof for each number of limbs; the first is under the key of the committed contract.
fn shapes() -> [Shape; 3] {
    [shape(), Shape::new(16, 64).unwrap(), Shape::new(19, 64).unwrap()]
}

fn proofs() -> &'static [Proof] {
    static PROOFS: OnceLock<Vec<Proof>> = OnceLock::new();
    PROOFS.get_or_init(|| {
        let bytes = stored(path("proofs.json"), || {
            let proofs = shapes().map(|shape| {
                let proved = Proved::new(&Keys::of(shape), INSTRUMENTS);
                Proof {
                    k: shape.k(),
                    page_size: shape.page_size(),
                    scenarios: SCENARIOS,
                    instance: proved.instance(),
                    proof: to_hex(&proved.proof),
                }
            });
            (serde_json::to_string_pretty(&proofs).unwrap() + "\n").into_bytes()
        });
        serde_json::from_slice(&bytes).unwrap()
    })
}

fn keys() -> &'static [VerifyingKey; 3] {
    static KEYS: OnceLock<[VerifyingKey; 3]> = OnceLock::new();
    KEYS.get_or_init(|| shapes().map(VerifyingKey::insecure))
}

impl Edited {
    fn apply(&self) -> (Vec<U256>, usize, Vec<u8>) {
        let of = &proofs()[self.of];
        let (mut instance, mut proof) =
            (of.instance.clone(), alloy_primitives::hex::decode(&of.proof).unwrap());
        self.instance.iter().for_each(|&(at, to)| instance[at] = to);
        for (at, to) in &self.proof {
            proof[32 * at..][..32].copy_from_slice(&to.to_be_bytes::<32>());
        }
        proof.resize(self.length.unwrap_or(proof.len()), 0);
        (instance, self.scenarios.unwrap_or(of.scenarios), proof)
    }

    fn natively(&self) -> bool {
        let (instance, scenarios, proof) = self.apply();
        native_inputs(&instance, scenarios).is_some_and(|(context, table, totals)| {
            let public = PublicInputs { context, table: &table, totals: &totals };
            verify_volume(&keys()[self.of], &public, &proof).is_ok()
        })
    }

    /// What the contract says; it is of the first proof's key.
    fn on_chain(&self, contract: &mut Contract) -> bool {
        let (instance, scenarios, proof) = self.apply();
        contract.ask(&calldata_in(&instance, scenarios, &proof)).is_ok()
    }
}

/// Every word of the first proof and of what is public of it, and a few of the others.
fn edits() -> Vec<Edited> {
    let mut edits: Vec<Edited> =
        (0..proofs().len()).map(|of| Edited { of, ..Edited::default() }).collect();
    for (of, shape) in shapes().iter().enumerate() {
        let proof = alloy_primitives::hex::decode(&proofs()[of].proof).unwrap();
        let at = |index| word(&proof, index);
        let all = in_proof(shape, at);
        // Of the other shapes, of every kind some.
        edits.extend(all.into_iter().step_by(if of == 0 { 1 } else { 13 }).map(|proof| Edited {
            of,
            proof,
            ..Edited::default()
        }));
        let length = proof_layout(shape).length;
        let lengths = [0, length - 32, length - 1, length + 1, length + 32];
        edits.extend(lengths.map(|length| Edited {
            of,
            length: Some(length),
            ..Edited::default()
        }));
    }
    let instance = &proofs()[0].instance;
    edits.extend(
        [0, SCENARIOS - 1, SCENARIOS + 1]
            .map(|scenarios| Edited { scenarios: Some(scenarios), ..Edited::default() }),
    );
    for (at, &word) in instance.iter().enumerate() {
        let to = match at % 5 {
            0 | 1 => word + uint!(1_U256),
            2 => word + R,
            3 => word.wrapping_sub(uint!(1_U256)),
            _ => word ^ (U256::ONE << 70_usize),
        };
        edits.push(Edited { instance: vec![(at, to)], ..Edited::default() });
    }
    edits
}

/// Changes of each point and of each evaluation, in turn of another kind.
fn in_proof(shape: &Shape, at: impl Fn(usize) -> U256) -> Vec<Vec<(usize, U256)>> {
    let (points, evaluations) = words_of(shape);
    let one = uint!(1_U256);
    let points = points.iter().enumerate().map(|(i, &x)| {
        let (y, other) = (x + 1, points[(i + 1) % points.len()]);
        match i % 6 {
            0 => vec![(y, Q - at(y))],
            1 => vec![(x, at(x) + one)],
            2 => vec![(x, at(other)), (y, at(other + 1)), (other, at(x)), (other + 1, at(y))],
            3 => vec![(x, at(x) + Q)],
            4 => vec![(x, U256::ZERO), (y, U256::ZERO)],
            _ => vec![(y, at(y) + Q)],
        }
    });
    let evaluations = evaluations.iter().enumerate().map(|(i, &place)| {
        let other = evaluations[(i + 1) % evaluations.len()];
        match i % 4 {
            0 => vec![(place, (at(place) + one) % R)],
            1 => vec![(place, at(place) + R)],
            2 => vec![(place, at(other)), (other, at(place))],
            _ => vec![(place, U256::ZERO)],
        }
    });
    points.chain(evaluations).collect()
}

#[test]
fn the_contract_says_of_every_edited_proof_what_the_native_verifier_says() {
    let mut contract = Contract::new();
    let mut edits = edits();
    for edited in &mut edits {
        edited.holds = edited.natively();
        if edited.of == 0 {
            let said = serde_json::to_string(edited).unwrap();
            assert_eq!(edited.on_chain(&mut contract), edited.holds, "{said}");
        }
    }
    assert_eq!(edits.iter().filter(|edited| edited.holds).count(), proofs().len());
    let lines: Vec<String> = edits.iter().map(|one| serde_json::to_string(one).unwrap()).collect();
    bless(path("edited-proofs.json"), format!("[\n{}\n]\n", lines.join(",\n")));
}

/// The verdicts on edits that somebody else made, one a line, into a file beside theirs.
#[test]
#[ignore = "needs PACIOLI_EDITS, a file that web/test/random-edits.ts writes"]
fn the_verdicts_on_somebody_elses_edits() {
    let file = env::var("PACIOLI_EDITS").expect("PACIOLI_EDITS names a file");
    let text = fs::read_to_string(&file).unwrap();
    let mut contract = Contract::new();
    let mut said = String::new();
    for (i, line) in text.lines().enumerate() {
        let edited: Edited = serde_json::from_str(line).unwrap();
        let holds = edited.natively();
        if edited.of == 0 && i % 4 == 0 {
            assert_eq!(edited.on_chain(&mut contract), holds, "{line}");
        }
        said += if holds { "holds\n" } else { "refused\n" };
    }
    fs::write(file + ".said", said).unwrap();
}

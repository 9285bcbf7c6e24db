//! The verifier in Solidity, made from a verifying key and the template; and the constraints as data
//! for the web page's own verifier.

mod gates;
mod layout;
mod page;
mod sets;

use ff::Field;
use gates::{element, gates, number};
use halo2_proofs::{
    halo2curves::bn256::{Fq, Fr, G2Affine},
    poly::Rotation,
};
use layout::{Memory, Names, place_proof};
use pacioli_attestation::{Digest, THETA_TAG, VerifyingKey, encoding::g2_words, proof_layout};
use pacioli_circuits::MAX_SCENARIOS;
pub use page::{page, system};
use sets::Opening;

const TEMPLATE: &str = include_str!("../../templates/VolumeVerifier.sol.template");

/// The contract that checks proofs under `key`, in Solidity.
///
/// # Panics
/// If the circuit uses a feature that the template does not support. There is one circuit, and the
/// tests generate a contract for each of its limb widths.
pub fn verifier(key: &VerifyingKey) -> String {
    let shape = &key.shape();
    let plonk = key.plonk();
    let system = plonk.cs();
    assert!(system.permutation().get_columns().is_empty() && system.lookups().is_empty());
    let names = Names::of(shape);
    let opening = Opening::of(system, &names);
    let gates = gates(system, &names);
    let denominators = opening.denominators(&names);
    let queried = system.instance_queries().iter();
    let mut queried: Vec<usize> = queried
        .map(|(column, at)| {
            assert_eq!(*at, Rotation::cur(), "public columns are looked at on their own row");
            column.index()
        })
        .collect();
    queried.sort();
    assert!(queried.into_iter().eq(1..names.instance.len()), "all but the context is looked at");

    let mut memory = Memory::new();
    memory.say("Challenges, the multi-opening's points, and how far u is from them.");
    let challenges = names.challenge.iter().map(String::as_str);
    let challenges = challenges.chain(["Y", "OPENING_Y", "OPENING_V", "U"]);
    challenges.for_each(|name| memory.give(name, 1));
    opening.words(&names).iter().for_each(|name| memory.give(name, 1));
    memory.say("Public columns at x, what several constraints share, and the quotient at x.");
    names.instance[1..].iter().for_each(|name| memory.give(name, 1));
    gates.shared.iter().for_each(|name| memory.give(name, 1));
    memory.give("X_TO_ROWS", 1);
    memory.give("QUOTIENT", 1);
    memory.say("Where the multi-opening adds up.");
    ["WEIGHT", "POWER", "VALUE", "WEIGHT_A", "WEIGHT_B"].iter().for_each(|n| memory.give(n, 1));
    memory.give("KEY_POINT", 2);
    memory.give("ACCUMULATOR", 2);
    memory.give("TERM", 3);
    place_proof(&mut memory, shape, &names, system);
    memory.say("Denominators, then their inverses; those of the Lagrange polynomials follow.");
    memory.give("INVERSE_OF_VANISHING", 1);
    denominators.names.iter().for_each(|name| memory.give(name, 1));
    let inverses = 1 + denominators.names.len();
    let memory = memory.finish(inverses)
        + &format!("    uint256 private constant INVERSE_COUNT = {inverses};");

    let columns = ["CONTEXT", "TOTAL_COUNT", "TOTAL_QUANTITY", "TABLE_CAP", "TABLE_WORTH"];
    assert_eq!(names.instance, columns, "the public columns in the order of the calldata");
    let layout = proof_layout(shape);
    let limbs = (0..shape.limbs()).map(|limb| format!("LIMB_{limb}"));
    let lines = ["LAST", "INSTRUMENT"].map(str::to_owned).into_iter().chain(limbs);
    assert!(names.advice[..layout.lines / 64].iter().cloned().eq(lines), "lines come first");
    let omega = plonk.get_domain().get_omega();
    let power = |at: Rotation| match at.0 {
        0.. => omega.pow([at.0 as u64]),
        back => omega.invert().expect("a root of unity").pow([back.unsigned_abs() as u64]),
    };
    let (phase1, phase2) = names.advice.split_at(layout.phase1 / 64);
    let g2 = g2_constants(key);
    let fixed: Vec<[String; 2]> = plonk
        .fixed_commitments()
        .iter()
        .map(|point| [element(&point.x), element(&point.y)])
        .collect();

    let values = [
        ("KEY", key.digest().to_string()),
        ("K", shape.k().to_string()),
        ("PAGE_SIZE", shape.page_size().to_string()),
        ("SETUP", key.origin().to_string()),
        ("R", modulus::<Fr>()),
        ("Q", modulus::<Fq>()),
        ("CIRCUIT", element(&plonk.transcript_repr())),
        ("OMEGA_INVERSE", element(&omega.invert().expect("a root of unity"))),
        ("ROWS_INVERSE", element(&Fr::from(shape.rows() as u64).invert().expect("not zero"))),
        ("LINES", shape.lines().to_string()),
        ("MAX_INSTRUMENTS", shape.instruments().to_string()),
        ("MAX_SCENARIOS", MAX_SCENARIOS.to_string()),
        ("THETA_TAG", THETA_TAG.to_owned()),
        ("THETA_TAG_HASH", Digest::of(THETA_TAG.as_bytes()).to_string()),
        ("LINES_BYTES", layout.lines.to_string()),
        ("PHASE_1_BYTES", layout.phase1.to_string()),
        ("PHASE_2_BYTES", layout.phase2.to_string()),
        ("QUOTIENT_BYTES", layout.quotient.to_string()),
        ("EVALUATIONS_BYTES", layout.evaluations.to_string()),
        ("PROOF_BYTES", layout.length.to_string()),
        ("G2", g2.declared),
        ("MEMORY", memory),
        ("CHALLENGES", draw(&names.challenge)),
        ("PHASE_1", format!("COMMIT_{}", phase1[0])),
        ("PHASE_2", format!("COMMIT_{}", phase2[0])),
        ("POINTS", opening.points(&names, power)),
        ("DENOMINATORS", denominators.code),
        ("VARIABLES", gates.variables),
        ("CONSTRAINTS", gates.code),
        ("OPENINGS", opening.combine(&names, &fixed)),
        ("FIRST_VANISHING", opening.first_vanishing(&names)),
        ("PAIRING", g2.stored),
    ];
    fill(&values)
}

/// The template with every `{{NAME}}` replaced.
fn fill(values: &[(&str, String)]) -> String {
    let text = values.iter().fold(TEMPLATE.to_owned(), |text, (name, value)| {
        let place = format!("{{{{{name}}}}}");
        assert!(text.contains(&place), "the template has no {place}");
        text.replace(&place, value)
    });
    assert!(!text.contains("{{"), "the template has a place that is not filled");
    text
}

/// Draws the circuit's challenges one after the other.
fn draw(challenges: &[String]) -> String {
    let mut lines = Vec::new();
    for (i, name) in challenges.iter().enumerate() {
        if i > 0 {
            lines.push("            hash := again(hash)".to_owned());
        }
        lines.push(format!("            mstore({name}, mod(hash, R))"));
    }
    lines.join("\n")
}

/// The pairing's two points of the second group: their declarations, and the Yul that puts them
/// behind the points of the first group.
struct G2Constants {
    declared: String,
    stored: String,
}

fn g2_constants(key: &VerifyingKey) -> G2Constants {
    let (mut declared, mut stored) = (Vec::new(), Vec::new());
    let points = [("TAU", key.tau_g2(), 0x40), ("MINUS_ONE", -G2Affine::generator(), 0x100)];
    for (name, point, start) in points {
        let words = g2_words(&point);
        let coordinates = words.chunks_exact(32).zip(["X_1", "X_0", "Y_1", "Y_0"]);
        for (i, (word, coordinate)) in coordinates.enumerate() {
            let word = number(word.try_into().expect("a chunk of 32"));
            declared.push(format!("    uint256 private constant {name}_{coordinate} = {word};"));
            let place = start + 32 * i;
            stored.push(format!("            mstore(add(END, {place:#x}), {name}_{coordinate})"));
        }
    }
    G2Constants { declared: declared.join("\n"), stored: stored.join("\n") }
}

fn modulus<F: ff::PrimeField<Repr: AsRef<[u8]>>>() -> String {
    F::MODULUS.to_owned()
}

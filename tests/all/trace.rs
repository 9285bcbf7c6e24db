//! One proof with everything that a verifier draws and computes from it, for whoever writes another:
//! `tests/vectors/trace.json`. `PACIOLI_BLESS=1` makes it anew.

use std::{fs, io, path::PathBuf};

use ff::Field;
use halo2_proofs::{
    halo2curves::bn256::{Bn256, Fr, G1Affine},
    plonk::{self, Column, ColumnType, verify_proof},
    poly::{
        Rotation,
        commitment::ParamsProver,
        kzg::{
            commitment::KZGCommitmentScheme, multiopen::VerifierSHPLONK, strategy::SingleStrategy,
        },
    },
    transcript::{EncodedChallenge, Transcript, TranscriptRead, TranscriptReadBuffer},
};
use pacioli_attestation::{
    Attestation, VerifyingKey, VolumeId,
    encoding::{point_bytes, value_bytes},
    proof_layout,
    setup::{insecure_setup, insecure_tau},
    theta, to_hex,
    transcript::{KeccakChallenge, KeccakTranscript},
};
use pacioli_circuits::PublicInputs;
use pacioli_rules::{Rules, compile, testing::bless};
use serde_json::{Map, Value, json};

/// The attestation whose first proof it is, under the insecure setup.
const ATTESTATION: &str = "tests/fixtures/attestation_v1_draft.json";

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A transcript that keeps what halo2's verifier draws and reads.
struct Recording<'a> {
    inner: KeccakTranscript<&'a [u8]>,
    challenges: Vec<Fr>,
    points: Vec<G1Affine>,
    scalars: Vec<Fr>,
}

impl Transcript<G1Affine, KeccakChallenge> for Recording<'_> {
    fn squeeze_challenge(&mut self) -> KeccakChallenge {
        let challenge = self.inner.squeeze_challenge();
        self.challenges.push(challenge.get_scalar());
        challenge
    }

    fn common_point(&mut self, point: G1Affine) -> io::Result<()> {
        self.inner.common_point(point)
    }

    fn common_scalar(&mut self, scalar: Fr) -> io::Result<()> {
        self.inner.common_scalar(scalar)
    }
}

impl TranscriptRead<G1Affine, KeccakChallenge> for Recording<'_> {
    fn read_point(&mut self) -> io::Result<G1Affine> {
        let point = self.inner.read_point()?;
        self.points.push(point);
        Ok(point)
    }

    fn read_scalar(&mut self) -> io::Result<Fr> {
        let scalar = self.inner.read_scalar()?;
        self.scalars.push(scalar);
        Ok(scalar)
    }
}

/// The challenges in the order in which they are drawn: three are for arguments that the circuit does
/// not have.
const CHALLENGES: [&str; 11] =
    ["eta", "alpha", "beta", "", "", "", "y", "x", "opening_y", "opening_v", "u"];

const INSTANCE: [&str; 5] =
    ["context", "total_count", "total_quantity", "table_cap", "table_worth"];

fn word(value: &Fr) -> Value {
    json!(to_hex(&value_bytes(value)))
}

fn point(point: &G1Affine) -> Value {
    json!(to_hex(&point_bytes(point)))
}

/// Which of the system's queries this is.
fn place<C: ColumnType>(queries: &[(Column<C>, Rotation)], column: usize, at: Rotation) -> usize {
    let is_this = |(other, there): &(Column<C>, Rotation)| (other.index(), *there) == (column, at);
    queries.iter().position(is_this).expect("a query of the system")
}

/// All constraints at x, combined by powers of y, from the values that the proof gives.
fn constraints(key: &plonk::VerifyingKey<G1Affine>, instance: &[Fr], proof: &Recording<'_>) -> Fr {
    let system = key.cs();
    let (advice, rest) = proof.scalars.split_at(system.advice_queries().len());
    let challenge = |name| {
        let place = CHALLENGES.iter().position(|other| *other == name);
        proof.challenges[place.expect("a challenge of this name")]
    };
    let polynomials = system.gates().iter().flat_map(|gate| gate.polynomials());
    polynomials.fold(Fr::zero(), |sum, polynomial| {
        let value = polynomial.evaluate(
            &|constant| constant,
            &|_| unreachable!("the circuit has no selector"),
            &|query| rest[place(system.fixed_queries(), query.column_index(), query.rotation())],
            &|query| advice[place(system.advice_queries(), query.column_index(), query.rotation())],
            &|query| instance[query.column_index()],
            &|drawn| proof.challenges[drawn.index()],
            &|a| -a,
            &|a, b| a + b,
            &|a, b| a * b,
            &|a, factor| a * factor,
        );
        sum * challenge("y") + value
    })
}

#[test]
fn the_trace_of_a_proof_is_that_of_halo2s_own_verifier() {
    let attestation = Attestation::parse(&fs::read(path(ATTESTATION)).unwrap()).unwrap();
    let shape = attestation.header.shape().unwrap();
    let key = VerifyingKey::insecure(shape);
    assert_eq!(key.digest(), attestation.header.key);
    let compiled =
        compile(&Rules::parse(&attestation.rules).unwrap(), &attestation.prices).unwrap();
    let volume = VolumeId::new(0);
    let proved = &attestation.volumes[volume.index()];
    let totals = proved.totals().unwrap();
    let context = attestation.context().word(volume);
    let public = PublicInputs { context, table: &compiled.table, totals: &totals };
    let theta = theta(key.digest(), &public, &proved.proof[..proof_layout(&shape).lines]);
    let columns = public.instance(theta);
    let columns: Vec<&[Fr]> = columns.iter().map(Vec::as_slice).collect();

    let setup = insecure_setup(shape.k()).unwrap();
    let params = setup.params().verifier_params();
    let mut proof = Recording {
        inner: TranscriptReadBuffer::<&[u8], G1Affine, KeccakChallenge>::init(&proved.proof[..]),
        challenges: Vec::new(),
        points: Vec::new(),
        scalars: Vec::new(),
    };
    verify_proof::<
        KZGCommitmentScheme<Bn256>,
        VerifierSHPLONK<'_, Bn256>,
        KeccakChallenge,
        Recording<'_>,
        SingleStrategy<'_, Bn256>,
    >(params, key.plonk(), SingleStrategy::new(params), &[&columns], &mut proof)
    .unwrap();

    let drawn = CHALLENGES.iter().zip(&proof.challenges);
    assert_eq!(CHALLENGES.len(), proof.challenges.len());
    let drawn: Map<String, Value> = drawn
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| ((*name).to_owned(), word(value)))
        .collect();
    let x = proof.challenges[7];
    let xn = x.pow([shape.rows() as u64]);
    let rows = compiled.table.instruments().len();
    let lagrange = key.plonk().get_domain().l_i_range(x, xn, 0..rows as i32);
    let instance: Vec<Fr> = columns
        .iter()
        .map(|column| column.iter().zip(&lagrange).map(|(cell, at_x)| cell * at_x).sum())
        .collect();
    let named = INSTANCE.iter().zip(&instance).skip(1);
    let named: Map<String, Value> =
        named.map(|(name, value)| ((*name).to_owned(), word(value))).collect();
    let constraints = constraints(key.plonk(), &instance, &proof);
    // The pairing holds, and tau is known here: so the right side is tau times the left one.
    let left = *proof.points.last().unwrap();
    let right = (left * insecure_tau()).into();
    let trace = json!({
        "attestation": ATTESTATION,
        "volume": volume,
        "key": key.digest(),
        "circuit": word(&key.plonk().transcript_repr()),
        "context": word(&context),
        "theta": word(&theta),
        "challenges": drawn,
        "instance_at_x": named,
        "constraints_at_x": word(&constraints),
        "quotient_at_x": word(&(constraints * (xn - Fr::one()).invert().unwrap())),
        "left": point(&left),
        "right": point(&right),
    });
    bless(path("tests/vectors/trace.json"), serde_json::to_string_pretty(&trace).unwrap() + "\n");
}

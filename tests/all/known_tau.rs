//! What somebody who knows tau can prove, and what of it the trial balance stops.
//!
//! Whoever knows tau knows polynomials that are nothing at tau, and adds one to a fixed column: it has
//! the same commitment, and so belongs to the honest verifying key. Here `is_end`, which asks the
//! lookup's running sum to be zero at the last row, is moved away from there. Then any totals at all
//! are proved, under an unchanged key, to an unchanged verifier.

use ff::{Field, PrimeField};
use halo2_proofs::{
    circuit::{Layouter, SimpleFloorPlanner},
    halo2curves::bn256::{Bn256, Fr},
    plonk::{self, ConstraintSystem, create_proof, keygen_pk, keygen_vk},
    poly::kzg::{commitment::KZGCommitmentScheme, multiopen::ProverSHPLONK},
    transcript::TranscriptWriterBuffer,
};
use pacioli_attestation::{
    ATTESTATION_VERSION as VERSION, Attestation, Candidate, Header, Reserves, Rounding,
    TrialBalanceError, VerifyError, VerifyingKey, VolumeId, VolumeProof,
    program::Program,
    setup::{Setup, insecure_setup, insecure_tau},
    transcript::{KeccakChallenge, KeccakTranscript},
    verify_volume,
};
use pacioli_circuits::{
    BookWitness, Circuit, Columns, LineColumns, PublicInputs, ScenarioId, Shape, Totals, Volume,
    fixed_columns,
};
use pacioli_prover::{Strictness, balance_accounts, snapshot::read_csv};
use pacioli_rules::{
    Compiled, Decimal, Prices, Rules, compile,
    testing::{PRICES, RULES},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::draw::draw;

/// Owes 1,000 USD and 1 BTC.
const BOOK: &str = "account,instrument,quantity
ann,deposit USDC,1000
bob,deposit BTC,1
";

/// Rows of the forged circuit, as a power of two, and slots of a page.
const K: u32 = 11;
const PAGE: usize = 64;

/// The circuit with `is_end` moved: made for the keys alone.
#[derive(Clone)]
struct Moved(Circuit);

impl plonk::Circuit<Fr> for Moved {
    type Config = Columns;
    type FloorPlanner = SimpleFloorPlanner;
    type Params = Option<Shape>;

    fn params(&self) -> Self::Params {
        self.0.params()
    }

    fn without_witnesses(&self) -> Self {
        self.clone()
    }

    fn configure(_: &mut ConstraintSystem<Fr>) -> Columns {
        unreachable!("halo2 is built with `circuit-params`")
    }

    fn configure_with_params(meta: &mut ConstraintSystem<Fr>, params: Self::Params) -> Columns {
        Circuit::<BookWitness>::configure_with_params(meta, params)
    }

    fn synthesize(
        &self,
        columns: Columns,
        mut layouter: impl Layouter<Fr>,
    ) -> Result<(), plonk::Error> {
        let shape = &self.0.shape;
        let order = [
            columns.line_on,
            columns.row_on,
            columns.is_end,
            columns.table_entry,
            columns.is_instrument,
        ];
        let mut fixed = fixed_columns(shape);
        // Both are committed to as the same point.
        fixed[2][shape.last_row()] = Fr::zero();
        fixed[2][0] += last_over_first(shape);
        layouter.assign_region(
            || "moved",
            |mut region| {
                for (&column, values) in order.iter().zip(&fixed) {
                    for (row, &value) in values.iter().enumerate().take(shape.last_row() + 1) {
                        region.assign_fixed(column, row, value);
                    }
                }
                Ok(())
            },
        )
    }
}

/// `L_last(tau) / L_0(tau)`, from `L_j(X) = w^j (X^n - 1) / (n (X - w^j))`.
fn last_over_first(shape: &Shape) -> Fr {
    let root = (K..Fr::S).fold(Fr::ROOT_OF_UNITY, |root, _| root.square());
    let last = root.pow_vartime([shape.last_row() as u64]);
    let tau = insecure_tau();
    last * (tau - Fr::one()) * (tau - last).invert().unwrap()
}

fn setup() -> Setup {
    insecure_setup(K).unwrap()
}

fn compiled() -> Compiled {
    compile(&Rules::parse(RULES).unwrap(), &Prices::parse(PRICES).unwrap()).unwrap()
}

/// An attestation of the book whose totals are `changed` and proved all the same.
fn forged(changed: impl Fn(&Compiled, &mut Totals)) -> Attestation {
    let (compiled, setup) = (compiled(), setup());
    let rules = Rules::parse(RULES).unwrap();
    let prices = Prices::parse(PRICES).unwrap();
    let shape = Shape::new(K, PAGE).unwrap();
    let snapshot = read_csv(BOOK.as_bytes(), "book.csv").unwrap();
    let options = Strictness::default();
    let ledger = balance_accounts(snapshot, &compiled, &options, PAGE).unwrap();
    let accounts: Vec<_> = ledger.accounts.iter().map(|(_, account)| account).collect();
    let volume = Volume::new(&shape, [&accounts]).unwrap();
    let program = Program::of(&rules, &compiled, &prices).unwrap().hash();
    let mut attestation = Attestation {
        version: VERSION.to_owned(),
        header: Header {
            venue: "knows tau".to_owned(),
            sequence: 0,
            previous: None,
            as_of: prices.as_of,
            drawn: None,
            accounts: 2,
            accounts_left_out: 0,
            left_out: Vec::new(),
            rounding: Rounding::default(),
            k: K,
            page_size: PAGE,
            scenarios: compiled.table.scenarios(),
            program: Some(program),
            key: VerifyingKey::new(&setup, shape).unwrap().digest(),
            setup: "INSECURE".to_owned(),
            software: "by hand".to_owned(),
        },
        rules: RULES.to_owned(),
        prices,
        reserves: Some(Reserves {
            as_of: "2026-01-01T00:00:00Z".parse().unwrap(),
            reserves: vec![],
        }),
        volumes: vec![VolumeProof {
            counts: Vec::new(),
            quantities: Vec::new(),
            proof: Vec::new(),
        }],
    };
    let mut totals = Totals::of(&volume, compiled.table.instruments().len());
    changed(&compiled, &mut totals);
    let context = attestation.context().word(VolumeId::new(0));
    let public = PublicInputs { context, table: &compiled.table, totals: &totals };
    let proof = prove(&setup, shape, &public, volume);
    let (counts, quantities) = totals.0.iter().map(|one| (one.count, one.quantity)).unzip();
    attestation.volumes = vec![VolumeProof { counts, quantities, proof }];
    attestation
}

/// A proof with the moved column, by halo2's own prover.
fn prove(setup: &Setup, shape: Shape, public: &PublicInputs<'_>, volume: Volume) -> Vec<u8> {
    let honest = keygen_vk(setup.params(), &Circuit::of(shape)).unwrap();
    let key = keygen_pk(setup.params(), honest, &Moved(Circuit::of(shape))).unwrap();
    let lines = LineColumns::new(&shape, &volume);
    let digest = VerifyingKey::new(setup, shape).unwrap().digest();
    let theta = draw(setup.params(), digest, public, &lines, ChaCha20Rng::from_seed([7; 32]));
    let instance = public.instance(theta);
    let seals = vec![Fr::zero(); shape.lines()];
    let table = public.table.clone();
    let witness = BookWitness { table, volume, seals, instance: instance.clone() };
    let circuit = Circuit { shape, witness: Some(witness) };
    let columns: Vec<&[_]> = instance.iter().map(Vec::as_slice).collect();
    let mut transcript = KeccakTranscript::init(Vec::new());
    create_proof::<KZGCommitmentScheme<Bn256>, ProverSHPLONK<'_, Bn256>, KeccakChallenge, _, _, _>(
        setup.params(),
        &key,
        &[circuit],
        &[&columns],
        ChaCha20Rng::from_seed([7; 32]),
        &mut transcript,
    )
    .unwrap();
    transcript.finalize()
}

/// Lowers the total of a row by so many whole units.
fn lower(compiled: &Compiled, totals: &mut Totals, name: &str, by: &str) {
    let row = compiled.find(name).unwrap().row();
    let by: Decimal = by.parse().unwrap();
    let units = by.exact_units(compiled.rows[row].decimals).unwrap();
    totals.0[row].quantity -= u128::try_from(&units).unwrap();
}

fn verify(attestation: &Attestation) -> Result<bool, VerifyError> {
    let candidate = Candidate::read(&attestation.to_bytes())?;
    let key = VerifyingKey::insecure(candidate.shape());
    Ok(candidate.verify(key, &())?.holds())
}

/// The proof alone, without what else a verifier looks at.
fn proof_holds(attestation: &Attestation) -> bool {
    let (compiled, proved) = (compiled(), &attestation.volumes[0]);
    let (context, totals) =
        (attestation.context().word(VolumeId::new(0)), proved.totals().unwrap());
    let public = PublicInputs { context, table: &compiled.table, totals: &totals };
    let key = VerifyingKey::insecure(attestation.header.shape().unwrap());
    verify_volume(&key, &public, &proved.proof).is_ok()
}

#[test]
fn a_forged_proof_under_a_known_tau_is_stopped_where_its_totals_do_not_balance() {
    let forged = forged(|compiled, totals| lower(compiled, totals, "equity:mark", "900"));
    assert!(proof_holds(&forged), "whoever knows tau proves anything");
    let refused = verify(&forged).unwrap_err();
    let VerifyError::TrialBalance { volume, source } = refused else { panic!("{refused}") };
    assert_eq!(volume, VolumeId::new(0));
    let TrialBalanceError::Unbalanced { scenario: ScenarioId::MARK, by } = source else {
        panic!("{source}")
    };
    assert_eq!(by.to_string(), "900000000", "900 USD at six decimals");
}

/// The limit of the check: it is no reason to trust a setup.
#[test]
fn a_forger_who_balances_the_book_is_not_stopped() {
    let forged = forged(|compiled, totals| {
        lower(compiled, totals, "deposit USDC", "900");
        for scenario in &compiled.scenarios {
            lower(compiled, totals, &format!("equity:{}", scenario.name), "900");
        }
    });
    assert!(proof_holds(&forged));
    assert!(verify(&forged).is_ok(), "only the setup's state tells");
}

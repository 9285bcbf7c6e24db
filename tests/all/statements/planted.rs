//! A prover who writes an account where nothing is counted: into a switched-off page.

use ff::Field;
use halo2_proofs::{
    halo2curves::bn256::{Fr, G1Affine},
    plonk::{create_proof, keygen_pk, keygen_vk},
    poly::{
        EvaluationDomain,
        commitment::{Blind, Params},
        kzg::{commitment::KZGCommitmentScheme, multiopen::ProverSHPLONK},
    },
    transcript::TranscriptWriterBuffer,
};
use pacioli_attestation::{
    Attestation, VolumeId,
    encoding::parse_point,
    encoding::value_bytes,
    opening::Opened,
    statement::{StatementError, check},
    transcript::{KeccakChallenge, KeccakTranscript},
};
use pacioli_circuits::{
    Account, BookWitness, Challenges, Circuit, Line, Owner, Phase1, Phase2, PublicInputs, Shape,
    Totals, Volume, Witness, seal,
};
use pacioli_prover::{
    OperatorSecret, Placement, RecordedAttempt, RecordedSeed, RunSecrets,
    opening::{open_page, page_values},
    statements::{Holder, make},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::draw::draw;
use crate::statements::fixture::{Proved, Venue, setup, verify_with};

/// Who is planted.
const MALLORY: &str = "mallory";

/// An honest volume, and lines with their seals in a page that is switched off.
#[derive(Clone)]
struct Planted {
    honest: BookWitness,
    page: usize,
    lines: Vec<(Line, Fr)>,
}

impl Witness for Planted {
    fn phase1(&self, shape: &Shape) -> Phase1 {
        let mut phase1 = self.honest.phase1(shape);
        let mask = (1u128 << shape.limb_bits()) - 1;
        for (slot, (line, seal)) in self.lines.iter().enumerate() {
            let row = shape.row(self.page, slot);
            phase1.lines.last[row] = Fr::from(u64::from(slot + 1 == self.lines.len()));
            phase1.lines.instrument[row] = Fr::from(line.instrument.row() as u64);
            phase1.seal[row] = *seal;
            for (i, limb) in phase1.lines.limb.iter_mut().enumerate() {
                let digit = line.quantity.units() >> (shape.limb_bits() as usize * i) & mask;
                limb[row] = Fr::from(digit as u64);
            }
        }
        phase1
    }

    fn phase2(&self, shape: &Shape, challenges: &Challenges) -> Phase2 {
        Phase2::new(shape, &self.phase1(shape), &self.honest.instance, challenges)
    }
}

/// The column that is opened, with the rows that hide it.
fn combined(shape: &Shape, phase1: &Phase1, seed: &RecordedSeed, gamma: Fr) -> Vec<Fr> {
    let seal = 2 + shape.limbs() + 2;
    let hidden = seed.blinding_rows(seal + 1);
    let usable = shape.rows() - hidden[0].len();
    let base = Fr::from(1 << shape.limb_bits());
    let cell = |index: usize, column: &[Fr], row: usize| match row.checked_sub(usable) {
        Some(behind) => hidden[index][behind],
        None => column[row],
    };
    let combine = |row| {
        let limbs = phase1.lines.limb.iter().enumerate().rev();
        let quantity = limbs.fold(Fr::ZERO, |sum, (i, limb)| sum * base + cell(2 + i, limb, row));
        let last = cell(0, &phase1.lines.last, row);
        let instrument = cell(1, &phase1.lines.instrument, row);
        cell(seal, &phase1.seal, row) + gamma * (instrument + gamma * (quantity + gamma * last))
    };
    (0..shape.rows()).map(combine).collect()
}

/// Proves volume 0 of a run once more, with the planted lines in its columns.
fn prove_planted(attestation: &Attestation, planted: Planted, seed: &RecordedSeed) -> Vec<u8> {
    let shape = attestation.header.shape().unwrap();
    let params = setup().params();
    let blank = Circuit::of(shape);
    let key = keygen_pk(params, keygen_vk(params, &blank).unwrap(), &blank).unwrap();
    let instance = planted.honest.instance.clone();
    let columns: Vec<&[_]> = instance.iter().map(Vec::as_slice).collect();
    let circuit = Circuit { shape, witness: Some(planted) };
    let mut transcript =
        <KeccakTranscript<_> as TranscriptWriterBuffer<_, G1Affine, _>>::init(Vec::new());
    create_proof::<KZGCommitmentScheme<_>, ProverSHPLONK<'_, _>, KeccakChallenge, _, _, _>(
        params,
        &key,
        std::slice::from_ref(&circuit),
        &[&columns],
        ChaCha20Rng::from_seed(*seed.secret_bytes()),
        &mut transcript,
    )
    .unwrap();
    TranscriptWriterBuffer::<_, G1Affine, _>::finalize(transcript)
}

#[test]
fn an_account_in_a_switched_off_page_opens_and_is_refused() {
    let venue = Venue::get();
    let Proved { mut attestation, secret, salt, store } =
        Proved::with(&OperatorSecret::generate().unwrap());
    let shape = venue.key.shape();
    let compiled = venue.compiled();
    let context = attestation.context().word(VolumeId::new(0));

    // The honest volume.
    let stored = store.accounts(VolumeId::new(0)).unwrap();
    let mut pages: Vec<Vec<&Account>> = vec![Vec::new(); shape.pages()];
    stored.iter().for_each(|one| pages[one.placement.page].push(&one.account));
    let volume = Volume::new(&shape, pages).unwrap();
    let placed: Vec<_> =
        stored.iter().map(|one| (one.id.as_str(), &one.account, one.placement)).collect();
    let secrets = RunSecrets { secret: &secret, salt: &salt };
    let (volume_key, attempt) = (secrets.volume_key(context), RecordedAttempt::from_bytes([9; 32]));
    let seed = volume_key.seed(&attempt);
    let seals = volume_key.seal_volume(&shape, context, &placed, &attempt);
    let totals = Totals::of(&volume, compiled.table.instruments().len());
    let public = PublicInputs { context, table: &compiled.table, totals: &totals };
    let instance = public.instance(Fr::ZERO);
    let honest = BookWitness { table: compiled.table.clone(), volume, seals, instance };

    // A rich account that balances, in the first page that is switched off.
    let mut rich = stored[0].account.lines.clone();
    rich.retain(|line| line.instrument.row() <= 2);
    let rich = Account { lines: venue.balanced(&rich) };
    let (page, nonce) = (shape.pages(), volume_key.nonce(&attempt, MALLORY));
    let sealed = rich.lines.iter().zip(0..).map(|(&line, index)| {
        let word = value_bytes(&context);
        (line, seal(&word, &Owner::new(MALLORY), &nonce, index, line))
    });
    let mut planted = Planted { honest, page, lines: sealed.collect() };
    let rng = ChaCha20Rng::from_seed(*seed.secret_bytes());
    let lines = planted.phase1(&shape).lines;
    let theta = draw(setup().params(), venue.key.digest(), &public, &lines, rng);
    planted.honest.instance = public.instance(theta);
    let phase1 = planted.phase1(&shape);

    // The attestation with that proof verifies: the totals are the honest ones.
    let proof = prove_planted(&attestation, planted, &seed);
    attestation.volumes[0].proof = proof;
    let verified = verify_with(&venue.key, &attestation);

    // The page opens, to exactly what the statement's lines seal to.
    let proof = &attestation.volumes[0].proof;
    let opened = Opened::of(&shape, context, proof).unwrap();
    let rows = combined(&shape, &phase1, &seed, opened.gamma);
    let domain = EvaluationDomain::new(1, shape.k());
    let column = domain.lagrange_from_vec(rows.clone());
    let commitment: G1Affine = setup().params().commit_lagrange(&column, Blind::default()).into();
    assert_eq!(commitment, opened.commitment);
    let pages = venue.key.opening().pages();
    let coefficients = domain.lagrange_to_coeff(column);
    let opening = open_page(setup().params(), pages, &coefficients, page).unwrap();
    let values = page_values(pages, &rows, page).unwrap();
    let placement = Placement { volume: VolumeId::new(0), page, slot: 0 };
    let holder = Holder { id: MALLORY, account: &rich, placement, nonce: &nonce };
    let statement = make(attestation.digest(), compiled, &holder, &values, &opening);
    let opening = parse_point(&statement.opening).unwrap();
    venue.key.opening().check_page(opened.commitment, page, &values, opening).unwrap();
    let first = rich.lines[0];
    let sealed = seal(&value_bytes(&context), &Owner::new(MALLORY), &nonce, 0, first);
    let units = first.quantity.units();
    assert_eq!(values[0], opened.value(sealed, first.instrument.row(), units, false));

    let refusal = check(&statement, &verified, Some(MALLORY)).unwrap_err();
    assert_eq!(refusal, StatementError::Page { page, count: shape.pages() });
}

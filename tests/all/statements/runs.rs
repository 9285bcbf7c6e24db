//! Runs: nothing secret serves twice, nothing foreign gives a statement, what was opened is kept.

use std::collections::BTreeSet;

use ff::Field;
use halo2_proofs::{
    halo2curves::bn256::{Fr, G1Affine, G2Affine},
    poly::kzg::commitment::ParamsKZG,
};
use pacioli_attestation::{
    VolumeId,
    opening::{OpenedError, OpeningError},
    proof_layout,
    setup::{Origin, Setup, insecure_setup},
};
use pacioli_prover::{
    OpenedPage, OperatorSecret, RecordedAttempt, RunSecrets, RunStore, Salt, StoreError,
    statements::{BuildError, Run},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::statements::fixture::{ALICE, Proved, opener, setup};

fn proved() -> Proved {
    Proved::with(&OperatorSecret::generate().unwrap())
}

/// A copy of a run's private file with other attempts, where `attempt` says so.
fn copy(proved: &Proved, attempt: impl Fn(RecordedAttempt) -> RecordedAttempt) -> RunStore {
    let mut store = RunStore::in_memory().unwrap();
    for volume in proved.attestation.volume_ids() {
        let accounts = proved.store.accounts(volume).unwrap();
        let accounts = accounts.iter().map(|one| (one.id.as_str(), &one.account, one.placement));
        store.record_accounts(accounts).unwrap();
        let recorded = attempt(proved.store.attempt(volume).unwrap());
        store.record_attempt(volume, &recorded).unwrap();
    }
    store.finish(proved.attestation.digest()).unwrap();
    store
}

/// What a run says to a request for a statement.
fn refusal(run: &Run<'_>, setup: Option<&Setup>) -> BuildError {
    run.statement(ALICE, setup).unwrap_err()
}

fn is_foreign(error: &BuildError) -> bool {
    matches!(error, BuildError::Sealed { source: OpenedError::OtherColumns, .. })
}

#[test]
fn proving_the_same_again_shares_nothing() {
    let secret = OperatorSecret::generate().unwrap();
    let mut runs = [(); 2].map(|()| Proved::with(&secret));
    runs.iter_mut().for_each(|proved| proved.run().open_all(setup(), opener(), &()).unwrap());
    let [left, right] = runs;
    assert_eq!(left.attestation.context(), right.attestation.context());
    let shape = left.attestation.header.shape().unwrap();
    let mut commitments = BTreeSet::new();
    let mut values = BTreeSet::new();
    let mut nonces = BTreeSet::new();
    for proved in [&left, &right] {
        for (volume, proof) in proved.attestation.volume_ids().zip(&proved.attestation.volumes) {
            let phase1 = &proof.proof[..proof_layout(&shape).phase1];
            commitments.extend(phase1.chunks(64).map(<[u8]>::to_vec));
            for page in 0..shape.pages() {
                let opened = proved.store.page(volume, page).unwrap().unwrap();
                values.extend(opened.values);
            }
            let word = proved.attestation.context().word(volume);
            let secrets = RunSecrets { secret: &proved.secret, salt: &proved.salt };
            for id in proved.store.ids().unwrap() {
                let attempt = proved.store.attempt(volume).unwrap();
                nonces.insert(*secrets.volume_key(word).nonce(&attempt, &id).reveal());
            }
        }
    }
    // Every phase 1 column of two runs of two volumes, every slot, every account in every volume.
    assert_eq!(commitments.len(), 4 * proof_layout(&shape).phase1 / 64);
    assert_eq!(values.len(), 4 * shape.lines());
    assert_eq!(nonces.len(), 4 * left.store.ids().unwrap().len());
    let places = |proved: &Proved| {
        let ids = proved.store.ids().unwrap();
        ids.iter()
            .map(|id| proved.store.account(id).unwrap().unwrap().placement)
            .collect::<Vec<_>>()
    };
    let (left, right) = (places(&left), places(&right));
    let same = left.iter().zip(&right).filter(|(left, right)| left == right).count();
    assert!(same < left.len() / 4, "{same} accounts stand where they stood before");
}

#[test]
fn one_id_has_one_account() {
    let proved = proved();
    let account = proved.store.account(ALICE).unwrap().unwrap();
    let mut other = account.placement;
    other.slot += 20;
    let mut store = RunStore::in_memory().unwrap();
    let places = [account.placement, other];
    let twice = places.iter().map(|&place| (ALICE, &account.account, place));
    let refusal = store.record_accounts(twice).unwrap_err();
    assert!(matches!(refusal, StoreError::Duplicate(id) if id == ALICE));
    assert_eq!(store.account(ALICE).unwrap(), None);
}

#[test]
fn foreign_secrets_give_no_statement_before_the_pages_are_opened_or_after() {
    let mut proved = proved();
    let (secret, salt) = (OperatorSecret::generate().unwrap(), Salt::generate().unwrap());
    let foreign = [(secret, proved.salt.clone()), (proved.secret.clone(), salt)];
    let attestation = proved.attestation.clone();
    for (secret, salt) in &foreign {
        let secrets = RunSecrets { secret, salt };
        let mut run = Run::new(&attestation, secrets, &mut proved.store).unwrap();
        assert!(is_foreign(&refusal(&run, Some(setup()))));
        assert!(is_foreign(&run.open_all(setup(), opener(), &()).unwrap_err()));
        assert!(matches!(refusal(&run, None), BuildError::NotOpened(id) if id == ALICE));
    }
    proved.run().open_all(setup(), opener(), &()).unwrap();
    for (secret, salt) in &foreign {
        let secrets = RunSecrets { secret, salt };
        let run = Run::new(&attestation, secrets, &mut proved.store).unwrap();
        assert!(is_foreign(&refusal(&run, None)));
    }
    let run = proved.run();
    let refusal = run.statement("nobody", None).unwrap_err();
    assert!(matches!(refusal, BuildError::NoAccount(id) if id == "nobody"));
}

#[test]
fn foreign_attempts_setups_and_attestations_give_no_statement() {
    let mut proved = proved();
    let mut store = copy(&proved, |_| RecordedAttempt::from_bytes([1; 32]));
    let secrets = RunSecrets { secret: &proved.secret, salt: &proved.salt };
    let run = Run::new(&proved.attestation, secrets, &mut store).unwrap();
    assert!(is_foreign(&refusal(&run, Some(setup()))));

    let params = ParamsKZG::setup(11, ChaCha20Rng::seed_from_u64(5));
    let tau = Fr::random(ChaCha20Rng::seed_from_u64(5));
    let powers = std::iter::successors(Some(tau), |power| Some(power.square())).take(10);
    let tau_powers_g2 = powers.map(|power| (G2Affine::generator() * power).into()).collect();
    let other = Setup::unchecked_from_parts(params, tau_powers_g2, Origin::Unknown);
    let run = proved.run();
    assert!(is_foreign(&refusal(&run, Some(&other))));
    let size = OpeningError::SetupSize { setup: 12, pages: 11 };
    let refused = refusal(&run, Some(&insecure_setup(12).unwrap()));
    assert!(matches!(refused, BuildError::Opening(error) if error == size));

    let mut attestation = proved.attestation.clone();
    attestation.header.venue.push('!');
    let secrets = RunSecrets { secret: &proved.secret, salt: &proved.salt };
    let refused = Run::new(&attestation, secrets, &mut proved.store).unwrap_err();
    assert!(
        matches!(refused, BuildError::OtherAttestation { got, .. } if got == attestation.digest())
    );
}

#[test]
fn a_build_that_was_stopped_goes_on_where_it_was() {
    let mut whole = proved();
    whole.run().open_all(setup(), opener(), &()).unwrap();
    let pages = whole.attestation.header.shape().unwrap().pages();
    let [first, second] = [0, 1].map(VolumeId::new);
    let mut opened: Vec<OpenedPage> =
        (0..pages).map(|page| whole.store.page(first, page).unwrap().unwrap()).collect();
    // A mark that nobody would make again.
    opened[0].opening = G1Affine::generator();
    let mut store = copy(&whole, |seed| seed);
    store.record_pages(first, &opened).unwrap();
    let secrets = RunSecrets { secret: &whole.secret, salt: &whole.salt };
    let mut run = Run::new(&whole.attestation, secrets, &mut store).unwrap();
    assert_eq!(run.unopened().unwrap(), [second]);
    run.open_all(setup(), opener(), &()).unwrap();
    assert!(run.unopened().unwrap().is_empty());
    assert_eq!(store.page(first, 0).unwrap().unwrap(), opened[0]);
    for page in 0..pages {
        assert_eq!(store.page(second, page).unwrap(), whole.store.page(second, page).unwrap());
    }
}

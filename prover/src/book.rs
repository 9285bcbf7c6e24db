//! From a snapshot, rules and prices to an attestation.

use halo2_proofs::poly::commitment::Params;
use jiff::Timestamp;
use pacioli_attestation::{
    ATTESTATION_VERSION as VERSION, Attestation, Context, Digest, Header, KeyError, Progress,
    ProofError, Reserves, VerifyingKey, VolumeProof,
    open_interest::{OpenInterestError, check_accounts},
    program::Program,
    setup::Setup,
    verify_volume,
};
use pacioli_circuits::{
    Account, MAX_K, MAX_PAGE_SIZE, MIN_K, PublicInputs, Shape, ShapeError, Totals, Volume,
};
use pacioli_rules::{Compiled, NotLeftOut, Prices, Rules, RulesError, compile};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use thiserror::Error;

use crate::{
    ledger::{Ledger, LedgerError, Strictness, balance_accounts},
    plan::{Plan, PlanError, page_size},
    prove::{PROOF_STEPS, ProofSeed, prove_volume},
    proving_key::ProvingKey,
    sealed::RunSecrets,
    secret::{OperatorSecret, Salt, SecretError},
    snapshot::Snapshot,
    store::{RunStore, StoreError},
};

/// What a run starts from.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Whose book it is.
    pub venue: String,
    /// When the snapshot was taken.
    pub as_of: Timestamp,
    /// The number and digest of the attestation before this one, below the largest number.
    pub previous: Option<(u64, Digest)>,
    /// The rules, whose text goes into the attestation.
    pub rules: Rules,
    /// The prices.
    pub prices: Prices,
    /// The reserves.
    pub reserves: Option<Reserves>,
    /// Who holds how much of what.
    pub snapshot: Snapshot,
    /// Round quantities that are finer than their instrument.
    pub round: bool,
    /// Leave out deposits and loans of these assets, which have no price.
    pub leave_out: Vec<String>,
}

/// A book whose accounts all balance, ready to be proved.
#[derive(Clone, Debug)]
pub struct Book {
    draft: Draft,
    compiled: Compiled,
    program: Option<Digest>,
    ids: Vec<String>,
    accounts: Vec<Account>,
    page_size: usize,
}

/// What the header will say, and what became of the snapshot.
#[derive(Clone, Debug)]
struct Draft {
    venue: String,
    as_of: Timestamp,
    sequence: u64,
    previous: Option<Digest>,
    rules: Rules,
    prices: Prices,
    reserves: Option<Reserves>,
    ledger: Ledger,
}

/// Why a book cannot be proved.
#[derive(Debug, Error)]
pub enum BookError {
    /// The rules are refused, alone or with the prices.
    #[error("in the rules: {0}")]
    Rules(#[from] RulesError),
    /// An asset may not be left out.
    #[error(transparent)]
    LeftOut(#[from] NotLeftOut),
    /// A holding or an account of the snapshot is refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// More is open in a market than the prices state.
    #[error(transparent)]
    OpenInterest(#[from] Box<OpenInterestError>),
    /// The attestation before has the last number there is.
    #[error("no number follows that of the attestation before, {0}")]
    Sequence(u64),
    /// The accounts cannot be laid out.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The setup is of a size that no circuit has.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The key cannot be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// More instruments than a circuit of this size has rows for.
    #[error("there are {got} instruments; 2^{k} rows have room for {limit}, 2^16 for 1024")]
    Instruments {
        /// Instruments of the table.
        got: usize,
        /// Rows of the circuit, as a power of two.
        k: u32,
        /// Its room.
        limit: usize,
    },
    /// The operating system gives no randomness.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// What statements need cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The proof just made does not verify.
    #[error("volume {volume}: the proof just made is refused; report this: {source}")]
    Proof {
        /// The volume.
        volume: usize,
        /// Why.
        source: ProofError,
    },
}

impl Book {
    /// Compiles the rules and balances every account.
    ///
    /// # Errors
    /// Where rules, prices or snapshot are refused, an asset may not be left out, more is open than
    /// the prices state, or no number follows the previous one.
    pub fn new(inputs: Inputs) -> Result<Self, BookError> {
        let sequence = match inputs.previous {
            None => 0,
            Some((before, _)) => before.checked_add(1).ok_or(BookError::Sequence(before))?,
        };
        let rules = &inputs.rules;
        let compiled = compile(rules, &inputs.prices)?;
        let program = Program::of(rules, &compiled, &inputs.prices);
        let program = program.ok().map(|program| program.hash());
        let options = Strictness {
            round: inputs.round,
            leave_out: &inputs.leave_out,
            page_size: MAX_PAGE_SIZE,
        };
        rules.check_all_left_out(options.leave_out, &inputs.prices)?;
        let mut ledger = balance_accounts(inputs.snapshot, &compiled, options)
            .map_err(|error| error.under(rules, &inputs.prices))?;
        let (ids, accounts): (Vec<_>, Vec<_>) = ledger.accounts.drain(..).unzip();
        check_accounts(&compiled, &accounts)?;
        let page_size = page_size(&accounts)?;
        let Inputs { venue, as_of, previous, rules, prices, reserves, .. } = inputs;
        let previous = previous.map(|(_, digest)| digest);
        let draft = Draft { venue, as_of, sequence, previous, rules, prices, reserves, ledger };
        Ok(Self { draft, compiled, program, ids, accounts, page_size })
    }

    /// What rules and prices compile to.
    pub fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// The accounts with their lines, in the order of the snapshot.
    pub fn accounts(&self) -> impl ExactSizeIterator<Item = (&str, &Account)> {
        self.ids.iter().map(String::as_str).zip(&self.accounts)
    }

    /// Lines of all accounts, closing lines included.
    pub fn lines(&self) -> usize {
        self.accounts.iter().map(|account| account.lines.len()).sum()
    }

    /// The sizes of the circuit under a setup of `2^k` rows.
    ///
    /// # Errors
    /// Where such a circuit does not exist or has no room for the instruments.
    pub fn shape(&self, k: u32) -> Result<Shape, BookError> {
        let shape = Shape::new(k, self.compiled.scenarios.len(), self.page_size)?;
        let (got, limit) = (self.compiled.rows.len(), shape.instruments());
        if got > limit {
            return Err(BookError::Instruments { got, k, limit });
        }
        Ok(shape)
    }

    /// The smallest circuit that takes the whole book in one volume, but not above `2^largest`
    /// rows.
    ///
    /// # Errors
    /// Where no circuit up to that size has room for the instruments.
    pub fn smallest_k(&self, largest: u32) -> Result<u32, BookError> {
        // Accounts do not fill their pages to the last slot.
        let lines = self.lines() + self.lines() / 8;
        let fits = |k: &u32| self.shape(*k).is_ok_and(|shape| shape.lines() >= lines);
        let largest = largest.min(MAX_K);
        let k = (MIN_K..largest).find(fits).unwrap_or(largest);
        self.shape(k).map(|_| k)
    }

    /// Proves the book, one volume after another, and keeps in `store` what its statements need.
    /// Every call draws its own randomness: which slot every account has, and what hides the
    /// columns. The salt of `secrets` is the caller's to draw, fresh for this call.
    ///
    /// # Errors
    /// Where the setup's size fits no circuit of this book, or the store takes no more.
    pub fn prove(
        &self,
        setup: &Setup,
        secrets: RunSecrets<'_>,
        store: &mut RunStore,
        progress: &dyn Progress,
    ) -> Result<Attestation, BookError> {
        let shape = self.shape(setup.params.k())?;
        progress.begin("making the proving key", 1);
        let key = ProvingKey::new(setup, shape)?;
        let verifying_key = VerifyingKey::new(setup, key.shape)?;
        let plan = Plan::deal(shape, &self.accounts, ChaCha20Rng::from_entropy())?;
        let header = self.header(&shape, verifying_key.digest(), setup);
        let Draft { rules, prices, reserves, .. } = &self.draft;
        let volumes = plan.volumes.len();
        let context = Context::new(&header, rules.text(), prices, reserves.as_ref(), volumes);
        let placements = plan.placements(&self.accounts);
        let placed: Vec<_> = placements
            .map(|(index, place)| (self.ids[index].as_str(), &self.accounts[index], place))
            .collect();
        store.record_accounts(placed.iter().copied())?;

        let mut proved = Vec::with_capacity(volumes);
        let rows = shape.rows();
        let phase = match volumes {
            1 => format!("proving one volume of {rows} rows"),
            _ => format!("proving {volumes} volumes of {rows} rows"),
        };
        progress.begin(&phase, volumes as u64 * PROOF_STEPS);
        for (number, pages) in plan.volumes.iter().enumerate() {
            let pages = pages.iter().map(|page| page.iter().map(|&index| &self.accounts[index]));
            let volume = Volume::new(&shape, pages).expect("the plan fits its own shape");
            let table = &self.compiled.table;
            let totals = Totals::of(&volume, table.instruments().len());
            let word = context.word(number);
            let public = PublicInputs { context: word, table, totals: &totals };
            let seed = ProofSeed::fresh();
            store.record_seed(number, &seed.record())?;
            let here = placed.iter().filter(|(.., place)| place.volume == number);
            let here: Vec<_> = here.copied().collect();
            let seals = secrets.seal_volume(&shape, word, &here, &seed.record());
            let behind = number as u64 * PROOF_STEPS;
            let reach = |step| progress.reach(behind + step);
            let proof = prove_volume(&setup.params, &key, &public, volume, seals, seed, reach);
            verify_volume(&verifying_key, &public, &proof)
                .map_err(|source| BookError::Proof { volume: number, source })?;
            let (counts, quantities) =
                totals.0.iter().map(|total| (total.count, total.quantity)).unzip();
            proved.push(VolumeProof { counts, quantities, proof });
        }
        let attestation = Attestation {
            version: VERSION.to_owned(),
            header,
            rules: rules.text().to_owned(),
            prices: prices.clone(),
            reserves: reserves.clone(),
            volumes: proved,
        };
        store.finish(attestation.digest())?;
        Ok(attestation)
    }

    /// Proves the book and keeps nothing: no statement can be given for what comes out.
    ///
    /// # Errors
    /// Where the setup's size fits no circuit of this book.
    pub fn prove_without_statements(
        &self,
        setup: &Setup,
        progress: &dyn Progress,
    ) -> Result<Attestation, BookError> {
        let (secret, salt) = (OperatorSecret::generate()?, Salt::generate()?);
        let secrets = RunSecrets { secret: &secret, salt: &salt };
        self.prove(setup, secrets, &mut RunStore::in_memory()?, progress)
    }

    fn header(&self, shape: &Shape, key: Digest, setup: &Setup) -> Header {
        let Draft { venue, as_of, sequence, previous, ledger, .. } = &self.draft;
        Header {
            venue: venue.clone(),
            sequence: *sequence,
            previous: *previous,
            as_of: *as_of,
            accounts: self.accounts.len() as u64,
            accounts_left_out: ledger.accounts_left_out.len() as u64,
            left_out: ledger.left_out.clone(),
            rounding: ledger.rounding.clone(),
            k: shape.k(),
            page_size: shape.page_size(),
            scenarios: shape.scenarios(),
            program: self.program,
            key,
            setup: setup.origin.to_string(),
            software: concat!("pacioli ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

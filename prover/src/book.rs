//! From a snapshot, rules and prices to an attestation.

use jiff::Timestamp;
use pacioli_attestation::{
    ATTESTATION_VERSION as VERSION, Attestation, Context, Digest, Drawn, Header, KeyError,
    Progress, ProofError, Reserves, VerifyingKey, VolumeId, VolumeProof, program::Program,
    setup::Setup, verify_volume,
};
use pacioli_circuits::{
    Account, Line, MAX_K, MAX_PAGE_SIZE, MIN_K, PublicInputs, Shape, ShapeError, Totals, Volume,
};
use pacioli_rules::{Compiled, Prices, Rules, RulesError, compile};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use thiserror::Error;

use crate::{
    ledger::{
        BalancedAccounts, BookInputError, Disclosure, FormCounts, Ledger, Strictness, balance_book,
    },
    plan::{Placed, Placement, Plan, PlanError, page_size},
    prove::{PROOF_STEPS, ProofSeed, prove_volume},
    proving_key::ProvingKey,
    sealed::RunSecrets,
    secret::{OperatorSecret, Salt},
    secret_file::SecretError,
    snapshot::Snapshot,
    store::{RunStore, StoreError},
};

/// The inputs of a run.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The venue.
    pub venue: String,
    /// The time of the snapshot.
    pub as_of: Timestamp,
    /// How that time was drawn, where it was. The book is not asked whether it is of that time.
    pub drawn: Option<Drawn>,
    /// The sequence number and digest of the previous attestation.
    pub previous: Option<(u64, Digest)>,
    /// The rules, whose text goes into the attestation.
    pub rules: Rules,
    /// The prices.
    pub prices: Prices,
    /// The reserves.
    pub reserves: Option<Reserves>,
    /// The holdings of every account.
    pub snapshot: Snapshot,
    /// How strictly the snapshot is taken.
    pub strictness: Strictness,
}

/// A book whose accounts all balance, ready to be proved.
#[derive(Clone, Debug)]
pub struct Book {
    draft: Draft,
    compiled: Compiled,
    accounts: BalancedAccounts,
    forms: FormCounts,
    page_size: usize,
}

/// What the attestation says besides accounts and proofs.
#[derive(Clone, Debug)]
struct Draft {
    venue: String,
    as_of: Timestamp,
    drawn: Option<Drawn>,
    sequence: u64,
    previous: Option<Digest>,
    rules: Rules,
    prices: Prices,
    reserves: Option<Reserves>,
    disclosure: Disclosure,
    /// The hash of the policy's program, if a contract can evaluate the policy.
    program: Option<Digest>,
}

/// Why a book cannot be proved.
#[derive(Debug, Error)]
pub enum BookError {
    /// The rules are refused, alone or with the prices.
    #[error("in the rules: {0}")]
    Rules(#[from] RulesError),
    /// The snapshot does not make a book.
    #[error(transparent)]
    Input(#[from] BookInputError),
    /// No verifier takes a book in which nobody holds anything.
    #[error("the book is empty: no account of the snapshot holds anything that is in the book")]
    Empty,
    /// The previous attestation has the largest sequence number.
    #[error("cannot extend the chain: the previous sequence number is already {0}")]
    Sequence(u64),
    /// The accounts cannot be laid out.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// No circuit has the setup's size.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The key cannot be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A circuit of this size has too few rows for the instruments.
    #[error(
        "there are {got} instruments; a circuit of 2^{k} rows has room for {limit}, one of 2^16 for 2048"
    )]
    Instruments {
        /// The number of instruments.
        got: usize,
        /// The circuit has `2^k` rows.
        k: u32,
        /// The most instruments it has room for.
        limit: usize,
    },
    /// The operating system provides no randomness.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The data for statements cannot be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The proof just made does not verify.
    #[error("volume {volume}: the proof just made is refused; please report this: {source}")]
    Proof {
        /// The volume.
        volume: VolumeId,
        /// The error.
        source: ProofError,
    },
}

impl Book {
    /// Compiles the rules and balances every account.
    ///
    /// # Errors
    /// If rules, prices or snapshot are refused, nobody holds anything, an asset may not be left out, the open interest of a
    /// market is larger than the prices state, or the previous sequence number is the largest.
    pub fn new(inputs: Inputs) -> Result<Self, BookError> {
        let Inputs { venue, as_of, drawn, previous, rules, prices, reserves, snapshot, strictness } =
            inputs;
        let sequence = match previous {
            None => 0,
            Some((before, _)) => before.checked_add(1).ok_or(BookError::Sequence(before))?,
        };
        let compiled = compile(&rules, &prices)?;
        let program = Program::of(&rules, &compiled, &prices);
        let program = program.ok().map(|program| program.hash());
        let Ledger { accounts, forms, disclosure } =
            balance_book(snapshot, &rules, &prices, &compiled, &strictness, MAX_PAGE_SIZE)?;
        let is_held = |line: Line| {
            let row = compiled.rows.get(line.instrument.row());
            line.quantity.units() > 0 && row.is_some_and(|row| row.role.is_held())
        };
        if !accounts.lines().any(is_held) {
            return Err(BookError::Empty);
        }
        let page_size = page_size(&accounts)?;
        let previous = previous.map(|(_, digest)| digest);
        let draft = Draft {
            venue,
            as_of,
            drawn,
            sequence,
            previous,
            rules,
            prices,
            reserves,
            disclosure,
            program,
        };
        Ok(Self { draft, compiled, accounts, forms, page_size })
    }

    /// The reserves, if there are any.
    pub fn reserves(&self) -> Option<&Reserves> {
        self.draft.reserves.as_ref()
    }

    /// The compiled rules and prices.
    pub fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// The accounts with their lines, in the order of the snapshot.
    pub fn accounts(&self) -> &BalancedAccounts {
        &self.accounts
    }

    /// How many accounts took which form, and what that saved.
    pub fn forms(&self) -> FormCounts {
        self.forms
    }

    /// The number of lines of all accounts, closing lines included.
    pub fn lines(&self) -> usize {
        self.accounts.line_count()
    }

    /// The sizes of the circuit under a setup of `2^k` rows.
    ///
    /// # Errors
    /// If there is no such circuit, or it has no room for the instruments.
    pub fn shape(&self, k: u32) -> Result<Shape, BookError> {
        let shape = Shape::new(k, self.page_size)?;
        let (got, limit) = (self.compiled.rows.len(), shape.instruments());
        if got > limit {
            return Err(BookError::Instruments { got, k, limit });
        }
        Ok(shape)
    }

    /// The size of the smallest circuit that takes the whole book in one volume, at most `2^largest`
    /// rows.
    ///
    /// # Errors
    /// If no circuit up to that size has room for the instruments.
    pub fn smallest_k(&self, largest: u32) -> Result<u32, BookError> {
        // Accounts do not fill their pages completely.
        let lines = self.lines() + self.lines() / 8;
        let fits = |k: &u32| self.shape(*k).is_ok_and(|shape| shape.lines() >= lines);
        let largest = largest.min(MAX_K);
        let k = (MIN_K..largest).find(fits).unwrap_or(largest);
        self.shape(k).map(|_| k)
    }

    /// Proves the book, one volume after another, and stores in `store` what its statements need.
    /// Every call draws its own randomness, for the slots of accounts and the blinding of columns. The
    /// caller draws the salt of `secrets`, fresh for this call.
    ///
    /// # Errors
    /// If no circuit of this book has the setup's size, or the store cannot be written.
    pub fn prove(
        &self,
        setup: &Setup,
        secrets: RunSecrets<'_>,
        store: &mut RunStore,
        progress: &dyn Progress,
    ) -> Result<Attestation, BookError> {
        let shape = self.shape(setup.k())?;
        progress.begin("making the proving key", 1);
        let key = ProvingKey::new(setup, shape)?;
        let verifying_key = VerifyingKey::new(setup, key.shape)?;
        let plan = Plan::deal(shape, &self.accounts, ChaCha20Rng::from_entropy())?;
        let header = self.header(&shape, verifying_key.digest(), setup);
        let Draft { rules, prices, reserves, .. } = &self.draft;
        let volumes = plan.volumes();
        let context = Context::new(&header, rules.text(), prices, reserves.as_ref(), volumes);
        for id in VolumeId::all(volumes) {
            let dealt: Vec<_> = plan.volume(id, &self.accounts).collect();
            store.record_accounts(placed(&dealt))?;
        }

        let mut proved = Vec::with_capacity(volumes);
        let rows = shape.rows();
        let phase = match volumes {
            1 => format!("proving one volume of {rows} rows"),
            _ => format!("proving {volumes} volumes of {rows} rows"),
        };
        progress.begin(&phase, volumes as u64 * PROOF_STEPS);
        for id in VolumeId::all(volumes) {
            let dealt: Vec<_> = plan.volume(id, &self.accounts).collect();
            let mut pages = vec![Vec::new(); shape.pages()];
            dealt.iter().for_each(|one| pages[one.placement.page].push(&one.account));
            let volume = Volume::new(&shape, pages).expect("the plan fits its own shape");
            let table = &self.compiled.table;
            let totals = Totals::of(&volume, table.instruments().len());
            let word = context.word(id);
            let public = PublicInputs { context: word, table, totals: &totals };
            let seed = ProofSeed::fresh();
            store.record_seed(id, &seed.record())?;
            let here: Vec<_> = placed(&dealt).collect();
            let seals = secrets.seal_volume(&shape, word, &here, &seed.record());
            let behind = id.index() as u64 * PROOF_STEPS;
            let reach = |step| progress.reach(behind + step);
            let proof = prove_volume(&key, &public, volume, seals, seed, reach);
            verify_volume(&verifying_key, &public, &proof)
                .map_err(|source| BookError::Proof { volume: id, source })?;
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

    /// Proves the book and stores nothing: no statement can be made for the attestation.
    ///
    /// # Errors
    /// If no circuit of this book has the setup's size.
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
        let Draft { venue, as_of, drawn, sequence, previous, disclosure, program, .. } =
            &self.draft;
        Header {
            venue: venue.clone(),
            sequence: *sequence,
            previous: *previous,
            as_of: *as_of,
            drawn: drawn.clone(),
            accounts: self.accounts.len() as u64,
            accounts_left_out: disclosure.accounts_left_out.len() as u64,
            left_out: disclosure.left_out.clone(),
            rounding: disclosure.rounding.clone(),
            k: shape.k(),
            page_size: shape.page_size(),
            scenarios: self.compiled.scenarios.len(),
            program: *program,
            key,
            setup: setup.origin().to_string(),
            software: concat!("pacioli ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// Accounts with their ids and places.
fn placed<'a>(dealt: &'a [Placed<'a>]) -> impl Iterator<Item = (&'a str, &'a Account, Placement)> {
    dealt.iter().map(|one| (one.id, &one.account, one.placement))
}

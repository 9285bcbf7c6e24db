//! From a snapshot, rules and prices to an attestation.

use jiff::Timestamp;
use pacioli_attestation::{
    ATTESTATION_VERSION as VERSION, Attestation, Digest, Drawn, Header, KeyError, Progress,
    ProofError, Reserves, VerifyingKey, VolumeId, VolumeProof, program::Program, setup::Setup,
};
use pacioli_circuits::{Line, MAX_K, MAX_PAGE_SIZE, MIN_K, Shape, ShapeError, Totals};
use pacioli_rules::{Compiled, Prices, Rules, RulesError, compile};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use thiserror::Error;

use crate::{
    SOFTWARE,
    derive::Attempt,
    ledger::{
        BalancedAccounts, BookInputError, Disclosure, FormCounts, Ledger, Strictness, balance_book,
    },
    parts::{Dealt, Judge, PartError, Prover, RunId},
    plan::{Plan, PlanError, page_size},
    prove::PROOF_STEPS,
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
    /// A volume is not the one that was dealt.
    #[error(transparent)]
    Part(#[from] PartError),
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

    /// Deals the accounts out to volumes under a setup, in an order drawn anew by every call, and
    /// makes the verifying key.
    ///
    /// # Errors
    /// If no circuit of this book has the setup's size.
    pub fn deal(&self, setup: &Setup) -> Result<(Dealt<'_>, VerifyingKey), BookError> {
        let shape = self.shape(setup.k())?;
        let key = VerifyingKey::new(setup, shape)?;
        let plan = Plan::deal(shape, &self.accounts, ChaCha20Rng::from_entropy())?;
        let instruments = self.compiled.table.instruments().len();
        let volumes = VolumeId::all(plan.volumes()).map(|volume| {
            let held = plan.volume(volume, &self.accounts).flat_map(|one| one.account.lines);
            let mut totals = Totals::of_lines(held, instruments);
            // Empty slots hold a line of the first row.
            let lines: u64 = totals.0.iter().map(|total| total.count).sum();
            totals.0[0].count += shape.lines() as u64 - lines;
            let (counts, quantities) =
                totals.0.iter().map(|total| (total.count, total.quantity)).unzip();
            VolumeProof { counts, quantities, proof: Vec::new() }
        });
        let volumes = volumes.collect();
        let Draft { rules, prices, reserves, .. } = &self.draft;
        let attestation = Attestation {
            version: VERSION.to_owned(),
            header: self.header(&shape, key.digest(), setup),
            rules: rules.text().to_owned(),
            prices: prices.clone(),
            reserves: reserves.clone(),
            volumes,
        };
        Ok((Dealt { attestation, shape, plan, accounts: &self.accounts }, key))
    }

    /// Proves the book, one volume after another, and stores in `store` what its statements need.
    /// Every call draws its own randomness, for the slots of accounts and the blinding of columns. The
    /// caller draws the salt of `secrets`, fresh for this call. What is stored serves nothing if the
    /// call ends early: to resume, take a run in [`crate::parts`].
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
        progress.begin("making the proving key", 1);
        let (dealt, key) = self.deal(setup)?;
        let mut attestation = dealt.attestation.clone();
        let judge = Judge::with_key(&dealt.attestation, setup, key)?;
        let prover = Prover::new(&judge)?;
        let run = RunId::draw()?;
        progress.begin(
            &proving(attestation.volumes.len(), dealt.shape.rows()),
            attestation.volumes.len() as u64 * PROOF_STEPS,
        );
        for (id, volume) in VolumeId::all(attestation.volumes.len()).zip(&mut attestation.volumes) {
            let shard = dealt.shard(run, id, secrets);
            let accounts = shard.accounts.iter();
            store.record_accounts(
                accounts.map(|one| (one.id.as_str(), &one.account, one.placement)),
            )?;
            let attempt = Attempt::fresh()?;
            store.record_attempt(id, &attempt.record())?;
            let behind = id.index() as u64 * PROOF_STEPS;
            let proved = prover.prove(&shard, attempt, |step| progress.reach(behind + step));
            volume.proof = proved.map_err(|error| match error {
                PartError::Proof(source) => BookError::Proof { volume: id, source },
                error => BookError::Part(error),
            })?;
        }
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
            software: SOFTWARE.to_owned(),
        }
    }
}

/// What proving so many volumes is called.
pub fn proving(volumes: usize, rows: usize) -> String {
    match volumes {
        1 => format!("proving one volume of {rows} rows"),
        _ => format!("proving {volumes} volumes of {rows} rows"),
    }
}

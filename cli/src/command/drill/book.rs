//! The books that the drill's venue proves, small and within a second each.

use anyhow::{Context, Result};
use jiff::Timestamp;
use pacioli_attestation::{
    Attestation, Candidate, Digest, Progress, Reserves, Verified, VerifyingKey,
    program::Program,
    setup::{Setup, insecure_setup},
    statement::Statement,
};
use pacioli_prover::{
    Book, Inputs, OperatorSecret, RunSecrets, RunStore, Salt, Strictness, snapshot, statements::Run,
};
use pacioli_rules::{Prices, Rules};

use crate::sample;

/// The venue's name.
pub const VENUE: &str = "Sample Derivatives Exchange";
/// The circuit's rows, as a power of two: those of the verifier that comes with the program.
const K: u32 = 12;
/// The account of the sample that is the holder's.
const HOLDER: &str = "trader-0007";
/// The time in the sample's files, which is the drill's day 0.
const SAMPLE_TIME: &str = "2026-11-21T00:00:00Z";
/// The price of USDC in the sample's files.
const SAMPLE_PRICE: &str = "\"USDC\": \"1\"";
/// The book of a thief: nobody but a friend, who holds next to nothing.
const FRIENDS: &str = "account,instrument,quantity\nfriend,deposit USDC,1000\n";

/// Which book is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accounts {
    /// The venue's own.
    All,
    /// All accounts but a friend's left out.
    Friends,
}

/// What a proof is of.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub accounts: Accounts,
    /// The second of the snapshot and of the prices.
    pub as_of: u64,
    /// The price of USDC.
    pub usdc: &'a str,
    /// The attestation before.
    pub previous: Option<&'a Proved>,
}

/// An attestation that was proved, verified, and can be sent.
pub struct Proved {
    pub verified: Verified,
    pub program: Program,
    /// The holder's statement, of the venue's own book.
    pub statement: Option<Statement>,
}

/// The venue's prover.
pub struct Prover {
    setup: Setup,
    secret: OperatorSecret,
    key: Option<VerifyingKey>,
    snapshot: String,
    /// The holder's id, an address.
    pub holder: String,
}

impl Proved {
    pub fn attestation(&self) -> &Attestation {
        &self.verified.attestation
    }

    /// Its number and digest.
    pub fn link(&self) -> (u64, Digest) {
        (self.attestation().header.sequence, self.verified.digest)
    }

    /// The second of its snapshot.
    pub fn as_of(&self) -> u64 {
        // The drill's times are long after 1970.
        u64::try_from(self.attestation().header.as_of.as_second()).unwrap_or_default()
    }
}

impl Prover {
    /// A prover whose book has the holder under the id that is their address.
    pub fn new(holder: String) -> Result<Self> {
        let own = format!("\n{HOLDER},");
        let snapshot = sample::snapshot().replace(&own, &format!("\n{holder},"));
        Ok(Self {
            setup: insecure_setup(K).context("a circuit's size is a setup's")?,
            secret: OperatorSecret::generate()?,
            key: None,
            snapshot,
            holder,
        })
    }

    /// Proves and verifies a book.
    pub fn prove(&mut self, asked: Asked<'_>, progress: &dyn Progress) -> Result<Proved> {
        let as_of = Timestamp::from_second(i64::try_from(asked.as_of)?)?;
        let at = |text: &str| text.replace(SAMPLE_TIME, &as_of.to_string());
        let price = format!("\"USDC\": \"{}\"", asked.usdc);
        let csv = match asked.accounts {
            Accounts::All => &self.snapshot,
            Accounts::Friends => FRIENDS,
        };
        let prices = at(sample::PRICES).replace(SAMPLE_PRICE, &price);
        let book = Book::new(Inputs {
            venue: VENUE.to_owned(),
            as_of,
            drawn: None,
            previous: asked.previous.map(Proved::link),
            rules: Rules::parse(sample::RULES)?,
            prices: Prices::parse(&prices)?,
            reserves: Some(Reserves::parse(&at(sample::RESERVES))?),
            snapshot: snapshot::read_csv(csv.as_bytes(), "sample.csv")?,
            strictness: Strictness::default(),
        })?;
        let salt = Salt::generate()?;
        let secrets = RunSecrets { secret: &self.secret, salt: &salt };
        let mut store = RunStore::in_memory()?;
        let attestation = book.prove(&self.setup, secrets, &mut store, progress)?;
        let candidate = Candidate::read(&attestation.to_bytes())?;
        let shape = candidate.shape();
        let key = match &self.key {
            Some(key) if key.shape() == shape => key.clone(),
            _ => VerifyingKey::insecure(shape),
        };
        self.key = Some(key.clone());
        let verified = candidate.verify(key, progress)?;
        let statement = match asked.accounts {
            Accounts::Friends => None,
            Accounts::All => {
                let run = Run::new(&attestation, secrets, &mut store)?;
                Some(run.statement(&self.holder, Some(&self.setup))?)
            }
        };
        let program =
            Program::of(&verified.rules, &verified.compiled, &verified.attestation.prices)?;
        Ok(Proved { verified, program, statement })
    }
}

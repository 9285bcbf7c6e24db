//! Checking an attestation: everything that anyone can compute from it again is computed again.

mod disclosed;
mod error;
mod trial_balance;

pub use disclosed::{DisclosedError, check_disclosed};
pub use error::VerifyError;
pub use trial_balance::{TrialBalanceError, check_trial_balance};

use std::ops::Deref;

use pacioli_circuits::{PublicInputs, Shape, Total, Totals};
use pacioli_rules::{Compiled, Rules, compile};

use crate::{
    attestation::Attestation,
    digest::Digest,
    drawn::{BlockHash, Draw},
    figures::{Figures, figures},
    key::VerifyingKey,
    open_interest,
    policy::{Clause, Evidence, evaluate_policy},
    program::Program,
    progress::Progress,
    proof::{ProofError, check_form, verify_volume},
    setup::Origin,
    volume::VolumeId,
};

/// What an attestation says: read off it, and computed again from what it holds.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The attestation.
    pub attestation: Attestation,
    /// Its digest.
    pub digest: Digest,
    /// The rules in it.
    pub rules: Rules,
    /// The instrument table, from rules and prices.
    pub compiled: Compiled,
    /// The totals of all volumes together.
    pub totals: Totals,
    /// What the totals say.
    pub figures: Figures,
    /// The policy's clauses, and whether each holds.
    pub clauses: Vec<Clause>,
    /// How its time was drawn, where it says that it was.
    pub draw: Option<Draw>,
    /// The blocks that the reader knows to be the chain's: see [`Candidate::knowing`].
    pub block_hashes: Vec<BlockHash>,
}

impl Findings {
    /// Every clause of the policy holds, and there is one.
    pub fn holds(&self) -> bool {
        !self.clauses.is_empty() && self.clauses.iter().all(|clause| clause.holds)
    }
}

/// An attestation that was read, and whose proofs nobody has checked yet: what it says fits
/// together, and may all be invented.
///
/// ```no_run
/// # use pacioli_attestation::{Candidate, VerifyError, VerifyingKey};
/// # fn example(bytes: &[u8]) -> Result<(), VerifyError> {
/// let candidate = Candidate::read(bytes)?;
/// let key = VerifyingKey::insecure(candidate.shape());
/// let verified = candidate.verify(key, &())?;
/// println!("{}", verified.digest);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Candidate {
    shape: Shape,
    volumes: Vec<Totals>,
    findings: Findings,
}

/// An attestation whose proofs hold under the key that it keeps. Nothing but
/// [`Candidate::verify`] makes one, and it is read through [`Findings`].
///
/// A statement is checked against it, and so under its key. No other can be given:
///
/// ```compile_fail,E0061
/// # use pacioli_attestation::{Verified, VerifyingKey, statement::{Statement, check}};
/// fn under_another_key(statement: &Statement, verified: &Verified, other: &VerifyingKey) {
///     let _ = check(statement, verified, other, None);
/// }
/// ```
///
/// and no field of it can be replaced:
///
/// ```compile_fail,E0616
/// # use pacioli_attestation::{Verified, VerifyingKey};
/// fn with_another_key(mut verified: Verified, other: VerifyingKey) {
///     verified.key = other;
/// }
/// ```
///
/// ```compile_fail,E0594
/// # use pacioli_attestation::Verified;
/// fn without_its_policy(mut verified: Verified) {
///     verified.clauses = Vec::new();
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Verified {
    findings: Findings,
    key: VerifyingKey,
}

impl Verified {
    /// What it says.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The key that it was verified under.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// Who is trusted not to know the setup's tau.
    pub fn origin(&self) -> Origin {
        self.key.origin()
    }
}

impl Deref for Verified {
    type Target = Findings;

    fn deref(&self) -> &Findings {
        &self.findings
    }
}

impl Candidate {
    /// Reads an attestation and computes again what needs no key: the table, the totals, the
    /// figures and the clauses of its policy.
    ///
    /// # Errors
    /// If something does not fit: the first such thing.
    pub fn read(bytes: &[u8]) -> Result<Self, VerifyError> {
        let attestation = Attestation::parse(bytes)?;
        let (rules, compiled) = recompile(&attestation)?;
        let draw = attestation.header.draw()?;
        let shape = attestation.header.shape()?;
        let volumes = check_totals(&attestation, &compiled, &shape)?;
        let totals = sum(&volumes, compiled.rows.len())?;
        let figures = figures(&compiled, &totals).expect("every volume's totals are of the table");
        open_interest::check(&compiled, &figures)?;
        let clauses =
            evaluate_policy(rules.policy(), &Evidence::new(&attestation, &compiled, &figures));
        let digest = Digest::of(bytes);
        let findings = Findings {
            attestation,
            digest,
            rules,
            compiled,
            totals,
            figures,
            clauses,
            draw,
            block_hashes: Vec::new(),
        };
        Ok(Self { shape, volumes, findings })
    }

    /// Evaluates the policy again for a reader who knows the hashes of these blocks: a time drawn
    /// from a block is then known by the chain, or was drawn from another block than these.
    pub fn knowing(mut self, block_hashes: Vec<BlockHash>) -> Self {
        let findings = &mut self.findings;
        let Findings { attestation, compiled, figures, rules, .. } = &*findings;
        let mut evidence = Evidence::new(attestation, compiled, figures);
        evidence.block_hashes = &block_hashes;
        findings.clauses = evaluate_policy(rules.policy(), &evidence);
        findings.block_hashes = block_hashes;
        self
    }

    /// The attestation, as in the file.
    pub fn attestation(&self) -> &Attestation {
        &self.findings.attestation
    }

    /// The sizes of the circuit whose key it is verified with.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Checks every volume's proof under a key of the reader's.
    ///
    /// # Errors
    /// If the attestation was made under another key, a proof does not hold, or no book can have
    /// these totals or this header.
    pub fn verify(
        self,
        key: VerifyingKey,
        progress: &dyn Progress,
    ) -> Result<Verified, VerifyError> {
        let Self { volumes, findings, .. } = self;
        check_proofs(&findings.attestation, &findings.compiled, &volumes, &key, progress)?;
        let Findings { attestation, rules, compiled, totals, .. } = &findings;
        check_program(attestation, rules, compiled)?;
        check_disclosed(attestation, rules, compiled, totals)?;
        Ok(Verified { findings, key })
    }
}

/// The rules and the instrument table, from the attestation's own texts.
fn recompile(attestation: &Attestation) -> Result<(Rules, Compiled), VerifyError> {
    attestation.prices.check()?;
    if let Some(reserves) = &attestation.reserves {
        reserves.check()?;
    }
    let rules = Rules::parse(&attestation.rules)?;
    let compiled = compile(&rules, &attestation.prices)?;
    Ok((rules, compiled))
}

/// The header names the rules' program, where they make one.
fn check_program(
    attestation: &Attestation,
    rules: &Rules,
    compiled: &Compiled,
) -> Result<(), VerifyError> {
    let program = Program::of(rules, compiled, &attestation.prices);
    let (claimed, own) = (attestation.header.program, program.ok().map(|program| program.hash()));
    if claimed == own { Ok(()) } else { Err(VerifyError::Program { claimed, own }) }
}

/// Every volume's totals, within their bounds and beside a proof of the right length.
fn check_totals(
    attestation: &Attestation,
    compiled: &Compiled,
    shape: &Shape,
) -> Result<Vec<Totals>, VerifyError> {
    let header = &attestation.header;
    if (header.sequence == 0) != header.previous.is_none() {
        return Err(VerifyError::Chain { sequence: header.sequence });
    }
    let (claimed, own) = (header.scenarios, compiled.table.scenarios());
    if claimed != own {
        return Err(VerifyError::Scenarios { claimed, own });
    }
    if attestation.volumes.is_empty() {
        return Err(VerifyError::NoVolume);
    }
    let context = attestation.context();
    let volumes = attestation.volume_ids().zip(&attestation.volumes);
    let volumes = volumes.map(|(volume, proved)| {
        let totals = proved.totals().ok_or(VerifyError::Lengths {
            volume,
            counts: proved.counts.len(),
            quantities: proved.quantities.len(),
        })?;
        let context = context.word(volume);
        let public = PublicInputs { context, table: &compiled.table, totals: &totals };
        check_form(shape, &public, &proved.proof)
            .map_err(|source| VerifyError::Proof { volume, source })?;
        Ok(totals)
    });
    volumes.collect()
}

/// Checks every volume's proof, and then its trial balance: where a proof fails, that is the
/// reason.
fn check_proofs(
    attestation: &Attestation,
    compiled: &Compiled,
    volumes: &[Totals],
    key: &VerifyingKey,
    progress: &dyn Progress,
) -> Result<(), VerifyError> {
    let claimed = attestation.header.key;
    if claimed != key.digest() {
        return Err(VerifyError::Key { claimed, own: key.digest() });
    }
    let context = attestation.context();
    progress.begin("checking proofs", volumes.len() as u64);
    let proved = attestation.volumes.iter().zip(volumes);
    for (volume, (proved, totals)) in attestation.volume_ids().zip(proved) {
        let context = context.word(volume);
        let public = PublicInputs { context, table: &compiled.table, totals };
        verify_volume(key, &public, &proved.proof)
            .map_err(|source| VerifyError::Proof { volume, source })?;
        check_trial_balance(&compiled.table, totals)
            .map_err(|source| VerifyError::TrialBalance { volume, source })?;
        progress.reach(volume.index() as u64 + 1);
    }
    Ok(())
}

/// The totals of all volumes together.
fn sum(volumes: &[Totals], instruments: usize) -> Result<Totals, VerifyError> {
    let mut sum = Totals(vec![Total::default(); instruments]);
    for (volume, totals) in VolumeId::all(volumes.len()).zip(volumes) {
        let overflow = VerifyError::Proof { volume, source: ProofError::Overflow };
        sum.add(totals).ok_or(overflow)?;
    }
    Ok(sum)
}

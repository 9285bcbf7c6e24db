//! `pacioli contract`: the contracts for a verifying key, and the rules as a contract reads them.

use std::path::Path;

use alloy_primitives::B256;
use anyhow::{Context, Result};
use pacioli_attestation::{Digest, VerifyingKey, program::Program};
use pacioli_circuits::Shape;
use pacioli_rules::{Compiled, Prices, Rules, compile};
use pacioli_verifier_contract::{
    sources::{COMPILER, sources, standard_json},
    submission,
};
use serde_json::json;

use super::{files, key_source::KeySource, setup_state::state_json};
use crate::{
    args::{ContractArgs, ContractCommand, ProgramArgs, RulesArgs},
    output::Report,
    progress::Shown,
};

/// Runs the command.
pub fn run(args: &ContractArgs, progress: &Shown) -> Result<Report> {
    if let Some(ContractCommand::Program(args)) = &args.command {
        return program(args);
    }
    let out = args.out.as_deref().context("clap asks for it")?;
    let key = key(args, progress)?;
    let sources = sources(&key);
    for (path, text) in &sources {
        let path = out.join(path);
        files::make_directory(path.parent().context("a source lies in a folder")?)?;
        files::write(&path, text.as_bytes())?;
    }
    let input = serde_json::to_vec_pretty(&standard_json(&sources))?;
    files::write(&out.join("input.json"), &input)?;
    let (digest, folder) = (key.digest(), out.display());
    let text = format!(
        "{folder}\n  key    {digest}\n  setup  {}\n  sizes  2^{} rows, pages of {}\n\n\
         Compile it with solc {COMPILER}:\n  npx solc@{COMPILER} --standard-json \
         < {folder}/input.json > {folder}/output.json\n",
        key.origin(),
        key.shape().k(),
        key.shape().page_size(),
    );
    let json = json!({
        "directory": folder.to_string(),
        "key": digest,
        "setup": state_json(key.origin(), key.setup_digest(), Some(digest)),
        "compiler": COMPILER,
        "sources": sources.keys().collect::<Vec<_>>(),
    });
    Ok(Report { text, json, holds: true })
}

fn key(args: &ContractArgs, progress: &Shown) -> Result<VerifyingKey> {
    let source = KeySource::read(&args.key, progress)?;
    let shape = || {
        let k = args.k.or(source.k()).context("say how large a volume is with --k")?;
        Ok(Shape::new(k, args.page_size)?)
    };
    source.key(shape, progress)
}

/// Rules, what they compile to, and their program.
pub struct Registered {
    /// The hash of the rules' text.
    pub digest: Digest,
    /// What they compile to at these prices.
    pub compiled: Compiled,
    /// As a contract reads them.
    pub program: Program,
    /// The names of the prices, hashed, in the program's order.
    pub names: Vec<B256>,
}

/// Rules and prices that were read, and what they compile to.
pub struct Read {
    /// The hash of the rules' text.
    pub digest: Digest,
    pub rules: Rules,
    pub prices: Prices,
    pub compiled: Compiled,
}

/// Reads rules and prices.
pub fn read(rules: &Path, prices: &Path) -> Result<Read> {
    let text = files::read_rules_text(rules)?;
    let prices = files::read_prices(prices)?;
    let digest = Digest::of(text.as_bytes());
    let path = || rules.display().to_string();
    let rules = Rules::parse(&text).with_context(path)?;
    let compiled = compile(&rules, &prices).with_context(path)?;
    Ok(Read { digest, rules, prices, compiled })
}

/// Makes the program of rules.
pub fn registered(args: &RulesArgs) -> Result<Registered> {
    let Read { digest, rules, prices, compiled } = read(&args.rules, &args.prices)?;
    let program = Program::of(&rules, &compiled, &prices);
    let program = program.with_context(|| args.rules.display().to_string())?;
    let names = submission::names(&prices);
    Ok(Registered { digest, compiled, program, names })
}

impl Registered {
    /// Hashes and clauses, as text.
    pub fn text(&self) -> String {
        let (rows, scenarios) = (self.compiled.rows.len(), self.compiled.scenarios.len());
        let bytes = self.program.to_bytes().len();
        let mut text = format!(
            "  rules    {}\n  program  {}\n           {bytes} bytes: {rows} instruments in \
             {scenarios} scenarios\n\nwhat must hold\n",
            self.digest,
            self.program.hash(),
        );
        for name in self.program.clause_names() {
            text += &format!("  - {name}\n");
        }
        text
    }
}

fn program(args: &ProgramArgs) -> Result<Report> {
    let registered = registered(&args.rules)?;
    files::write(&args.out, registered.program.to_bytes())?;
    let file = args.out.display().to_string();
    let json = json!({
        "file": file,
        "rules": registered.digest,
        "program": registered.program.hash(),
        "clauses": registered.program.clause_names(),
    });
    Ok(Report { text: format!("{file}\n{}", registered.text()), json, holds: true })
}

//! `pacioli prove`: from snapshot, rules and prices to an attestation.

use anyhow::{Context, Result, anyhow};
use pacioli_prover::{
    book::{Book, BookError, Inputs},
    progress::Progress,
    rules::Rules,
    sealed::RunSecrets,
};
use serde_json::json;

use super::{
    files,
    run::{ATTESTATION, NewRun},
};
use crate::{args::ProveArgs, output::Report, progress::Shown};

/// Runs the command.
pub fn run(args: &ProveArgs, progress: &Shown) -> Result<Report> {
    let rules = files::read_rules_text(&args.rules)?;
    let named = Rules::parse(&rules).with_context(|| args.rules.display().to_string())?;
    let prices = files::read_prices(&args.prices)?;
    let reserves = args.reserves.as_deref().map(files::read_reserves).transpose()?;
    let previous = args.previous.as_deref().map(files::read_attestation).transpose()?;
    let as_of = args.as_of.as_deref().map(files::time).transpose()?;
    let setup = files::read_setup(&args.setup, progress)?;
    let snapshot = files::read_snapshot(&args.snapshot, args.classes.as_deref(), progress)?;
    progress.begin("balancing the accounts", 1);
    let book = Book::new(Inputs {
        venue: args.venue.clone().unwrap_or(named.name),
        as_of: as_of.unwrap_or(prices.as_of),
        previous: previous.map(|previous| (previous.header.sequence, previous.digest())),
        rules,
        prices,
        reserves,
        snapshot,
        round: args.round,
        exclude_unpriced: args.exclude_unpriced,
    })
    .map_err(|error| match error {
        BookError::Rules(error) => anyhow!(error).context(args.rules.display().to_string()),
        BookError::Ledger(error) => anyhow!(error).context(args.snapshot.display().to_string()),
        error => error.into(),
    })?;

    let mut run = NewRun::begin(&args.out, args.secret.as_deref())?;
    let secrets = RunSecrets { secret: &run.secret, salt: &run.salt };
    let attestation = book.prove(&setup, secrets, &mut run.store, progress)?;
    let path = args.out.join(ATTESTATION);
    files::write(&path, &attestation.to_bytes())?;

    let header = &attestation.header;
    let (volumes, lines) = (attestation.volumes.len(), book.lines());
    let left_out: u64 = header.exclusions.iter().map(|exclusion| exclusion.lines).sum();
    let text = format!(
        "{path}\n  digest    {digest}\n  accounts  {accounts} in {lines} lines, {volumes} \
         volume{s} of 2^{k} rows\n  left out  {accounts_left_out} accounts, {left_out} lines in \
         {assets} assets without a price\n  rounded   {rounded} lines, by less than {bound} {quote} \
         together\n  setup     {setup}\n",
        path = path.display(),
        digest = attestation.digest(),
        accounts = header.accounts,
        s = if volumes == 1 { "" } else { "s" },
        k = header.k,
        accounts_left_out = header.accounts_left_out,
        assets = header.exclusions.len(),
        rounded = header.rounding.lines,
        bound = header.rounding.bound,
        quote = attestation.prices.quote,
        setup = header.setup,
    );
    let json = json!({
        "attestation": path.display().to_string(),
        "digest": attestation.digest(),
        "volumes": volumes,
        "lines": lines,
        "header": header,
    });
    Ok(Report { text, json, holds: true })
}

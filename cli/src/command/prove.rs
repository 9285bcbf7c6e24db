//! `pacioli prove`: from snapshot, rules and prices to an attestation.

use anyhow::{Context, Result, anyhow, ensure};
use jiff::Timestamp;
use pacioli_attestation::{
    Attestation, Draw, Drawn, Progress, check_day_after, check_successor, missed_since,
};
use pacioli_prover::{Book, BookError, FormCounts, Inputs, RunSecrets, Strictness};
use pacioli_rules::Policy;
use serde_json::json;

use super::{
    book::BookSource,
    draw, files,
    left_out::{left_out_amounts, left_out_counts},
    run::{ATTESTATION, NewRun},
};
use crate::{
    args::ProveArgs,
    format::{grouped, plural, thousands},
    output::{self, Report},
    progress::Shown,
};

/// Runs the command.
pub fn run(args: &ProveArgs, progress: &Shown) -> Result<Report> {
    let rules = files::read_rules(&args.rules)?;
    let prices = files::read_prices(&args.prices)?;
    let reserves = args.reserves.as_deref().map(files::read_reserves).transpose()?;
    let previous = args.previous.as_deref().map(files::read_attestation).transpose()?;
    let as_of = args.as_of.as_deref().map(files::time).transpose()?;
    let venue = args.venue.clone().unwrap_or_else(|| rules.name().to_owned());
    let drawn = args.drawn_from.as_deref().map(draw::read).transpose()?;
    let as_of = time(as_of, prices.as_of, drawn.as_ref().map(|(_, draw)| draw))?;
    let not_drawn = as_the_policy_asks(rules.policy(), drawn.as_ref())?;
    let drawn = drawn.map(|(drawn, _)| drawn);
    let mut said: Vec<String> = not_drawn.into_iter().collect();
    if let Some(previous) = &previous {
        follows(previous, &venue, as_of, drawn.as_ref()).context("--previous")?;
        let day = drawn.as_ref().map(Drawn::day);
        let missed = day.and_then(|day| missed_since(previous, day, rules.policy()));
        said.extend(missed.filter(|missed| missed.days > 0).map(|missed| missed.to_string()));
    }
    said.iter().for_each(|one| output::warn(one));
    let setup = files::read_setup(&args.setup, progress)?;
    let source = BookSource {
        snapshot: &args.snapshot,
        query: args.query.as_deref(),
        classes: args.classes.as_deref(),
    };
    let (snapshot, mut warnings) = source.read(progress)?;
    let refused = prices.refused.clone();
    warnings.extend(said);
    progress.begin("balancing the accounts", 1);
    let book = Book::new(Inputs {
        venue,
        as_of,
        drawn,
        previous: previous.map(|previous| (previous.header.sequence, previous.digest())),
        rules,
        prices,
        reserves,
        snapshot,
        strictness: Strictness { round: args.round, leave_out: args.leave_out.clone() },
    })
    .map_err(|error| match error {
        BookError::Rules(error) => anyhow!(error).context(args.rules.display().to_string()),
        BookError::Input(error) => files::book_input(error, &source.name()),
        error => error.into(),
    })?;

    if let (Some(path), Some(reserves)) = (&args.reserves, book.reserves()) {
        warnings.extend(files::uncounted_reserves(path, reserves, book.compiled()));
    }
    for (name, reason) in &refused {
        let is_it = |asset: &&String| name.eq_ignore_ascii_case(asset);
        if let Some(asset) = args.leave_out.iter().find(is_it) {
            let told = format!(
                "{}: `{asset}` is left out, whose price was refused ({reason}): the clause \
                 left_out.refused.{asset} does not hold, whatever the policy says",
                args.prices.display()
            );
            output::warn(&told);
            warnings.push(told);
        }
    }
    let mut run = NewRun::begin(&args.out, args.secret.as_deref())?;
    let secrets = RunSecrets { secret: &run.secret, salt: &run.salt };
    let attestation = book.prove(&setup, secrets, &mut run.store, progress)?;
    let path = args.out.join(ATTESTATION);
    files::write(&path, &attestation.to_bytes())?;

    let header = &attestation.header;
    let (volumes, lines) = (attestation.volumes.len(), book.lines());
    let text = format!(
        "{path}\n  digest    {digest}\n  accounts  {accounts} in {lines} lines, {volumes} \
         of 2^{k} rows\n{forms}  left out  {left_out}\n{amounts}  rounded   {rounded}, by less than \
         {bound} {quote} together\n  setup     {setup}\n",
        path = path.display(),
        digest = attestation.digest(),
        accounts = thousands(header.accounts),
        lines = thousands(lines),
        volumes = plural(volumes, "volume"),
        k = header.k,
        forms = forms(&book),
        left_out = left_out_counts(header.accounts_left_out, &header.left_out),
        amounts = left_out_amounts(&header.left_out),
        rounded = plural(header.rounding.lines, "line"),
        bound = grouped(&header.rounding.bound),
        quote = attestation.prices.quote,
        setup = header.setup,
    );
    let json = json!({
        "attestation": path.display().to_string(),
        "digest": attestation.digest(),
        "volumes": volumes,
        "lines": lines,
        "forms": has_forms(&book).then(|| {
            let FormCounts { plain, covered, closed, saved } = book.forms();
            json!({ "plain": plain, "covered": covered, "closed": closed, "lines_saved": saved })
        }),
        "header": header,
        "warnings": warnings,
    });
    Ok(Report { text, json, holds: true })
}

/// The time of the snapshot: the one given, or the drawn one, which has to be the same, or that of
/// the prices.
fn time(given: Option<Timestamp>, prices: Timestamp, draw: Option<&Draw>) -> Result<Timestamp> {
    let Some(Draw { day, second, seen, .. }) = draw else { return Ok(given.unwrap_or(prices)) };
    if let Some(given) = given {
        ensure!(
            given == *second,
            "--as-of is {given}, and the second of {day} drawn from {seen} is {second}: take the \
             snapshot as of that"
        );
    }
    Ok(*second)
}

/// Holds what is drawn against the policy. A policy that asks for a drawn time is broken by one that
/// was not: that is said as a warning.
fn as_the_policy_asks(policy: &Policy, drawn: Option<&(Drawn, Draw)>) -> Result<Option<String>> {
    let Some(asked) = policy.drawn else { return Ok(None) };
    let Some((_, draw)) = drawn else {
        let text = format!(
            "policy.drawn: the time has to be drawn from {}, and --drawn-from is not given: the \
             attestation does not hold",
            asked.from
        );
        return Ok(Some(text));
    };
    ensure!(
        draw.source == asked.from,
        "--drawn-from: this is from {}, and policy.drawn asks for {}",
        draw.source,
        asked.from
    );
    Ok(None)
}

/// Whether a book of this time may follow an attestation.
fn follows(
    previous: &Attestation,
    venue: &str,
    as_of: Timestamp,
    drawn: Option<&Drawn>,
) -> Result<()> {
    check_day_after(&previous.header, drawn)?;
    Ok(check_successor(&previous.header, venue, as_of)?)
}

/// Whether accounts may be plain or covered under the book's rules.
fn has_forms(book: &Book) -> bool {
    !book.compiled().forms.is_empty()
}

/// How many accounts took which form, where the rules have any.
fn forms(book: &Book) -> String {
    if !has_forms(book) {
        return String::new();
    }
    let FormCounts { plain, covered, closed, saved } = book.forms();
    format!(
        "  forms     {} plain, {} covered, {} closed in every scenario: {} fewer lines\n",
        thousands(plain),
        thousands(covered),
        thousands(closed),
        thousands(saved),
    )
}

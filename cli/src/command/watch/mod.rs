//! `pacioli watch`: how venues stand, minute by minute, and who is told of it.

mod book;
mod eyes;
mod reserves;
mod text;

use std::{cell::RefCell, collections::BTreeMap, path::Path};

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use pacioli_watch::{
    config::{Config, KeyGiven, TEMPLATE},
    state::State,
    watch::{Look, Watch},
};
use serde_json::json;

use self::eyes::Own;
use super::{files, key_source::KeySource};
use crate::{
    args::{KeyArgs, WatchArgs, WatchCommand},
    output::{self, Incomplete, Report},
    progress::Shown,
};

/// Runs the command.
pub fn run(args: &WatchArgs, progress: &Shown) -> Result<Report> {
    if let Some(WatchCommand::Init { file }) = &args.command {
        return init(file);
    }
    let shown = || args.config.display().to_string();
    let folder = args.config.parent().unwrap_or(Path::new(""));
    let text = files::read_text(&args.config)?;
    let config = Config::parse(&text, folder).with_context(shown)?;
    for venue in &config.venues {
        let sets = venue.book.iter().flat_map(|book| &book.sets);
        sets.map(|set| book::known(set)).collect::<Result<Vec<_>>>().with_context(shown)?;
    }
    let key = key_args(&config.key);
    let source = KeySource::read(&key, progress).with_context(shown)?;
    let mut eyes = Own::new(&source, progress);
    let is_untold = config.receivers.is_empty() && config.metrics.is_none();
    let mut watch = Watch::new(config).with_context(shown)?;
    if args.once {
        let now = args.now.as_deref().map(files::time).transpose()?;
        let look = watch.once(&mut eyes, now.unwrap_or_else(Timestamp::now))?;
        return report(&look);
    }
    if is_untold {
        let text = "nobody is told: there are no receivers and no metrics, but these lines";
        output::print_line(text)?;
    }
    for (name, text) in watch.orphaned()? {
        output::print_line(&format!("receiver {name}: {text}"))?;
    }
    for (what, at) in watch.serve()? {
        output::print_line(&format!("{what} at http://{at}/metrics"))?;
    }
    let states = RefCell::new(BTreeMap::new());
    let mut say = |look: &Look| {
        for line in text::changes(look, &mut states.borrow_mut()) {
            // What cannot be printed is in the history and was told.
            let _ = output::print_line(&line);
        }
    };
    match watch.run(&mut eyes, &mut say)? {}
}

fn init(file: &Path) -> Result<Report> {
    ensure!(!file.exists(), "{} is there already", file.display());
    files::write(file, TEMPLATE.as_bytes())?;
    let shown = file.display();
    let text = format!(
        "{shown}: look at every line, then try it once\n\n  pacioli watch {shown} --once\n\n\
         docs/watch.md says what the states mean and who is told\n"
    );
    Ok(Report { text, json: json!({ "holds": true, "file": shown.to_string() }), holds: true })
}

fn key_args(given: &KeyGiven) -> KeyArgs {
    KeyArgs {
        setup: given.setup.clone(),
        setup_digest: given.setup_digest,
        key: given.key.clone(),
        key_digest: given.key_digest,
        accept_unknown_setup: given.accept_unknown_setup,
        accept_insecure_setup: given.accept_insecure_setup,
    }
}

/// A look as a report: a known fault decides before what is not known.
fn report(look: &Look) -> Result<Report> {
    let is_wrong = look.judged.iter().any(text::is_wrong);
    let is_unknown = look.judged.iter().any(|one| one.state == State::Unknown);
    let holds = !is_wrong && !is_unknown;
    let report = Report { text: text::look(look), json: text::json(look, holds, is_wrong), holds };
    match is_unknown && !is_wrong {
        true => Err(Incomplete(report).into()),
        false => Ok(report),
    }
}

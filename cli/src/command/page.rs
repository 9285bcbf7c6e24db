//! `pacioli page`: the web page for account holders that this release carries, and its digest.

use anyhow::Result;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{files, pack::PAGE};
use crate::{args::PageArgs, output::Report};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Runs the command.
pub fn run(args: &PageArgs) -> Result<Report> {
    let own = sha256(PAGE);
    let said = json!({ "holds": true, "sha256": own, "bytes": PAGE.len(), "version": VERSION });
    if let Some(path) = &args.check {
        let given = sha256(&files::read(path)?);
        let (shown, holds) = (path.display(), given == own);
        let text = match holds {
            true => format!("{shown} is the web page of pacioli {VERSION}: {own}\n"),
            false => format!(
                "{shown} IS NOT THE WEB PAGE OF pacioli {VERSION}: its digest is\n  {given}\nand not\n  \
                 {own}\nDo not use it, unless it is that of another release, whose digest somebody \
                 vouches for\n"
            ),
        };
        let mut json = said;
        json["holds"] = json!(holds);
        json["file"] = json!({ "path": shown.to_string(), "sha256": given });
        return Ok(Report { text, json, holds });
    }
    if let Some(path) = &args.out {
        files::write_new(path, PAGE, args.force)?;
        let text = format!("{}: the web page of pacioli {VERSION}\n  {own}\n", path.display());
        let mut json = said;
        json["file"] = json!({ "path": path.display().to_string(), "sha256": own });
        return Ok(Report { text, json, holds: true });
    }
    Ok(Report { text: format!("{own}\n"), json: said, holds: true })
}

/// A SHA-256 as `sha256sum` prints it.
fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

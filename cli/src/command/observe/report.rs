//! What came of an observation, as text and for programs.

use std::fmt::Write;

use alloy_primitives::B256;
use anyhow::Result;
use pacioli_attestation::Verified;
use serde_json::{Value, json};

use super::{
    super::{signed::SignedAttestation, signer},
    rows::{Rows, masks},
};
use crate::{
    format::plural,
    output::{Incomplete, Report, Unfinished},
    shown::shown,
};

/// Who vouches for the observer's side.
const LETTERS: &str = "by: P proved, R computed here, from the attestation or files of yours, C read on a \
                       chain by nodes of yours, W the venue's word";

/// How an observation ended.
pub enum Ending {
    /// It was signed.
    Signed {
        /// The signature.
        file: Box<SignedAttestation>,
        /// What was signed.
        digest: B256,
        /// Where it is.
        out: String,
        /// What is left to do.
        left: &'static str,
    },
    /// It would be signed, were this no dry run.
    WouldSign,
    /// The registry has it already.
    Appended,
    /// Something differs.
    Refused,
    /// Something could not be compared.
    Unknown,
    /// The same, and it may be later.
    Later,
    /// Nothing was compared that a signature can say.
    Nothing,
}

impl Ending {
    fn word(&self) -> &'static str {
        match self {
            Self::Signed { left, .. } if !left.is_empty() => "TO BE SIGNED",
            Self::Signed { .. } => "SIGNED",
            Self::WouldSign => "WOULD SIGN",
            Self::Appended => "APPENDED",
            Self::Refused => "REFUSED",
            Self::Unknown | Self::Later | Self::Nothing => "NOT CHECKED",
        }
    }

    /// Whether it holds; `None` where that is not known.
    fn holds(&self) -> Option<bool> {
        match self {
            Self::Signed { .. } | Self::WouldSign | Self::Appended => Some(true),
            Self::Refused => Some(false),
            Self::Unknown | Self::Later | Self::Nothing => None,
        }
    }
}

/// The report, or the error that stands for it.
///
/// # Errors
/// If not everything was compared.
pub fn report(
    verified: &Verified,
    rows: &Rows,
    ending: &Ending,
    alarm: Option<&Report>,
) -> Result<Report> {
    let report = Report {
        text: text(verified, rows, ending, alarm)?,
        json: document(verified, rows, ending, alarm),
        holds: ending.holds().unwrap_or_default(),
    };
    match ending {
        Ending::Unknown | Ending::Nothing => Err(Unfinished(report).into()),
        Ending::Later => Err(Incomplete(report).into()),
        _ => Ok(report),
    }
}

fn text(
    verified: &Verified,
    rows: &Rows,
    ending: &Ending,
    alarm: Option<&Report>,
) -> Result<String> {
    let header = &verified.attestation.header;
    let mut text = String::new();
    let t = &mut text;
    let (venue, number) = (shown(&header.venue), header.sequence);
    writeln!(t, "{}: attestation number {number} of {venue}{}", ending.word(), why(rows, ending))?;
    writeln!(t, "  digest  {}\n\n{LETTERS}\n", verified.digest)?;
    rows.text(t)?;
    let (compared, others) = masks(rows.bits());
    let or =
        |words: Vec<&str>| if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
    writeln!(t, "\ncompared in full  {}\nNOT COMPARED      {}", or(compared), or(others))?;
    if let Ending::Signed { file, digest, out, left } = ending {
        let until = signer::at(file.deadline)?;
        writeln!(
            t,
            "\n{out}\n  signer  {}\n  digest  {digest}\n  can be sent until {until}",
            file.signer
        )?;
        t.push_str(left);
    }
    if let Some(alarm) = alarm {
        write!(t, "\nalarm\n{}", alarm.text)?;
    }
    Ok(text)
}

/// The headline's reason.
fn why(rows: &Rows, ending: &Ending) -> String {
    match ending {
        Ending::Signed { .. } | Ending::WouldSign => String::new(),
        Ending::Appended => ", which the registry has: there is nothing to sign".to_owned(),
        Ending::Refused => {
            let count = rows.differing().count();
            let verb = if count == 1 { "differs" } else { "differ" };
            format!(", {} {verb}", plural(count, "thing"))
        }
        Ending::Unknown => format!(", {} not known", plural(rows.unknown().count(), "thing")),
        Ending::Later => {
            format!(", {} not known: try again", plural(rows.unknown().count(), "thing"))
        }
        Ending::Nothing => ": nothing was compared in full that a signature can say".to_owned(),
    }
}

fn document(verified: &Verified, rows: &Rows, ending: &Ending, alarm: Option<&Report>) -> Value {
    let header = &verified.attestation.header;
    let (compared, not_compared) = masks(rows.bits());
    let signature = match ending {
        Ending::Signed { file, digest, out, left } => json!({
            "file": out,
            "signer": file.signer,
            "digest": digest,
            "deadline": file.deadline,
            "compared": file.compared,
            "is_signed": left.is_empty(),
        }),
        _ => Value::Null,
    };
    json!({
        "holds": ending.holds(),
        "verdict": ending.word().to_lowercase(),
        "venue": header.venue,
        "sequence": header.sequence,
        "digest": verified.digest,
        "rows": rows.json(),
        "compared": compared,
        "not_compared": not_compared,
        "signature": signature,
        "alarm": alarm.map(|alarm| alarm.json.clone()),
    })
}

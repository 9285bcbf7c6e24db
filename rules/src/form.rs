//! Files that are not what was expected, explained to whoever was handed them.
//!
//! Damage by mail, an editor or a slip of the hand says nothing of whoever made the file. So the
//! error accuses nobody: it says what happened to the file, and what to do.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use thiserror::Error;

/// The kinds of JSON files that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// The public output of a run.
    Attestation,
    /// The file for one account holder.
    Statement,
    /// A verifying key.
    Key,
    /// Prices, written by hand or by `pacioli prices`.
    Prices,
    /// Reserves, written by hand.
    Reserves,
}

impl FileKind {
    /// The kind that a version names, such as `pacioli key v1`.
    pub fn of_version(version: &str) -> Option<Self> {
        match version.strip_prefix("pacioli ")?.split(' ').next()? {
            "attestation" => Some(Self::Attestation),
            "statement" => Some(Self::Statement),
            "key" => Some(Self::Key),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Attestation => "attestation",
            Self::Statement => "statement",
            Self::Key => "key",
            Self::Prices => "prices",
            Self::Reserves => "reserves",
        }
    }

    fn with_article(self) -> &'static str {
        match self {
            Self::Attestation => "an attestation",
            Self::Statement => "a statement",
            Self::Key => "a key",
            Self::Prices => "prices",
            Self::Reserves => "reserves",
        }
    }

    fn is_plural(self) -> bool {
        matches!(self, Self::Prices | Self::Reserves)
    }
}

/// A file that is not of the expected kind.
#[derive(Debug, Error)]
#[error("{}", self.text())]
pub struct FormError {
    /// The expected kind.
    pub expected: FileKind,
    /// The fault.
    pub fault: FormFault,
}

/// Faults of a file that cannot be read.
#[derive(Debug)]
pub enum FormFault {
    /// Text that is not JSON, or JSON of another form.
    Malformed(serde_json::Error),
    /// An empty file.
    Empty,
    /// A file that ends too early.
    Truncated {
        /// The line it ends in, from 1.
        line: usize,
    },
    /// A byte order mark before the text, from a program that saved it.
    ByteOrderMark,
    /// Other line ends, and the same text otherwise.
    LineEnds,
    /// The same content in other bytes.
    Reformatted {
        /// The first byte that differs, from 0.
        byte: usize,
    },
    /// Another kind of file.
    Kind {
        /// The kind, in text.
        got: &'static str,
    },
    /// A version that this code does not read.
    Version {
        /// The version found.
        got: String,
        /// The version that this code reads.
        known: &'static str,
    },
}

impl FormError {
    fn text(&self) -> String {
        let expected = self.expected;
        let name = expected.name();
        // Files that people write are theirs to mend, the others are whole where they came from.
        let by_hand = expected.is_plural();
        let (is, ends, begins) =
            if by_hand { ("are", "end", "begin") } else { ("is", "ends", "begins") };
        let again = |why: &str| match by_hand {
            true => String::new(),
            false => format!(": {why}; fetch it again"),
        };
        match &self.fault {
            FormFault::Malformed(error) => {
                let changed = match by_hand {
                    true => "",
                    false => {
                        "; it was changed on its way, or is of another version: fetch it again"
                    }
                };
                format!("the {name} {is} malformed: {error}{changed}")
            }
            FormFault::Empty => {
                format!("the {name} {is} empty{}", again("nothing of it arrived"))
            }
            FormFault::Truncated { line } => {
                let cut_off = again("it was cut off on its way");
                format!("the {name} {ends} in the middle (line {line}){cut_off}")
            }
            FormFault::ByteOrderMark => {
                let why = again("a program saved it anew on its way");
                let plain = if by_hand { "; save the file as plain UTF-8" } else { "" };
                format!("the {name} {begins} with a byte order mark{why}{plain}")
            }
            FormFault::LineEnds => {
                format!("the line ends of the {name} were changed on its way; fetch it again")
            }
            FormFault::Reformatted { byte } => {
                let why = again("a program saved it anew on its way");
                format!("the {name} was formatted anew (byte {byte} differs){why}")
            }
            FormFault::Kind { got } => {
                format!("this is {got}, not {}: give another file", expected.with_article())
            }
            FormFault::Version { got, known } => format!(
                "the {name} is of version `{}`, but this program reads `{known}`: use the program \
                 that made it",
                got.escape_debug()
            ),
        }
    }
}

/// The start of a JSON file, read before anything else is known of it.
#[derive(Debug, Default)]
pub struct Head {
    /// Its field `version`, if that is a text.
    pub version: Option<String>,
    has_prices: bool,
    has_reserves: bool,
}

impl Head {
    /// Reads as far as the file is JSON. The head keeps what was read until then, even if the rest
    /// is not JSON.
    pub fn read(bytes: &[u8]) -> (Self, Result<(), serde_json::Error>) {
        let mut head = Self::default();
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let read = json.deserialize_map(HeadVisitor(&mut head)).and_then(|()| json.end());
        (head, read)
    }
}

struct HeadVisitor<'a>(&'a mut Head);

impl<'de> Visitor<'de> for HeadVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(key) = entries.next_key::<String>()? {
            match key.as_str() {
                "version" => {
                    let version = entries.next_value::<Value>()?;
                    self.0.version = version.as_str().map(str::to_owned);
                    continue;
                }
                "prices" => self.0.has_prices = true,
                "reserves" => self.0.has_reserves = true,
                _ => {}
            }
            entries.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Marks that programs put before a text: that of UTF-8, and those of UTF-16.
const BYTE_ORDER_MARKS: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];

/// Says why bytes are not a file of the kind `expected`, whose version, if it has one, is `known`.
/// `error` is the error of reading them.
pub fn misread(
    bytes: &[u8],
    expected: FileKind,
    known: Option<&'static str>,
    error: serde_json::Error,
) -> FormError {
    let fault = fault(bytes, expected, known).unwrap_or(FormFault::Malformed(error));
    FormError { expected, fault }
}

/// The fault that says more than the JSON reader does.
fn fault(bytes: &[u8], expected: FileKind, known: Option<&'static str>) -> Option<FormFault> {
    if BYTE_ORDER_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
        return Some(FormFault::ByteOrderMark);
    }
    let text = bytes.trim_ascii_start();
    if text.is_empty() {
        return Some(FormFault::Empty);
    }
    if !text.starts_with(b"{") {
        return Some(FormFault::Kind { got: other_kind(text) });
    }
    let (head, read) = Head::read(bytes);
    if let Some(got) = head.version.filter(|version| version.starts_with("pacioli ")) {
        let kind = FileKind::of_version(&got);
        match (kind.filter(|kind| *kind != expected), known) {
            (Some(kind), _) => return Some(FormFault::Kind { got: kind.with_article() }),
            (None, Some(known)) if got != known => {
                let got = got.chars().take(80).collect();
                return Some(FormFault::Version { got, known });
            }
            _ => {}
        }
    } else if read.is_ok() {
        let got = match (head.has_prices, head.has_reserves) {
            (true, false) => FileKind::Prices.with_article(),
            (false, true) => FileKind::Reserves.with_article(),
            _ => "another kind of file",
        };
        // What is written by hand says no version, and may lack anything.
        if known.is_some() || (head.has_prices || head.has_reserves) && got != expected.name() {
            return Some(FormFault::Kind { got });
        }
    }
    let cut_off = read.is_err_and(|error| error.is_eof());
    cut_off.then(|| {
        let line_feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
        FormFault::Truncated { line: line_feeds + 1 }
    })
}

/// The kind of a file that is not a JSON object.
fn other_kind(text: &[u8]) -> &'static str {
    const STARTS: [(&[u8], &str); 8] = [
        (b"pacioli setup", "a setup"),
        (b"ptau", "a ceremony's powers of tau"),
        (b"PAR1", "a Parquet file"),
        (b"PK\x03\x04", "a compressed file"),
        (b"\x1f\x8b", "a compressed file"),
        (b"%PDF", "a PDF document"),
        (b"<", "a web page"),
        (b"account,", "a snapshot"),
    ];
    let known = STARTS.iter().find(|(start, _)| text.starts_with(start));
    known.map_or("another kind of file", |(_, kind)| kind)
}

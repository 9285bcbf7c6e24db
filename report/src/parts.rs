//! The parts that pages are made of: figures with letters, tables, charts.
//!
//! Text that may come from a publisher is made visible when a part is made, and escaped for HTML by the
//! template.

use askama::Template;
use pacioli_attestation::By;

use crate::shown::shown;

/// Who vouches for a figure, as pages say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter(pub &'static str);

impl Letter {
    /// Its letter, or letters.
    pub fn text(&self) -> &'static str {
        self.0
    }

    /// Its name in the page's style.
    pub fn class(&self) -> &'static str {
        &self.0[..1]
    }

    /// In words.
    pub fn words(&self) -> &'static str {
        match self.0 {
            "P" => "proved",
            "R" => "recomputed here",
            "C" => "read on a chain",
            "O" => "signed by others",
            "C, O" => "read on a chain or signed by others",
            _ => "the venue’s word",
        }
    }
}

impl From<By> for Letter {
    fn from(by: By) -> Self {
        Self(match by {
            By::Proved => "P",
            By::Recomputed => "R",
            By::Chain => "C",
            By::Observers => "O",
            By::Publisher => "W",
        })
    }
}

/// Proved.
pub const P: Option<Letter> = Some(Letter("P"));
/// Recomputed.
pub const R: Option<Letter> = Some(Letter("R"));
/// The publisher's word.
pub const W: Option<Letter> = Some(Letter("W"));
/// What was read or signed by others.
pub const CO: Option<Letter> = Some(Letter("C, O"));

/// One thing that is said, and who vouches for it.
#[derive(Clone, Debug)]
pub struct Said {
    /// The words.
    pub text: String,
    /// Who vouches for it.
    pub by: Option<Letter>,
    /// Whether it is known at all.
    pub is_known: bool,
    /// Whether it is something wrong.
    pub is_wrong: bool,
}

impl Said {
    /// Something known.
    pub fn new(text: impl AsRef<str>, by: Option<Letter>) -> Self {
        Self { text: shown(text.as_ref()).into_owned(), by, is_known: true, is_wrong: false }
    }

    /// Something wrong.
    pub fn wrong(text: impl AsRef<str>, by: Option<Letter>) -> Self {
        Self { is_wrong: true, ..Self::new(text, by) }
    }

    /// Something that nothing here says.
    pub fn unknown(what: &str) -> Self {
        Self { is_known: false, ..Self::new(what, None) }
    }
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The words.
    pub text: String,
    /// Who vouches for it.
    pub by: Option<Letter>,
    /// Whether it is a number, to be aligned.
    pub is_number: bool,
    /// How it may be shown.
    pub tone: &'static str,
}

impl Cell {
    /// Words.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self { text: shown(text.as_ref()).into_owned(), by: None, is_number: false, tone: "" }
    }

    /// A number.
    pub fn number(text: impl AsRef<str>, by: Option<Letter>) -> Self {
        Self { is_number: true, by, ..Self::new(text) }
    }

    /// With who vouches for it.
    pub fn by(self, by: Option<Letter>) -> Self {
        Self { by, ..self }
    }

    /// In a tone.
    pub fn tone(self, tone: &'static str) -> Self {
        Self { tone, ..self }
    }
}

/// A table; the first cell of a row is its head.
#[derive(Clone, Debug, Template)]
#[template(path = "table.html")]
pub struct Table {
    /// What it is.
    pub caption: String,
    /// The heads of its columns, and whether numbers stand below.
    pub head: Vec<(String, bool)>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table under these heads; a head that ends in `#` is of numbers.
    pub fn new(caption: impl Into<String>, head: &[&str], rows: Vec<Vec<Cell>>) -> Self {
        let head = head.iter().map(|head| match head.strip_suffix('#') {
            Some(head) => (head.to_owned(), true),
            None => ((*head).to_owned(), false),
        });
        Self { caption: caption.into(), head: head.collect(), rows }
    }

    fn label(&self, column: &usize) -> &str {
        self.head.get(*column).map_or("", |(head, _)| head)
    }
}

/// A kind of line or area in a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// A full area: what was read or signed.
    Known,
    /// A hatched area: the publisher's word.
    Word,
    /// An outline: what is owed.
    Owed,
    /// A full area: bad debt, shorts.
    Debt,
    /// A mark: the fund.
    Fund,
    /// A line.
    Line,
    /// A line of dashes.
    Dashes,
    /// A thin line to compare with.
    Guide,
}

impl Ink {
    /// Whether it is a line, and no area.
    pub fn is_line(&self) -> bool {
        matches!(self, Self::Line | Self::Dashes | Self::Guide)
    }

    /// Its name in the page's style.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Word => "word",
            Self::Owed => "owed",
            Self::Debt => "debt",
            Self::Fund => "fund",
            Self::Line => "line",
            Self::Dashes => "dashes",
            Self::Guide => "guide",
        }
    }
}

/// A chart, drawn twice: for wide and for narrow screens.
#[derive(Clone, Debug, Template)]
#[template(path = "chart.html")]
pub struct Chart {
    /// Its title.
    pub title: String,
    /// What it shows, for who does not see it. The table beside it has the figures.
    pub alternative: String,
    /// What is drawn how.
    pub legend: Vec<(Ink, &'static str)>,
    /// The drawing, for wide screens and paper.
    pub wide: String,
    /// The same for narrow screens.
    pub narrow: String,
}

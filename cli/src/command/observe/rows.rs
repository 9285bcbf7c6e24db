//! What was compared: one row for each thing, with both sides and the verdict on it.

use pacioli_attestation::By;
use pacioli_verifier_contract::signing::compared;
use serde_json::{Value, json};

use super::super::signer;
use crate::table::{folded, paragraph};

/// What came of one comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same, or within what was allowed.
    Same,
    /// It differs; and whether that is a breach.
    Differs { breach: bool },
    /// It differs, and is signed all the same, by name.
    Accepted,
    /// Nobody asked for it, or nothing can compare it.
    Not(String),
    /// It was asked for, and could not be compared.
    Unknown(String),
    /// The same, but it may be compared later.
    Later(String),
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What belongs together.
    pub of: Of,
    /// What was compared.
    pub what: String,
    /// The observer's.
    pub mine: String,
    /// The attestation's.
    pub theirs: String,
    /// By how much they differ, where that is a number.
    pub apart: String,
    /// By whom the observer's side is known.
    pub by: By,
    /// What came of it.
    pub verdict: Verdict,
}

/// What a comparison belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// What the registry knows, and the observer's own memory.
    Registry,
    /// The rules and their program.
    Program,
    /// The policies.
    Policy,
    /// Prices.
    Prices,
    /// Reserves on the registry's chain.
    Home,
    /// Reserves elsewhere.
    Elsewhere,
}

impl Of {
    fn name(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Program => "program",
            Self::Policy => "policy",
            Self::Prices => "prices",
            Self::Home => "reserves",
            Self::Elsewhere => "elsewhere",
        }
    }
}

impl Row {
    /// A comparison of two texts, which are the same or are not.
    pub fn same(of: Of, what: &str, (mine, theirs): (String, String), by: By) -> Self {
        let verdict = match mine == theirs {
            true => Verdict::Same,
            false => Verdict::Differs { breach: false },
        };
        Self { of, what: what.to_owned(), mine, theirs, apart: String::new(), by, verdict }
    }

    /// Something that was not compared.
    pub fn without(of: Of, what: &str, verdict: Verdict) -> Self {
        let (mine, theirs, apart) = Default::default();
        Self { of, what: what.to_owned(), mine, theirs, apart, by: By::Publisher, verdict }
    }

    /// Whether it differs so that nothing is signed.
    pub fn differs(&self) -> bool {
        matches!(self.verdict, Verdict::Differs { .. })
    }

    /// Whether it is a breach.
    pub fn is_breach(&self) -> bool {
        self.verdict == Verdict::Differs { breach: true }
    }

    /// In a sentence.
    pub fn sentence(&self) -> String {
        let Self { what, mine, theirs, apart, verdict, .. } = self;
        match verdict {
            Verdict::Not(why) | Verdict::Unknown(why) | Verdict::Later(why) => {
                format!("{what}: {why}")
            }
            _ if apart.is_empty() => format!("{what}: mine {mine}, theirs {theirs}"),
            _ => format!("{what}: mine {mine}, theirs {theirs}, {apart} apart"),
        }
    }

    fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Same => "same",
            Verdict::Differs { breach: false } => "DIFFERS",
            Verdict::Differs { breach: true } => "BREACH",
            Verdict::Accepted => "accepted",
            Verdict::Not(_) => "not compared",
            Verdict::Unknown(_) | Verdict::Later(_) => "NOT KNOWN",
        }
    }

    fn json(&self) -> Value {
        let why = match &self.verdict {
            Verdict::Not(why) | Verdict::Unknown(why) | Verdict::Later(why) => Some(why),
            _ => None,
        };
        json!({
            "of": self.of.name(),
            "what": self.what,
            "mine": self.mine,
            "theirs": self.theirs,
            "differs_by": self.apart,
            "by": self.by,
            "verdict": self.word().to_lowercase(),
            "why": why,
        })
    }
}

/// All comparisons of one attestation.
#[derive(Debug, Default)]
pub struct Rows(pub Vec<Row>);

impl Rows {
    /// What a signature may say was compared: each bit stands for what was compared in full.
    pub fn bits(&self) -> u8 {
        let groups = [
            (Of::Program, compared::PROGRAM),
            (Of::Prices, compared::PRICES),
            (Of::Elsewhere, compared::ELSEWHERE),
        ];
        let bits = groups.into_iter().filter(|(of, _)| {
            let mut own = self.0.iter().filter(|row| row.of == *of).peekable();
            own.peek().is_some() && own.all(|row| row.verdict == Verdict::Same)
        });
        bits.fold(0, |bits, (_, bit)| bits | bit)
    }

    /// Those that nothing is signed for.
    pub fn differing(&self) -> impl Iterator<Item = &Row> {
        self.0.iter().filter(|row| row.differs())
    }

    /// Those that were asked for and are not known.
    pub fn unknown(&self) -> impl Iterator<Item = &Row> {
        let unknown = |row: &&Row| matches!(row.verdict, Verdict::Unknown(_) | Verdict::Later(_));
        self.0.iter().filter(unknown)
    }

    /// Whether all that is not known may be known later.
    pub fn is_later(&self) -> bool {
        self.unknown().all(|row| matches!(row.verdict, Verdict::Later(_)))
    }

    /// As a table, with a sentence for each that is not the same below it.
    ///
    /// # Errors
    /// If a line cannot be written.
    pub fn text(&self, t: &mut String) -> std::fmt::Result {
        let rows: Vec<_> = self.0.iter().map(cells).collect();
        folded(t, &["what was compared", "mine", "theirs", "differs by", "by", "verdict"], &rows)?;
        let others = self.0.iter().filter(|row| row.verdict != Verdict::Same);
        for row in others {
            let word = format!("  {}: ", row.word());
            paragraph(t, &word, &crate::shown::shown(&row.sentence()))?;
        }
        Ok(())
    }

    /// For programs.
    pub fn json(&self) -> Value {
        self.0.iter().map(Row::json).collect()
    }
}

/// A row of the table. Of what is long, both ends.
fn cells(row: &Row) -> [String; 6] {
    let short = |text: &str| match text.strip_prefix("0x") {
        Some(digits) if digits.len() > 16 && digits.is_ascii() => {
            format!("0x{}..{}", &digits[..4], &digits[digits.len() - 4..])
        }
        _ if text.chars().count() > 30 => text.chars().take(28).collect::<String>() + "..",
        _ => text.to_owned(),
    };
    let by = match row.verdict {
        Verdict::Not(_) | Verdict::Unknown(_) | Verdict::Later(_) => "-".to_owned(),
        _ => row.by.to_string(),
    };
    let or = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    let (mine, theirs) = (or(short(&row.mine)), or(short(&row.theirs)));
    [row.what.clone(), mine, theirs, or(row.apart.clone()), by, row.word().to_owned()]
}

/// The bits in words: what was compared, and what was not.
pub fn masks(bits: u8) -> (Vec<&'static str>, Vec<&'static str>) {
    (signer::named(bits, true), signer::named(bits, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(of: Of, verdict: Verdict) -> Row {
        Row::without(of, "something", verdict)
    }

    #[test]
    fn a_bit_stands_for_what_was_compared_in_full() {
        let bits = |rows: Vec<Row>| Rows(rows).bits();
        assert_eq!(bits(vec![]), 0, "nothing compared is nothing");
        let same = || row(Of::Program, Verdict::Same);
        assert_eq!(bits(vec![same()]), compared::PROGRAM);
        let prices = || row(Of::Prices, Verdict::Same);
        assert_eq!(bits(vec![same(), prices()]), compared::PROGRAM | compared::PRICES);
        for verdict in [
            Verdict::Not(String::new()),
            Verdict::Unknown(String::new()),
            Verdict::Accepted,
            Verdict::Differs { breach: false },
        ] {
            let rows = vec![same(), prices(), row(Of::Prices, verdict)];
            assert_eq!(bits(rows), compared::PROGRAM);
        }
        // What the registry reads itself is no reserve elsewhere.
        assert_eq!(bits(vec![row(Of::Home, Verdict::Same)]), 0);
        assert_eq!(bits(vec![row(Of::Elsewhere, Verdict::Same)]), compared::ELSEWHERE);
        let (some, others) = masks(compared::PRICES);
        assert_eq!(some, ["prices"]);
        assert_eq!(others, ["program", "accounts", "elsewhere", "balances"]);
    }
}

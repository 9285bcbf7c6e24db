//! What covers a book in each scenario: by what is known of reserves, and with the publisher's word; at
//! the publisher's prices, and at those of a second source where the reader has one.

use pacioli_attestation::{Backing, Findings, Reserves, backing};
use pacioli_rules::{Amount, Class};

use crate::second::Second;

/// How far the reserves go in one scenario, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The customers' reserves that were read or signed by others cover all that is owed.
    Known,
    /// They do together with the insurance fund's that were.
    KnownWithFund,
    /// All customers' reserves do, by the publisher's word.
    Word,
    /// They do together with the insurance fund's.
    WordWithFund,
    /// Nothing does.
    Short,
    /// No reserves are stated.
    Unstated,
}

impl Reach {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Known => "covered by what was read or signed",
            Self::KnownWithFund => "covered with the fund, by what was read or signed",
            Self::Word => "covered by the venue's word alone",
            Self::WordWithFund => "covered with the fund, by the venue's word alone",
            Self::Short => "NOT COVERED",
            Self::Unstated => "no reserves stated",
        }
    }

    /// Whether it rests on more than the publisher's word.
    pub fn is_known(self) -> bool {
        self <= Self::KnownWithFund
    }
}

/// What covers a book in `mark` or a stress.
#[derive(Clone, Debug)]
pub struct Cover {
    /// By what was read or signed; `None` where no reserves are stated.
    pub known: Option<Backing>,
    /// With the publisher's word.
    pub word: Backing,
    /// The same at the prices of a second source, where these are known there.
    pub second: Option<AtSecond>,
    /// Whether any reserves are stated.
    pub is_stated: bool,
    /// The insurance fund: its reserves by the publisher's word, and what its class of accounts is worth.
    pub fund: Amount,
    /// Accounts with a shortfall.
    pub accounts: u64,
}

/// What covers a book at other prices than its publisher's: from the same proof, and bounds of what is
/// owed there. Nobody owes more than this, and what covers it covers all that may be owed.
#[derive(Clone, Debug)]
pub struct AtSecond {
    /// By what was read or signed; `None` where no reserves are stated.
    pub known: Option<Backing>,
    /// With the publisher's word.
    pub word: Backing,
}

impl Cover {
    /// How far the reserves go, at the worse of the prices.
    pub fn reach(&self) -> Reach {
        if !self.is_stated {
            return Reach::Unstated;
        }
        let own = reach(self.known.as_ref(), &self.word);
        let second = self.second.as_ref().map(|one| reach(one.known.as_ref(), &one.word));
        second.map_or(own, |second| own.max(second))
    }

    /// What was read or signed, at the prices at which it covers less.
    pub fn worse_known(&self) -> Option<&Backing> {
        let second = self.second.as_ref().and_then(|one| one.known.as_ref());
        self.known.as_ref().map(|own| worse(own, second))
    }

    /// The same with the publisher's word.
    pub fn worse_word(&self) -> &Backing {
        worse(&self.word, self.second.as_ref().map(|one| &one.word))
    }
}

/// That of two which covers less; where nothing is owed, everything is covered.
fn worse<'a>(own: &'a Backing, second: Option<&'a Backing>) -> &'a Backing {
    let units = |one: &Backing| one.coverage.as_ref().map(|ratio| ratio.units.clone());
    match second.map(|second| (units(own), units(second), second)) {
        Some((None, Some(_), second)) => second,
        Some((Some(own), Some(other), second)) if other < own => second,
        _ => own,
    }
}

fn reach(known: Option<&Backing>, word: &Backing) -> Reach {
    let customers = |one: &Backing| one.reserves.units >= one.owed.units;
    let with_fund = |one: &Backing| one.fund.as_ref().is_some_and(|fund| !fund.negative);
    match known {
        Some(known) if customers(known) => Reach::Known,
        Some(known) if with_fund(known) => Reach::KnownWithFund,
        _ if customers(word) => Reach::Word,
        _ if with_fund(word) => Reach::WordWithFund,
        _ => Reach::Short,
    }
}

/// What covers a book in `mark` and every stress, in the table's order.
pub fn covers(
    findings: &Findings,
    known: Option<&Reserves>,
    second: Option<&Second>,
) -> Vec<Cover> {
    let at_second = |reserves: Option<&Reserves>| {
        second.and_then(|second| second.backing(findings, reserves).ok()).unwrap_or_default()
    };
    let word_at_second = at_second(findings.attestation.reserves.as_ref());
    let known_at_second = known.map(|known| at_second(Some(known))).unwrap_or_default();
    let of_scenario =
        |all: &[Backing], name: &str| all.iter().find(|one| one.scenario == name).cloned();
    let stated = findings.attestation.reserves.as_ref();
    let of = |reserves| backing(&findings.compiled, &findings.figures, reserves);
    let mut by_known = known.map(|known| of(Some(known)).into_iter());
    let covers = of(stated).into_iter().map(|word| {
        let figures = findings.figures.scenario(&word.scenario);
        let mut fund = word.insurance_reserves.clone();
        if let Some(class) = findings.figures.fund(Class::Insurance, &word.scenario) {
            fund.units += class.units;
        }
        Cover {
            known: by_known.as_mut().and_then(Iterator::next),
            second: of_scenario(&word_at_second, &word.scenario).map(|own| AtSecond {
                known: of_scenario(&known_at_second, &word.scenario),
                word: own,
            }),
            is_stated: stated.is_some(),
            accounts: figures.map_or(0, |figures| figures.accounts_with_shortfall),
            fund,
            word,
        }
    });
    covers.collect()
}

//! What covers a book in each scenario: by what is known of reserves, and with the publisher's word.

use pacioli_attestation::{Backing, Findings, Reserves, backing};
use pacioli_rules::{Amount, Class};

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
    /// Whether any reserves are stated.
    pub is_stated: bool,
    /// The insurance fund: its reserves by the publisher's word, and what its class of accounts is worth.
    pub fund: Amount,
    /// Accounts with a shortfall.
    pub accounts: u64,
}

impl Cover {
    /// How far the reserves go.
    pub fn reach(&self) -> Reach {
        if !self.is_stated {
            return Reach::Unstated;
        }
        let customers = |one: &Backing| one.reserves.units >= one.owed.units;
        let with_fund = |one: &Backing| one.fund.as_ref().is_some_and(|fund| !fund.negative);
        match &self.known {
            Some(known) if customers(known) => Reach::Known,
            Some(known) if with_fund(known) => Reach::KnownWithFund,
            _ if customers(&self.word) => Reach::Word,
            _ if with_fund(&self.word) => Reach::WordWithFund,
            _ => Reach::Short,
        }
    }
}

/// What covers a book in `mark` and every stress, in the table's order.
pub fn covers(findings: &Findings, known: Option<&Reserves>) -> Vec<Cover> {
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
            is_stated: stated.is_some(),
            accounts: figures.map_or(0, |figures| figures.accounts_with_shortfall),
            fund,
            word,
        }
    });
    covers.collect()
}

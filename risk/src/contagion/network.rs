//! The clearing vector of a network of debtors who hold claims on each other.
//!
//! L. Eisenberg and T. H. Noe, *Systemic Risk in Financial Systems*, Management Science 47 (2001):
//! each pays `p_i = min(owed_i, outside_i + sum_j claim_ij p_j / owed_j)`, to all its creditors in
//! proportion to what it owes them. Creditors outside of the network are whoever `owed_j` names and
//! no claim does.
//!
//! The vectors that solve this form a lattice, so that there is a least and a greatest one. All of it
//! is exact: rationals, and finitely many steps.
//!
//! - The *greatest* by their fictitious default algorithm: suppose that all pay in full, see who
//!   cannot, solve for what these can pay, see who cannot now.
//! - The *least*: whoever no money from outside can reach, over any chain of claims, pays nothing;
//!   for all others the solution is unique, and the same algorithm finds it. (The difference of two
//!   solutions lives on debtors that owe to each other alone, have nothing from outside and receive
//!   nothing from the rest.)
//!
//! Where the two differ, claims stand in a ring with nothing behind it: of two debtors that hold only
//! each other's claims, "both pay in full" and "none pays anything" solve the equations equally.

use num_bigint::BigInt;
use num_rational::BigRational;
use thiserror::Error;

use super::solve::solve;

/// Debtors, what they have and owe, and their claims on each other, all in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    outside: Vec<BigRational>,
    owed: Vec<BigRational>,
    claims: Vec<Vec<BigRational>>,
}

/// What each debtor pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearing {
    /// In the least solution.
    pub least: Vec<BigRational>,
    /// In the greatest solution.
    pub greatest: Vec<BigRational>,
    /// The debtors that pay less than they owe in the least solution: first those that nothing from
    /// outside reaches, then those that fail though everyone else pays in full, then those that fail
    /// because of these, and so on. In order in each.
    pub rounds: Vec<Vec<usize>>,
    /// The rings of claims because of which the two solutions differ: none where they are one.
    pub rings: Vec<Vec<usize>>,
}

/// What is no network.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NetworkError {
    /// Lists of different lengths.
    #[error("a network needs one row of claims and one amount of either kind for each debtor")]
    Shape,
    /// An amount below zero.
    #[error("no amount of a network is below zero")]
    Negative,
    /// Nobody owes to themselves.
    #[error("debtor {0} has a claim on itself")]
    Itself(usize),
    /// More is claimed of a debtor than it owes.
    #[error("more is claimed of debtor {0} than it owes")]
    Claimed(usize),
    /// Equations that no network gives.
    #[error("the equations of what the failed can pay have no single solution: report this")]
    Singular,
}

impl Network {
    /// A network: what each has from outside, what each owes, and `claims[i][j]`, how much of what
    /// `j` owes it owes to `i`.
    ///
    /// # Errors
    /// If the lists do not fit together, an amount is below zero, or more is claimed of somebody
    /// than they owe.
    pub fn new(
        outside: Vec<BigRational>,
        owed: Vec<BigRational>,
        claims: Vec<Vec<BigRational>>,
    ) -> Result<Self, NetworkError> {
        let count = owed.len();
        let is_square = claims.len() == count && claims.iter().all(|row| row.len() == count);
        if outside.len() != count || !is_square {
            return Err(NetworkError::Shape);
        }
        let zero = zero();
        let mut amounts = outside.iter().chain(&owed).chain(claims.iter().flatten());
        if amounts.any(|amount| *amount < zero) {
            return Err(NetworkError::Negative);
        }
        for debtor in 0..count {
            if claims[debtor][debtor] > zero {
                return Err(NetworkError::Itself(debtor));
            }
            if claims.iter().map(|row| &row[debtor]).sum::<BigRational>() > owed[debtor] {
                return Err(NetworkError::Claimed(debtor));
            }
        }
        Ok(Self { outside, owed, claims })
    }

    /// The least and the greatest clearing vector.
    ///
    /// # Errors
    /// None that a network from [`Network::new`] has.
    pub fn clear(&self) -> Result<Clearing, NetworkError> {
        let all = vec![true; self.owed.len()];
        let (greatest, _) = self.settle(&all)?;
        let reached = self.reached();
        let (least, later) = self.settle(&reached)?;
        let unreached = |&debtor: &usize| !reached[debtor] && self.owed[debtor] > zero();
        let first: Vec<usize> = (0..self.owed.len()).filter(unreached).collect();
        let rounds = [first].into_iter().chain(later).filter(|round| !round.is_empty());
        let differ: Vec<usize> =
            (0..self.owed.len()).filter(|&debtor| greatest[debtor] > least[debtor]).collect();
        Ok(Clearing { rounds: rounds.collect(), rings: self.rings(&differ), least, greatest })
    }

    /// What a debtor has where all pay `paid`.
    pub fn has(&self, debtor: usize, paid: &[BigRational]) -> BigRational {
        let received = (0..paid.len()).map(|of| self.receives(debtor, of, &paid[of]));
        &self.outside[debtor] + received.sum::<BigRational>()
    }

    /// What `debtor` receives of the amount that `of` pays to all its creditors.
    pub fn receives(&self, debtor: usize, of: usize, paid: &BigRational) -> BigRational {
        let claim = &self.claims[debtor][of];
        if *claim == zero() { zero() } else { claim * paid / &self.owed[of] }
    }

    /// The debtors that have something from outside, or receive some of it over a chain of claims.
    fn reached(&self) -> Vec<bool> {
        let zero = zero();
        let mut reached: Vec<bool> = self.outside.iter().map(|amount| *amount > zero).collect();
        let mut next: Vec<usize> = (0..reached.len()).filter(|&one| reached[one]).collect();
        while let Some(debtor) = next.pop() {
            for (creditor, claims) in self.claims.iter().enumerate() {
                if !reached[creditor] && claims[debtor] > zero {
                    reached[creditor] = true;
                    next.push(creditor);
                }
            }
        }
        reached
    }

    /// What all pay, where whoever is not `live` pays nothing, by fictitious default; and who fails
    /// in each of its rounds.
    fn settle(&self, live: &[bool]) -> Result<(Vec<BigRational>, Vec<Vec<usize>>), NetworkError> {
        let full = self.owed.iter().zip(live);
        let mut paid: Vec<BigRational> =
            full.map(|(owed, live)| if *live { owed.clone() } else { zero() }).collect();
        let (mut failed, mut rounds) = (Vec::new(), Vec::new());
        loop {
            let short = |&debtor: &usize| {
                let stands = live[debtor] && !failed.contains(&debtor);
                stands && self.has(debtor, &paid) < self.owed[debtor]
            };
            let round: Vec<usize> = (0..paid.len()).filter(short).collect();
            if round.is_empty() {
                return Ok((paid, rounds));
            }
            failed.extend(&round);
            rounds.push(round);
            let can_pay = self.pay(&failed, &paid)?;
            for (&debtor, amount) in failed.iter().zip(can_pay) {
                paid[debtor] = amount;
            }
        }
    }

    /// What the failed pay, who pass on all that they have, beside what the others pay.
    fn pay(
        &self,
        failed: &[usize],
        paid: &[BigRational],
    ) -> Result<Vec<BigRational>, NetworkError> {
        let one = BigRational::from(BigInt::from(1));
        let rows = failed.iter().map(|&debtor| {
            let others = (0..paid.len()).filter(|of| !failed.contains(of));
            let received = others.map(|of| self.receives(debtor, of, &paid[of]));
            let known = &self.outside[debtor] + received.sum::<BigRational>();
            let parts = failed.iter().map(|&of| {
                // Whoever failed owes something.
                let part = &self.claims[debtor][of] / &self.owed[of];
                if of == debtor { &one - part } else { -part }
            });
            parts.chain([known]).collect()
        });
        solve(rows.collect()).ok_or(NetworkError::Singular)
    }

    /// The rings of claims among some debtors: those that reach each other over chains of claims.
    fn rings(&self, among: &[usize]) -> Vec<Vec<usize>> {
        let zero = zero();
        // Whether one holds claims on the other over others, by place in `among`.
        let mut over: Vec<Vec<bool>> = among
            .iter()
            .map(|&one| among.iter().map(|&other| self.claims[one][other] > zero).collect())
            .collect();
        for middle in 0..among.len() {
            for from in 0..among.len() {
                for to in 0..among.len() {
                    over[from][to] |= over[from][middle] && over[middle][to];
                }
            }
        }
        let mut rings: Vec<Vec<usize>> = Vec::new();
        for (place, &debtor) in among.iter().enumerate() {
            if !over[place][place] || rings.iter().any(|ring| ring.contains(&debtor)) {
                continue;
            }
            let back = |&other: &usize| over[place][other] && over[other][place];
            rings.push((0..among.len()).filter(back).map(|other| among[other]).collect());
        }
        rings
    }
}

fn zero() -> BigRational {
    BigRational::from(BigInt::ZERO)
}

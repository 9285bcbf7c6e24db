//! Whether an attestation can be sent: what nodes take in one transaction.

use alloy_sol_types::SolCall;
use anyhow::{Result, bail};
use pacioli_circuits::MAX_K;
use pacioli_verifier_contract::{
    bindings::{Continuation, Signature, SolvencyRegistry as R, Submission, Volume},
    registry::{self, Sending},
};

/// Most bytes of calldata: go-ethereum, and nodes like it, take no transaction above 128 KiB into their
/// pools (`txMaxSize`), of which some hundred bytes are not calldata.
const MOST: usize = (128 << 10) - 512;

/// How an attestation is sent: as it fits, or by volume where one transaction would have more bytes
/// than nodes take.
///
/// # Errors
/// If it cannot be finished by volume either. Nothing is to be sent then: it would be paid for in vain.
pub fn how_to_send(
    submission: &Submission,
    volumes: &[Volume],
    signatures: &[Signature],
) -> Result<Sending> {
    let last = |totals| {
        let Submission { venue, header, prices, rounds, .. } = submission.clone();
        let continuation = Continuation { venue, header, prices, rounds };
        let signatures = signatures.to_vec();
        R::finishSubmissionCall { continuation, totals, signatures }.abi_encode().len()
    };
    Sizes {
        volumes: volumes.len(),
        k: submission.header.k.into(),
        whole: registry::calldata(submission, volumes, signatures).len(),
        last: last(volumes.iter().map(|volume| volume.totals.clone()).collect()),
        last_of_none: last(Vec::new()),
    }
    .how_to_send()
}

/// What a submission takes.
struct Sizes {
    volumes: usize,
    k: u32,
    /// Bytes of calldata in one transaction.
    whole: usize,
    /// Bytes of the last transaction where volumes are sent one by one: it has the totals of all.
    last: usize,
    /// What it would have without any volume.
    last_of_none: usize,
}

impl Sizes {
    fn how_to_send(&self) -> Result<Sending> {
        let &Self { volumes, k, whole, last, .. } = self;
        if whole <= MOST {
            return Ok(Sending::AsItFits);
        }
        if last <= MOST {
            return Ok(Sending::ByVolume);
        }
        let instead = match self.larger() {
            Some((larger, volumes)) => format!(
                "Prove the book under a setup of 2^{larger} rows or more, where it is some {volumes} \
                 volumes, and announce the verifier of that size first"
            ),
            None => "There is no larger size at which it would be".to_owned(),
        };
        bail!(
            "{volumes} volumes of 2^{k} rows cannot be finished on a chain, so nothing is sent: the last \
             transaction would have {last} bytes with the totals of all, and nodes take {MOST}. {instead}"
        )
    }

    /// The least larger size at which the book can be finished, and its volumes there.
    fn larger(&self) -> Option<(u32, usize)> {
        let each = (self.last - self.last_of_none).div_ceil(self.volumes.max(1));
        let at = |k: u32| (k, self.volumes.div_ceil(1 << (k - self.k)));
        let fits = |&(_, volumes): &(u32, usize)| self.last_of_none + volumes * each <= MOST;
        (self.k + 1..=MAX_K).map(at).find(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A book of 20 rows: a volume's totals take 448 bytes, and with its proof 3,520.
    fn sizes(volumes: usize, k: u32) -> Sizes {
        let (last, whole) = (1_500 + 448 * volumes, 1_700 + 3_520 * volumes);
        Sizes { volumes, k, whole, last, last_of_none: 1_500 }
    }

    #[test]
    fn what_cannot_be_finished_is_refused_with_a_size_at_which_it_can() {
        assert_eq!(sizes(36, 18).how_to_send().unwrap(), Sending::AsItFits);
        assert_eq!(sizes(37, 18).how_to_send().unwrap(), Sending::ByVolume);
        assert_eq!(sizes(288, 18).how_to_send().unwrap(), Sending::ByVolume);
        let said = |volumes, k| sizes(volumes, k).how_to_send().unwrap_err().to_string();
        assert!(said(289, 18).contains("289 volumes of 2^18 rows cannot be finished"));
        assert!(said(289, 18).contains("2^19 rows or more, where it is some 145 volumes"));
        assert!(said(700, 18).contains("2^20 rows or more, where it is some 175 volumes"));
        assert!(said(289, MAX_K).contains("no larger size"));
    }
}

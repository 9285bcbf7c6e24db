//! Opening the pages of a run, for all holders at once or for one alone.

use pacioli_attestation::{
    Attestation, Digest, Progress, VolumeId,
    opening::{Opened, OpeningError, Pages},
    setup::Setup,
    statement::Statement,
};
use pacioli_circuits::Shape;
use pacioli_rules::{Compiled, Rules, compile};

use super::{
    error::BuildError,
    make::{Holder, make},
    volume::OfVolume,
};
use crate::{
    layout::lay_out,
    opening::{PageOpener, open_page, page_values},
    plan::Placement,
    sealed::{RunSecrets, SealedVolume},
    store::{OpenedPage, RunStore, StoredAccount},
};

/// A finished run and its attestation, ready to make statements.
#[derive(Debug)]
pub struct Run<'a> {
    attestation: &'a Attestation,
    digest: Digest,
    compiled: Compiled,
    shape: Shape,
    secrets: RunSecrets<'a>,
    store: &'a mut RunStore,
}

impl<'a> Run<'a> {
    /// The run of an attestation.
    ///
    /// # Errors
    /// If the store is of another attestation, or the attestation's rules are refused.
    pub fn new(
        attestation: &'a Attestation,
        secrets: RunSecrets<'a>,
        store: &'a mut RunStore,
    ) -> Result<Self, BuildError> {
        let (expected, digest) = (store.attestation()?, attestation.digest());
        if expected != digest {
            return Err(BuildError::OtherAttestation { expected, got: digest });
        }
        let rules = Rules::parse(&attestation.rules)?;
        let compiled = compile(&rules, &attestation.prices)?;
        let shape = attestation.header.shape()?;
        Ok(Self { attestation, digest, compiled, shape, secrets, store })
    }

    /// Volumes whose pages are not all opened yet.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn unopened(&self) -> Result<Vec<VolumeId>, BuildError> {
        let mut unopened = Vec::new();
        for volume in self.attestation.volume_ids() {
            if self.store.opened_pages(volume)? < self.shape.pages() {
                unopened.push(volume);
            }
        }
        Ok(unopened)
    }

    /// Opens every page of every volume that is not opened yet. Pages opened by an interrupted run are
    /// kept.
    ///
    /// # Errors
    /// If the setup or the secrets are not those of the run.
    pub fn open_all(
        &mut self,
        setup: &Setup,
        opener: &PageOpener,
        progress: &dyn Progress,
    ) -> Result<(), BuildError> {
        let unopened = self.unopened()?;
        progress.begin("opening the pages", unopened.len() as u64);
        for (done, volume) in unopened.into_iter().enumerate() {
            let sealed = self.rebuild(setup, volume)?;
            let (pages, count) = (self.pages(), self.shape.pages());
            let opened = sealed.open(opener, pages, count)?;
            self.store.record_pages(volume, &opened)?;
            progress.reach(done as u64 + 1);
        }
        Ok(())
    }

    /// Takes in the pages of a volume that were opened elsewhere and checked
    /// ([`crate::parts::Judge::check_pages`]).
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn take_in(&mut self, volume: VolumeId, pages: &[OpenedPage]) -> Result<(), BuildError> {
        Ok(self.store.record_pages(volume, pages)?)
    }

    /// The id of every account, sorted.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn ids(&self) -> Result<Vec<String>, BuildError> {
        Ok(self.store.ids()?)
    }

    /// The statement of one account. If its page is not opened yet, it is opened alone with `setup`.
    ///
    /// # Errors
    /// If there is no such account, its page is not opened and there is no setup, or the secrets
    /// are not those of the run.
    pub fn statement(&self, id: &str, setup: Option<&Setup>) -> Result<Statement, BuildError> {
        let stored = self.store.account(id)?;
        let stored = stored.ok_or_else(|| BuildError::NoAccount(id.to_owned()))?;
        let Placement { volume, page, .. } = stored.placement;
        let opened = match (self.store.page(volume, page)?, setup) {
            (Some(opened), _) => opened,
            (None, Some(setup)) => self.open_one(setup, volume, page)?,
            (None, None) => return Err(BuildError::NotOpened(id.to_owned())),
        };
        self.make(&self.of_volume(volume)?, &stored, &opened)
    }

    /// Gives the statement of every account, or of the `wanted` ones, one after the other: volume by
    /// volume, page by page. Their pages are opened.
    ///
    /// # Errors
    /// If a page is not opened, the secrets are not those of the run, or `give` fails.
    pub fn each<E: From<BuildError>>(
        &self,
        wanted: impl Fn(&str) -> bool,
        mut give: impl FnMut(Statement) -> Result<(), E>,
    ) -> Result<(), E> {
        for volume in self.attestation.volume_ids() {
            let of = self.of_volume(volume)?;
            let accounts = self.store.accounts(volume).map_err(BuildError::from)?;
            let mut last: Option<(usize, OpenedPage)> = None;
            for stored in accounts.iter().filter(|stored| wanted(&stored.id)) {
                let page = stored.placement.page;
                let opened = match last.take().filter(|(number, _)| *number == page) {
                    Some((_, opened)) => opened,
                    None => {
                        let opened = self.store.page(volume, page).map_err(BuildError::from)?;
                        opened.ok_or_else(|| BuildError::NotOpened(stored.id.clone()))?
                    }
                };
                give(self.make(&of, stored, &opened)?)?;
                last = Some((page, opened));
            }
        }
        Ok(())
    }

    fn of_volume(&self, volume: VolumeId) -> Result<OfVolume, BuildError> {
        let attempt = self.store.attempt(volume)?;
        OfVolume::new(self.attestation, &self.shape, self.secrets, volume, attempt)
    }

    fn make(
        &self,
        of: &OfVolume,
        stored: &StoredAccount,
        opened: &OpenedPage,
    ) -> Result<Statement, BuildError> {
        let StoredAccount { id, account, placement } = stored;
        let nonce = of.nonce(id);
        let holder = Holder { id, account, placement: *placement, nonce: &nonce };
        of.require_sealed(&holder, &opened.values)?;
        Ok(make(self.digest, &self.compiled, &holder, &opened.values, &opened.opening))
    }

    fn open_one(
        &self,
        setup: &Setup,
        volume: VolumeId,
        page: usize,
    ) -> Result<OpenedPage, BuildError> {
        let sealed = self.rebuild(setup, volume)?;
        let pages = self.pages();
        let opening = open_page(setup.params(), pages, &sealed.coefficients(), page)?;
        Ok(OpenedPage { values: page_values(pages, &sealed.rows, page)?, opening })
    }

    /// The pages of the run's circuits.
    pub fn pages(&self) -> Pages {
        let pages = Pages::new(self.shape.k(), self.shape.page_size());
        pages.expect("a shape has pages")
    }

    fn rebuild(&self, setup: &Setup, volume: VolumeId) -> Result<SealedVolume, BuildError> {
        let (setup_k, pages) = (setup.k(), self.shape.k());
        if setup_k != pages {
            return Err(OpeningError::SetupSize { setup: setup_k, pages }.into());
        }
        let shape = &self.shape;
        let stored = self.store.accounts(volume)?;
        let laid_out = lay_out(shape, &stored)?;
        let attempt = self.store.attempt(volume)?;
        let word = self.attestation.context().word(volume);
        let key = self.secrets.volume_key(word);
        let placed = stored.iter().map(|one| (one.id.as_str(), &one.account, one.placement));
        let seals = key.seal_volume(shape, word, &placed.collect::<Vec<_>>(), &attempt);
        let seed = key.seed(&attempt);
        let proof = self.attestation.volume(volume).map(|one| one.proof.as_slice());
        let proof = proof.unwrap_or_default();
        let refused = |source| BuildError::Sealed { volume, source };
        let opened = Opened::of(shape, word, proof).map_err(refused)?;
        SealedVolume::new(setup.params(), shape, &laid_out, &seals, &seed, &opened).map_err(refused)
    }
}

//! A volume: the accounts of one circuit, laid out in pages.

use thiserror::Error;

use crate::{
    book::{Account, InstrumentId, Line, Quantity},
    shape::Shape,
};

/// What one slot of a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The line; nothing of instrument 0 where the slot is empty.
    pub line: Line,
    /// The line is the last one of its account.
    pub last: bool,
}

impl Slot {
    /// A slot that holds no line: an account of its own, holding nothing.
    pub const EMPTY: Self = Self {
        line: Line { instrument: InstrumentId::EMPTY, quantity: Quantity::ZERO },
        last: true,
    };
}

/// The slots of all switched-on pages of one circuit.
#[derive(Clone, Debug)]
pub struct Volume {
    page_size: usize,
    pages: usize,
    /// Slot 0 of every page, then slot 1 of every page: the order of their rows.
    slots: Vec<Slot>,
}

/// Why accounts do not make a volume.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum VolumeError {
    /// More pages than the shape has switched on.
    #[error("expected {expected} pages, got {got}")]
    Pages {
        /// Pages of the shape.
        expected: usize,
        /// Pages given.
        got: usize,
    },
    /// The accounts of a page have more lines than the page has slots.
    #[error("page {page} has {expected} slots, but {got} lines")]
    Slots {
        /// The page.
        page: usize,
        /// Slots of a page.
        expected: usize,
        /// Lines given.
        got: usize,
    },
}

impl Volume {
    /// The volume with `pages[p]` holding those accounts one after another from slot 0.
    ///
    /// # Errors
    /// If there are too many pages, or too many lines for a page.
    pub fn new<'a, Page>(
        shape: &Shape,
        pages: impl IntoIterator<Item = Page>,
    ) -> Result<Self, VolumeError>
    where
        Page: IntoIterator<Item = &'a Account>,
    {
        let (page_size, room) = (shape.page_size(), shape.pages());
        let mut slots = vec![Slot::EMPTY; shape.lines()];
        let mut count = 0;
        for (page, accounts) in pages.into_iter().enumerate() {
            count = page + 1;
            let lines: Vec<Slot> = accounts.into_iter().flat_map(account_slots).collect();
            if lines.len() > page_size {
                return Err(VolumeError::Slots { page, expected: page_size, got: lines.len() });
            }
            if page < room {
                let places = slots[page..].iter_mut().step_by(room);
                places.zip(lines).for_each(|(slot, line)| *slot = line);
            }
        }
        if count > room {
            return Err(VolumeError::Pages { expected: room, got: count });
        }
        Ok(Self { page_size, pages: room, slots })
    }

    /// The slot `slot` of page `page`, or `None` past the switched-on pages.
    pub fn slot(&self, page: usize, slot: usize) -> Option<&Slot> {
        let exists = slot < self.page_size && page < self.pages;
        exists.then(|| &self.slots[slot * self.pages + page])
    }

    /// All slots in the order of their rows: slot 0 of every page, then slot 1 of every page.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }
}

fn account_slots(account: &Account) -> impl Iterator<Item = Slot> + '_ {
    let count = account.lines.len();
    let lines = account.lines.iter().enumerate();
    lines.map(move |(i, &line)| Slot { line, last: i + 1 == count })
}

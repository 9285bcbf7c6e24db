//! A made-up book on the way through a crash, in whole numbers: what a venue's figures do while prices
//! fall. How its customers behave is a judgement, said in docs/watch.md.

/// 1, of which prices are parts.
pub const ONE: i64 = 1_000_000;

/// A price of two assets at one time, as parts of those at the beginning.
pub type Prices = [i64; 2];

/// Long accounts in each of the two assets, with a leverage of 2 to 10.
const LONGS: usize = 240;
/// What a long account begins with, about, in the quote currency.
const NOTIONAL: i64 = 100_000;
/// On calm days one of so many long accounts is another one at each look.
const STAY: usize = 24;
/// All accounts.
pub const ACCOUNTS: u64 = 2 * LONGS as u64;
/// Deposits of each asset at the beginning, in quote; and of stablecoins.
const SPOT: i64 = 60_000_000;
const STABLE: i64 = 80_000_000;
/// The part of what is deposited that leaves or comes between two looks on a calm day, at most.
const CALM_FLOW: i64 = ONE / 250;
/// The part of a fall over six looks by which depositors leave between two looks.
const PANIC: i64 = 10;

/// The figures of one time, in quote or in accounts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    pub owed: i64,
    pub bad_debt: i64,
    pub below_margin: i64,
    /// Deposits of the two assets, in units of them, and of stablecoins.
    pub deposits: [i64; 3],
    /// Longs of the two markets, in units.
    pub open: [i64; 2],
}

/// A long account, of size 0 once it is closed.
#[derive(Clone, Copy)]
struct Long {
    leverage: i64,
    entry: i64,
    size: i64,
}

impl Long {
    fn at(slot: usize) -> Self {
        let leverage = 2 + i64::try_from(slot % 9).expect("below 9");
        Self { leverage, entry: ONE, size: NOTIONAL }
    }
}

/// The book.
pub struct Book {
    longs: [Vec<Long>; 2],
    deposits: [i64; 3],
    seen: Vec<Prices>,
    noise: Noise,
}

impl Book {
    pub fn new(seed: u64) -> Self {
        let longs = || (0..LONGS).map(Long::at).collect();
        let (longs, noise) = ([longs(), longs()], Noise(seed));
        Self { longs, deposits: [SPOT, SPOT, STABLE], seen: Vec::new(), noise }
    }

    /// A calm time: whoever leaves is followed by others, at the prices of the time.
    pub fn calm(&mut self, prices: Prices) -> Figures {
        let turn = self.seen.len() % STAY;
        for (longs, price) in self.longs.iter_mut().zip(prices) {
            for (slot, long) in longs.iter_mut().enumerate() {
                let is_new = (slot + slot / STAY) % STAY == turn || long.size == 0;
                if is_new {
                    // Sizes differ by some percent.
                    let size = NOTIONAL + NOTIONAL * self.noise.within(ONE / 50) / ONE;
                    (long.entry, long.size) = (price, size * ONE / price);
                }
            }
        }
        self.look(prices)
    }

    /// A look: depositors come and go, accounts below their margin are closed, what they lack is bad debt
    /// until the next look.
    pub fn look(&mut self, prices: Prices) -> Figures {
        self.seen.push(prices);
        let earlier = &self.seen[self.seen.len().saturating_sub(7)..];
        let fall = |asset: usize| {
            let high = earlier.iter().map(|one| one[asset]).max().unwrap_or(ONE);
            ONE - prices[asset] * ONE / high
        };
        let panic = fall(0).max(fall(1)) / PANIC;
        for deposit in &mut self.deposits {
            *deposit += *deposit * (self.noise.within(CALM_FLOW) - panic) / ONE;
        }
        let mut figures = Figures { deposits: self.deposits, ..Figures::default() };
        figures.owed = self.deposits[2];
        for (asset, longs) in self.longs.iter_mut().enumerate() {
            let price = prices[asset];
            figures.owed += self.deposits[asset] * price / ONE;
            for long in longs {
                let Long { leverage, entry, size } = *long;
                let margin = size * entry / ONE / leverage;
                let equity = margin + size * (price - entry) / ONE;
                // Half of what it began with is the margin that it has to keep, a tenth closes it.
                figures.below_margin += i64::from(size > 0 && equity < margin / 2);
                figures.owed += equity.max(0);
                figures.bad_debt += (-equity).max(0);
                figures.open[asset] += size;
                if equity <= margin / 10 {
                    long.size = 0;
                }
            }
        }
        figures
    }
}

/// Numbers that look drawn and are always the same.
pub struct Noise(pub u64);

impl Noise {
    /// From `-most` to `most`, those in the middle more often: the sum of three.
    pub fn within(&mut self, most: i64) -> i64 {
        let mut third = || {
            // Knuth's linear congruence of 64 bits.
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            i64::try_from(self.0 >> 40).unwrap_or(0)
        };
        let sum = third() + third() + third() - 3 * (1 << 23);
        sum * most / (3 * (1 << 23))
    }
}

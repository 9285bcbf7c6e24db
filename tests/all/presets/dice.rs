//! Portfolios at random, the same every time, that come back to edges.

use num_bigint::BigInt;
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// Portfolios that a preset is tried on, edge values among them.
pub const PORTFOLIOS: usize = 1_000;

pub struct Dice(ChaCha8Rng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end
    }

    pub fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    /// A number of at most so many bits, each number of bits as likely as any other.
    pub fn bits(&mut self, bits: u32) -> u128 {
        let random = u128::from(self.0.next_u64()) << 64 | u128::from(self.0.next_u64());
        let bits = self.below(u64::from(bits) + 1) as u32;
        if bits == 0 { 0 } else { random >> (128 - bits) }
    }

    /// A quantity up to `most`, half of the time at an edge: nothing, one unit, a bound or one unit
    /// beside it, or the most.
    pub fn quantity(&mut self, bounds: &[u128], most: u128) -> u128 {
        let bits = 128 - most.leading_zeros();
        let beside = 1 - self.below(3) as i128;
        let edge = match self.below(8) {
            0 => 0,
            1 => 1,
            2 => most,
            3 | 4 if !bounds.is_empty() => {
                let bound = bounds[self.below(bounds.len() as u64) as usize];
                bound.saturating_add_signed(beside)
            }
            _ => self.bits(bits),
        };
        edge.min(most)
    }

    /// A price with so many digits behind the point, rarely 0 or huge.
    pub fn price(&mut self, bits: u32, decimals: u32) -> (BigInt, u32) {
        let units = match self.below(40) {
            0 => 0,
            1 => (1 << bits) - 1,
            _ => self.bits(bits).max(1),
        };
        (units.into(), decimals)
    }
}

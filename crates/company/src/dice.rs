//! The simulator's own randomness: seeded, small, the same on every machine.
//!
//! Floats live here and in the plans drawn from here, never in money that is written.

/// SplitMix64: one word of state, good enough for a company that does not exist.
#[derive(Clone, Debug)]
pub struct Dice(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Dice {
    /// A stream of a seed; streams do not disturb each other.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut dice = Self(seed ^ stream.wrapping_add(1).wrapping_mul(GOLDEN).rotate_left(17));
        let _warm = dice.word();
        dice
    }

    /// The next 64 bits.
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// At least 0, less than 1.
    pub fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Less than `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.word()) * n as u128) >> 64) as usize
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True in `share` of all cases.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// One of a list that is not empty.
    pub fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    /// Normal by twelve uniforms: no tables, no trigonometry, tails end at six.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// Lognormal with a median and the σ of its logarithm.
    pub fn spread(&mut self, median: f64, sigma: f64) -> f64 {
        median * (self.normal() * sigma).exp()
    }

    /// Lognormal with a median and a ninth decile: how delays are told.
    pub fn delay(&mut self, p50: f64, p90: f64) -> f64 {
        /// The normal distribution's ninth decile.
        const Z90: f64 = 1.281_551_6;
        self.spread(p50, (p90 / p50).ln() / Z90)
    }

    /// An index by rising sums of weights.
    pub fn by_weight(&mut self, sums: &[f64]) -> usize {
        let total = sums.last().copied().unwrap_or(0.0);
        let at = self.unit() * total;
        sums.partition_point(|sum| *sum <= at).min(sums.len().saturating_sub(1))
    }

    /// Puts a list into a random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// Rising sums, for [`Dice::by_weight`].
#[must_use]
pub fn sums(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let running = weights.scan(0.0, |sum, w| {
        *sum += w;
        Some(*sum)
    });
    running.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_and_another_stream_does_not() {
        let throw = |seed, stream| {
            let mut dice = Dice::new(seed, stream);
            (0..8).map(|_| dice.word()).collect::<Vec<_>>()
        };
        assert_eq!(throw(1, 0), throw(1, 0));
        assert_ne!(throw(1, 0), throw(1, 1));
        assert_ne!(throw(1, 0), throw(2, 0));
    }

    #[test]
    fn delays_have_the_median_and_the_ninth_decile_that_were_asked_for() {
        let mut dice = Dice::new(7, 0);
        let mut all: Vec<f64> = (0..20_000).map(|_| dice.delay(6.0, 24.0)).collect();
        all.sort_by(f64::total_cmp);
        assert!((5.8..6.2).contains(&all[10_000]), "{}", all[10_000]);
        assert!((22.5..25.5).contains(&all[18_000]), "{}", all[18_000]);
    }

    #[test]
    fn bounds_are_kept_and_all_of_a_range_is_met() {
        let mut dice = Dice::new(3, 0);
        let mut met = [false; 5];
        for _ in 0..200 {
            met[(dice.between(-2, 2) + 2) as usize] = true;
            assert!((0.0..1.0).contains(&dice.unit()));
        }
        assert_eq!(met, [true; 5]);
        assert_eq!(dice.below(0), 0);
    }

    #[test]
    fn weights_decide_how_often() {
        let mut dice = Dice::new(5, 0);
        let sums = sums([1.0, 0.0, 3.0].into_iter());
        let mut count = [0; 3];
        for _ in 0..4_000 {
            count[dice.by_weight(&sums)] += 1;
        }
        assert_eq!(count[1], 0);
        assert!((900..1_100).contains(&count[0]), "{count:?}");
    }

    #[test]
    fn a_shuffle_keeps_everything() {
        let mut list: Vec<usize> = (0..50).collect();
        Dice::new(1, 0).shuffle(&mut list);
        assert_ne!(list, (0..50).collect::<Vec<_>>());
        list.sort_unstable();
        assert_eq!(list, (0..50).collect::<Vec<_>>());
    }
}

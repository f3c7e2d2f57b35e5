//! Summaries of durations: mean, spread and percentiles, in seconds.
use crate::log::SECOND;

/// A summary of durations, in seconds. Percentiles are interpolated between neighbours.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Summary {
    pub n: u64,
    pub mean: f64,
    /// Of the sample (n − 1); 0 for one value.
    pub std: f64,
    pub min: f64,
    pub p25: f64,
    pub median: f64,
    pub p75: f64,
    pub p90: f64,
    pub p95: f64,
    pub max: f64,
}

impl Summary {
    /// Of durations in microseconds; orders them.
    #[must_use]
    pub fn of(micros: &mut [i64]) -> Self {
        Self::scaled(micros, SECOND as f64)
    }
    /// Of plain numbers; orders them.
    #[must_use]
    pub fn of_counts(counts: &mut [i64]) -> Self {
        Self::scaled(counts, 1.0)
    }
    fn scaled(values: &mut [i64], unit: f64) -> Self {
        let n = values.len();
        if n == 0 {
            return Self::default();
        }
        values.sort_unstable();
        let sum: i128 = values.iter().map(|v| i128::from(*v)).sum();
        let mean = sum as f64 / n as f64;
        let squares: f64 = values.iter().map(|v| (*v as f64 - mean).powi(2)).sum();
        let std = if n > 1 { (squares / (n - 1) as f64).sqrt() } else { 0.0 };
        let at = |share: f64| percentile(values, share) / unit;
        Self {
            n: n as u64,
            mean: mean / unit,
            std: std / unit,
            min: values[0] as f64 / unit,
            p25: at(0.25),
            median: at(0.5),
            p75: at(0.75),
            p90: at(0.9),
            p95: at(0.95),
            max: values[n - 1] as f64 / unit,
        }
    }
}

/// The value below which a share of the ordered values lies, interpolated.
#[must_use]
pub fn percentile(ordered: &[i64], share: f64) -> f64 {
    let Some(last) = ordered.len().checked_sub(1) else { return 0.0 };
    let place = last as f64 * share;
    let below = place.floor() as usize;
    let (low, high) = (ordered[below] as f64, ordered[(below + 1).min(last)] as f64);
    low + (high - low) * (place - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_of_five_durations_worked_out_by_hand() {
        let mut micros = [4, 1, 2, 10, 3].map(|s| s * SECOND);
        let summary = Summary::of(&mut micros);
        assert_eq!((summary.n, summary.mean, summary.min, summary.max), (5, 4.0, 1.0, 10.0));
        assert_eq!((summary.p25, summary.median, summary.p75), (2.0, 3.0, 4.0));
        // Between the fourth (4) and the fifth (10): 4 + 6 × 0.6.
        assert!((summary.p90 - 7.6).abs() < 1e-12);
        // Squares of −3 −2 −1 0 6: 50 / 4.
        assert!((summary.std - 12.5_f64.sqrt()).abs() < 1e-12);
        assert_eq!(Summary::of(&mut []), Summary::default());
    }
}

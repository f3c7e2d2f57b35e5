//! Whether a series changed: individuals and moving range (XmR), so that noise is no news.

/// What a series says of its last point.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Limits {
    pub centre: f64,
    pub low: f64,
    pub high: f64,
}

/// Fewer points than these say nothing.
const LEAST: usize = 8;
/// Moving range to three sigma, for ranges of two.
const THREE_SIGMA: f64 = 2.66;
/// So many on one side are a shift.
const RUN: usize = 8;

/// The natural limits of a series, learned from all points but the last.
#[must_use]
pub fn limits(points: &[f64]) -> Option<Limits> {
    let (_, before) = points.split_last()?;
    if before.len() < LEAST {
        return None;
    }
    let centre = before.iter().sum::<f64>() / before.len() as f64;
    let ranges = before.windows(2).map(|w| (w[1] - w[0]).abs()).sum::<f64>();
    let range = ranges / (before.len() - 1) as f64;
    Some(Limits { centre, low: centre - THREE_SIGMA * range, high: centre + THREE_SIGMA * range })
}

/// Whether the last point is news: `outside` the limits, or the end of a `shift`.
#[must_use]
pub fn signal(points: &[f64]) -> Option<&'static str> {
    let limits = limits(points)?;
    let last = *points.last()?;
    if last < limits.low || last > limits.high {
        return Some("outside");
    }
    let tail = points.len().checked_sub(RUN).map(|at| &points[at..])?;
    let above = tail.iter().all(|p| *p > limits.centre);
    let below = tail.iter().all(|p| *p < limits.centre);
    (above || below).then_some("shift")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_by_hand_and_the_two_signals() {
        let calm = [10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0];
        // Mean 11, moving range 2: 11 ± 5.32.
        let with = |last: f64| [&calm[..], &[last]].concat();
        let limits = limits(&with(11.0)).expect("limits");
        assert!((limits.high - 16.32).abs() < 1e-9 && (limits.low - 5.68).abs() < 1e-9);
        assert_eq!(signal(&with(16.0)), None);
        assert_eq!(signal(&with(16.4)), Some("outside"));
        let shifted = [&[4.0, 20.0, 4.0, 20.0, 4.0, 20.0, 4.0, 20.0][..], &[14.0; 8]].concat();
        assert_eq!(signal(&shifted), Some("shift"));
        assert_eq!(signal(&calm), None);
    }
}

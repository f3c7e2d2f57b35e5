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

/// A series as a control chart: its natural limits, and what each point is news for.
#[derive(Clone, PartialEq, Debug)]
pub struct Chart {
    pub limits: Limits,
    /// For each point: `outside` the limits, part of a `shift` (eight in a row on one side), part
    /// of a `drift` (three of four nearer to a limit than to the centre), or nothing.
    pub marks: Vec<Option<&'static str>>,
}

/// Points in a row of which all but one are nearer to a limit than to the centre.
const NEAR: usize = 4;

/// The control chart of a series; nothing where it has fewer than eight points. Unlike
/// [`signal`], which asks whether the last point is news, it learns from all of them.
#[must_use]
pub fn chart(points: &[f64]) -> Option<Chart> {
    if points.len() < LEAST {
        return None;
    }
    // All but the last are learned from: one more at the end makes it all of these.
    let limits = limits(&[points, &[0.0]].concat())?;
    let mut marks: Vec<Option<&'static str>> = vec![None; points.len()];
    let half = (limits.high - limits.centre) / 2.0;
    let sides: [&dyn Fn(f64) -> f64; 2] =
        [&|p: f64| p - limits.centre, &|p: f64| limits.centre - p];
    for away in sides {
        for at in 0..=points.len().saturating_sub(NEAR) {
            let four = &points[at..at + NEAR];
            let is_near = |p: &f64| half > 0.0 && away(*p) > half;
            if four.iter().filter(|p| is_near(p)).count() + 1 >= NEAR {
                let near = (at..at + NEAR).filter(|n| is_near(&points[*n]));
                near.for_each(|n| marks[n] = Some("drift"));
            }
        }
        for at in 0..=points.len().saturating_sub(RUN) {
            if points[at..at + RUN].iter().all(|p| away(*p) > 0.0) {
                marks[at..at + RUN].fill(Some("shift"));
            }
        }
    }
    for (mark, point) in marks.iter_mut().zip(points) {
        if *point < limits.low || *point > limits.high {
            *mark = Some("outside");
        }
    }
    Some(Chart { limits, marks })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_marks_what_lies_outside_what_shifted_and_what_drifts() {
        // One point far off among ranges of 2: mean 128/9, mean range 70/8 (six of 2, 28 and 30).
        let spike = [10.0, 12.0, 10.0, 12.0, 40.0, 10.0, 12.0, 10.0, 12.0];
        let told = chart(&spike).expect("nine points");
        assert!((told.limits.centre - 128.0 / 9.0).abs() < 1e-9);
        assert!((told.limits.high - (128.0 / 9.0 + 2.66 * 70.0 / 8.0)).abs() < 1e-9);
        assert_eq!(told.marks.iter().flatten().collect::<Vec<_>>(), [&"outside"]);
        assert_eq!(told.marks[4], Some("outside"));
        let moved = [&[4.0, 5.0, 4.0, 5.0, 4.0, 5.0, 4.0, 5.0][..], &[6.0; 8]].concat();
        let told = chart(&moved).expect("sixteen points");
        assert!(told.marks[8..].iter().all(|m| matches!(m, Some("shift" | "outside"))));
        let calm = [10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0];
        let drifts = [&calm[..], &[15.5, 15.5, 11.0, 15.5][..]].concat();
        let told = chart(&drifts).expect("fourteen points");
        let last: Vec<_> = told.marks[10..].to_vec();
        assert_eq!(last, [Some("drift"), Some("drift"), None, Some("drift")]);
        assert_eq!(chart(&calm[..7]), None);
        assert!(chart(&[3.0; 9]).expect("nine").marks.iter().all(Option::is_none));
    }

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

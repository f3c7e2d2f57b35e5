//! Whether a process tree accepts a trace: exactly, for trees in which each step stands once.
use super::tree::Tree;
use crate::mine::Variants;
use std::collections::{BTreeMap, BTreeSet};

/// A tree made ready for many traces.
pub struct Replay {
    kind: Kind,
    /// Which child each step stands in.
    child_of: BTreeMap<u32, usize>,
    children: Vec<Replay>,
    /// Whether nothing at all is accepted as a run.
    may_be_empty: bool,
    /// Steps with which a run may begin and end.
    starts: BTreeSet<u32>,
    ends: BTreeSet<u32>,
}

enum Kind {
    Silent,
    Step(u32),
    Sequence,
    Choice,
    Parallel,
    Loop,
}

impl Replay {
    /// Makes a tree ready; `None` where a step stands in it twice.
    #[must_use]
    pub fn of(tree: &Tree) -> Option<Self> {
        let steps = tree.steps();
        if steps.windows(2).any(|pair| pair[0] == pair[1]) {
            return None;
        }
        Some(Self::made(tree))
    }
    fn made(tree: &Tree) -> Self {
        let children: Vec<Self> = tree.children().iter().map(Self::made).collect();
        let numbered = tree.children().iter().enumerate();
        let child_of = numbered.flat_map(|(at, c)| c.steps().into_iter().map(move |s| (s, at)));
        let child_of = child_of.collect();
        let may = |child: &Self| child.may_be_empty;
        let (kind, may_be_empty) = match tree {
            Tree::Silent => (Kind::Silent, true),
            Tree::Step(step) => (Kind::Step(*step), false),
            Tree::Sequence(_) => (Kind::Sequence, children.iter().all(may)),
            Tree::Choice(_) => (Kind::Choice, children.iter().any(may)),
            Tree::Parallel(_) => (Kind::Parallel, children.iter().all(may)),
            Tree::Loop(_) => (Kind::Loop, may(&children[0])),
        };
        let own: BTreeSet<u32> = tree.steps().into_iter().collect();
        let (starts, ends) = match kind {
            Kind::Silent | Kind::Step(_) => (own.clone(), own),
            Kind::Loop => (
                edge_steps(&kind, children.iter().map(|c| (&c.starts, c.may_be_empty))),
                edge_steps(&kind, children.iter().map(|c| (&c.ends, c.may_be_empty))),
            ),
            _ => (
                edge_steps(&kind, children.iter().map(|c| (&c.starts, c.may_be_empty))),
                edge_steps(&kind, children.iter().rev().map(|c| (&c.ends, c.may_be_empty))),
            ),
        };
        Self { kind, child_of, children, may_be_empty, starts, ends }
    }
    /// Whether a trace is a run of the tree.
    #[must_use]
    pub fn accepts(&self, trace: &[u32]) -> bool {
        if trace.is_empty() {
            return self.may_be_empty;
        }
        match self.kind {
            Kind::Silent => false,
            Kind::Step(step) => trace == [step],
            _ if !trace.iter().all(|step| self.child_of.contains_key(step)) => false,
            Kind::Choice => self.children[self.child_of[&trace[0]]].accepts(trace),
            Kind::Parallel => self.each(|at, child| {
                let own = trace.iter().copied().filter(|step| self.child_of[step] == at);
                child.accepts(&own.collect::<Vec<_>>())
            }),
            Kind::Sequence => {
                trace.is_sorted_by_key(|step| self.child_of[step])
                    && self.each(|at, child| {
                        let from = trace.partition_point(|step| self.child_of[step] < at);
                        let to = trace.partition_point(|step| self.child_of[step] <= at);
                        child.accepts(&trace[from..to])
                    })
            }
            Kind::Loop => self.accepts_rounds(trace),
        }
    }
    fn each(&self, fits: impl Fn(usize, &Self) -> bool) -> bool {
        self.children.iter().enumerate().all(|(at, child)| fits(at, child))
    }
    /// Whether a trace can be cut into body, other, body, … . Short runs are tried first, and no
    /// place is tried twice: for traces that fit, this is one walk along the trace.
    fn accepts_rounds(&self, trace: &[u32]) -> bool {
        // A place: so many steps done, and whose turn it is: the body's, or another's after it.
        let mut seen = vec![[false; 2]; trace.len() + 1];
        let mut open = vec![(0, Turn::Body, 0)];
        seen[0][Turn::Body as usize] = true;
        while let Some((at, turn, tried)) = open.pop() {
            if at == trace.len() && turn == Turn::Other {
                return true;
            }
            let Some(to) = (at + tried..=trace.len()).find(|to| self.runs(trace, at, *to, turn))
            else {
                continue;
            };
            open.push((at, turn, to - at + 1));
            let next = turn.next();
            if !std::mem::replace(&mut seen[to][next as usize], true) {
                open.push((to, next, 0));
            }
        }
        false
    }
    /// Whether a stretch is one run of whoever's turn it is.
    fn runs(&self, trace: &[u32], at: usize, to: usize, turn: Turn) -> bool {
        let run = &trace[at..to];
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            return match turn {
                Turn::Body => self.children[0].may_be_empty,
                Turn::Other => self.children[1..].iter().any(|child| child.may_be_empty),
            };
        };
        let child = self.child_of[first];
        (child == 0) == (turn == Turn::Body)
            && self.child_of[last] == child
            && self.children[child].starts.contains(first)
            && self.children[child].ends.contains(last)
            && self.children[child].accepts(run)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Body,
    Other,
}

impl Turn {
    const fn next(self) -> Self {
        match self {
            Self::Body => Self::Other,
            Self::Other => Self::Body,
        }
    }
}

/// Steps with which a block of these children may begin, or, turned round, end.
fn edge_steps<'a>(
    kind: &Kind,
    children: impl Iterator<Item = (&'a BTreeSet<u32>, bool)>,
) -> BTreeSet<u32> {
    let mut steps = BTreeSet::new();
    let (mut before_may_be_empty, mut is_first) = (true, true);
    for (own, may_be_empty) in children {
        let counts = match kind {
            Kind::Sequence => before_may_be_empty,
            Kind::Loop => is_first || before_may_be_empty,
            Kind::Silent | Kind::Step(_) | Kind::Choice | Kind::Parallel => true,
        };
        if counts {
            steps.extend(own);
        }
        // Of a loop, the others count where the body may be nothing.
        before_may_be_empty &= may_be_empty || (matches!(kind, Kind::Loop) && !is_first);
        is_first = false;
    }
    steps
}

/// The share of cases whose variants a tree accepts, from 0 to 1.
#[must_use]
pub fn fitting(tree: &Tree, variants: &Variants) -> Option<f64> {
    let replay = Replay::of(tree)?;
    let fits = variants.list.iter().filter(|v| replay.accepts(&v.trace)).map(|v| v.cases.len());
    Some(fits.sum::<usize>() as f64 / variants.of_case.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Tree::{Choice, Loop, Parallel, Sequence, Silent, Step};

    fn accepts(tree: &Tree, trace: &[u32]) -> bool {
        Replay::of(tree).expect("steps stand once").accepts(trace)
    }

    #[test]
    fn runs_of_each_block_and_nothing_else_are_accepted() {
        let tree = Sequence(vec![
            Step(1),
            Choice(vec![Silent, Step(2)]),
            Parallel(vec![Step(3), Step(4)]),
        ]);
        for run in [&[1, 2, 3, 4][..], &[1, 4, 3], &[1, 2, 4, 3]] {
            assert!(accepts(&tree, run), "{run:?}");
        }
        for other in [&[1, 3][..], &[2, 3, 4], &[1, 3, 2, 4], &[1, 2, 3, 4, 5], &[1, 3, 4, 4], &[]]
        {
            assert!(!accepts(&tree, other), "{other:?}");
        }
    }

    #[test]
    fn rounds_are_cut_wherever_they_fit() {
        // (1 2?) again and again, with 3 or nothing between.
        let body = Sequence(vec![Step(1), Choice(vec![Silent, Step(2)])]);
        let tree = Loop(vec![body, Choice(vec![Silent, Step(3)])]);
        for run in [&[1][..], &[1, 1], &[1, 2, 3, 1], &[1, 2, 1, 2, 1], &[1, 3, 1, 1, 2]] {
            assert!(accepts(&tree, run), "{run:?}");
        }
        for other in [&[2][..], &[1, 3], &[3, 1], &[1, 2, 2], &[1, 3, 3, 1], &[]] {
            assert!(!accepts(&tree, other), "{other:?}");
        }
        let silent_body = Loop(vec![Silent, Step(1), Step(2)]);
        assert!(accepts(&silent_body, &[]) && accepts(&silent_body, &[2, 1, 1]));
    }

    #[test]
    fn a_tree_with_a_step_twice_is_not_replayed() {
        assert!(Replay::of(&Sequence(vec![Step(1), Step(1)])).is_none());
    }
}

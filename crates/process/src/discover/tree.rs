//! Process trees: blocks of steps. How they are found is elsewhere.
use crate::log::Names;

/// A block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tree {
    /// Nothing happens.
    Silent,
    /// A step: entry of the log's activities.
    Step(u32),
    /// One after another.
    Sequence(Vec<Tree>),
    /// Exactly one of them.
    Choice(Vec<Tree>),
    /// All of them, in any order and interleaved.
    Parallel(Vec<Tree>),
    /// The first; then, as often as wanted, one of the others and the first again.
    Loop(Vec<Tree>),
}

impl Tree {
    /// The blocks inside.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        match self {
            Self::Silent | Self::Step(_) => &[],
            Self::Sequence(of) | Self::Choice(of) | Self::Parallel(of) | Self::Loop(of) => of,
        }
    }
    /// The steps inside, in order of their numbers.
    #[must_use]
    pub fn steps(&self) -> Vec<u32> {
        let mut steps = Vec::new();
        self.gather(&mut steps);
        steps.sort_unstable();
        steps
    }
    fn gather(&self, steps: &mut Vec<u32>) {
        if let Self::Step(step) = self {
            steps.push(*step);
        }
        self.children().iter().for_each(|child| child.gather(steps));
    }
    /// The tree in the usual notation: `->( 'a', X( tau, 'b' ) )`.
    #[must_use]
    pub fn text(&self, names: &Names) -> String {
        let sign = match self {
            Self::Silent => return "tau".to_owned(),
            Self::Step(step) => return format!("'{}'", names.text(*step)),
            Self::Sequence(_) => "->",
            Self::Choice(_) => "X",
            Self::Parallel(_) => "+",
            Self::Loop(_) => "*",
        };
        let inside: Vec<String> = self.children().iter().map(|child| child.text(names)).collect();
        format!("{sign}( {} )", inside.join(", "))
    }
    /// The same language in one form: blocks of one kind within each other joined, single children
    /// lifted, children that may stand in any order put in order.
    #[must_use]
    pub fn normal(self) -> Self {
        let flat = |of: Vec<Self>, own: fn(Self) -> Result<Vec<Self>, Self>| -> Vec<Self> {
            let inside = of.into_iter().map(Self::normal);
            inside.flat_map(|child| own(child).unwrap_or_else(|other| vec![other])).collect()
        };
        let one = |mut of: Vec<Self>, make: fn(Vec<Self>) -> Self| {
            if of.len() == 1 { of.swap_remove(0) } else { make(of) }
        };
        match self {
            Self::Silent | Self::Step(_) => self,
            Self::Sequence(of) => {
                let mut of = flat(of, |t| match t {
                    Self::Sequence(of) => Ok(of),
                    other => Err(other),
                });
                of.retain(|child| *child != Self::Silent);
                if of.is_empty() { Self::Silent } else { one(of, Self::Sequence) }
            }
            Self::Choice(of) => {
                let mut of = flat(of, |t| match t {
                    Self::Choice(of) => Ok(of),
                    other => Err(other),
                });
                of.sort_by_key(Self::first);
                of.dedup();
                one(of, Self::Choice)
            }
            Self::Parallel(of) => {
                let mut of = flat(of, |t| match t {
                    Self::Parallel(of) => Ok(of),
                    other => Err(other),
                });
                of.retain(|child| *child != Self::Silent);
                of.sort_by_key(Self::first);
                if of.is_empty() { Self::Silent } else { one(of, Self::Parallel) }
            }
            Self::Loop(of) => {
                let mut of: Vec<Self> = of.into_iter().map(Self::normal).collect();
                of[1..].sort_by_key(Self::first);
                Self::Loop(of)
            }
        }
    }
    /// What siblings are ordered by: silence first, then the lowest step inside.
    fn first(&self) -> Option<u32> {
        self.steps().first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_of_one_language_have_one_normal_form() {
        let step = Tree::Step;
        let a = Tree::Choice(vec![step(2), Tree::Choice(vec![step(1), Tree::Silent])]);
        let b = Tree::Sequence(vec![Tree::Choice(vec![Tree::Silent, step(1), step(2)])]);
        assert_eq!(a.normal(), b.normal());
        let a = Tree::Parallel(vec![step(3), Tree::Parallel(vec![step(2), step(1)])]);
        assert_eq!(a.normal(), Tree::Parallel(vec![step(1), step(2), step(3)]));
    }
}

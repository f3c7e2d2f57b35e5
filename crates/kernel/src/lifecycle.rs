//! Legal moves of a document as data: commands, greyed buttons, documentation and conformance.
use crate::{Done, Error, Result};

/// A document's state: an enum that knows its names.
pub trait State: Copy + PartialEq + 'static {
    /// The stored name.
    fn name(self) -> &'static str;
}

/// What a step is worth to the customer (process.md 5.10).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// The customer would pay for it.
    Value,
    /// Law or control wants it.
    Business,
    /// Waiting, rework, chasing.
    Waste,
}

/// One legal move.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    pub from: &'static str,
    /// What people say, imperative; the last part of the permission.
    pub verb: &'static str,
    pub to: &'static str,
    /// Named like the command: `sales.order.confirm`.
    pub permission: &'static str,
    pub class: Class,
    /// Who does it by default.
    pub role: &'static str,
    /// Default time allowed, in working minutes; 0 where none is agreed.
    pub sla_minutes: i64,
}

/// A document's table of moves.
#[derive(Clone, Copy, Debug)]
pub struct Lifecycle {
    /// The declared entity.
    pub entity: &'static str,
    /// Every state, in order; the first is the initial one.
    pub states: &'static [&'static str],
    pub moves: &'static [Move],
}

impl Lifecycle {
    /// Checks that `verb` leads from `from` to the `to` that the rule named.
    ///
    /// `Already` when the document stands in a target of `verb` and cannot take it again from
    /// there. Error: `state.not_allowed`.
    pub fn step<S: State>(&self, from: S, verb: &'static str, to: S) -> Result<Done<S>> {
        let of_verb = || self.moves.iter().filter(|m| m.verb == verb);
        if of_verb().any(|m| m.from == from.name() && m.to == to.name()) {
            return Ok(Done::Now(to));
        }
        let open_here = of_verb().any(|m| m.from == from.name());
        if !open_here && of_verb().any(|m| m.to == from.name()) {
            return Ok(Done::Already);
        }
        Err(self.refusal(from.name(), verb))
    }

    /// Why `verb` is closed in `state`, for the error and for the greyed button.
    #[must_use]
    pub fn refusal(&self, state: &str, verb: &str) -> Error {
        Error::conflict("state.not_allowed", self.entity).with("verb", verb).with("state", state)
    }

    /// The verbs open in a state, each once.
    #[must_use]
    pub fn open(&self, state: &str) -> Vec<&'static Move> {
        let mut open: Vec<&'static Move> = Vec::new();
        for step in self.moves.iter().filter(|m| m.from == state) {
            if !open.iter().any(|m| m.verb == step.verb) {
                open.push(step);
            }
        }
        open
    }

    /// Any move of a verb: where its permission is declared.
    #[must_use]
    pub fn verb(&self, verb: &str) -> Option<&'static Move> {
        self.moves.iter().find(|m| m.verb == verb)
    }
}

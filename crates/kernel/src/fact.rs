//! Facts: what happened, to which objects, by whom. Append-only; one stream for audit, outbox and
//! process log.
use crate::{ActorKind, Channel, Instant, Money, Source};
use sha2::{Digest as _, Sha256};

/// The name of something that happened: `object.past_tense`, declared once, never reused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Activity {
    pub name: &'static str,
    /// One sentence for `docs/facts.md`.
    pub says: &'static str,
}
impl Activity {
    #[must_use]
    pub const fn new(name: &'static str, says: &'static str) -> Self {
        Self { name, says }
    }
}

/// Where in a piece of work the fact stands (the XES lifecycle extension's names).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    Schedule,
    Assign,
    Start,
    Suspend,
    Resume,
    Complete,
    Abort,
    Return,
}
impl Phase {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Assign => "assign",
            Self::Start => "start",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Complete => "complete",
            Self::Abort => "abort",
            Self::Return => "return",
        }
    }
}

/// An object that a fact touches, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ObjectRef {
    pub kind: &'static str,
    pub id: i64,
    pub qualifier: &'static str,
}

/// An attribute's new value, kept for analysis that slices by it. Never a personal value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    pub kind: &'static str,
    pub id: i64,
    pub attr: &'static str,
    pub value: String,
}

/// One thing that happened. Built by [`crate::Ctx::fact`]; written by `store` at commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    pub activity: Activity,
    pub phase: Phase,
    /// Start and complete of one piece of work share it; 0 where it has only one fact.
    pub instance: i64,
    pub from_state: &'static str,
    pub to_state: &'static str,
    /// When it happened in the world.
    pub occurred_at: Instant,
    /// When we wrote it down.
    pub recorded_at: Instant,
    pub actor: i64,
    pub actor_kind: ActorKind,
    pub acting_for: i64,
    pub channel: Channel,
    pub source: Source,
    pub batch: i64,
    pub company: i64,
    pub reason: String,
    pub amount: Option<Money>,
    /// The amount in the company's base currency, minor units.
    pub amount_base: i64,
    pub decision: i64,
    pub cause: i64,
    pub objects: Vec<ObjectRef>,
    pub changes: Vec<Change>,
    /// Numbers, ids and codes that explain it; never personal values. Sorted by key when stored.
    pub attrs: Vec<(&'static str, String)>,
}

impl Fact {
    /// Adds an object that it touches. The first one is its subject: what `moved` moves.
    #[must_use]
    pub fn on(mut self, kind: &'static str, id: i64, qualifier: &'static str) -> Self {
        if id != 0 && !self.objects.iter().any(|o| (o.kind, o.id) == (kind, id)) {
            let qualifier = if self.objects.is_empty() { "subject" } else { qualifier };
            self.objects.push(ObjectRef { kind, id, qualifier });
        }
        self
    }
    #[must_use]
    pub fn moved(mut self, from: &'static str, to: &'static str) -> Self {
        (self.from_state, self.to_state) = (from, to);
        self
    }
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }
    #[must_use]
    pub fn worth(mut self, amount: Money, base: i64) -> Self {
        (self.amount, self.amount_base) = (Some(amount), base);
        self
    }
    #[must_use]
    pub fn decided(mut self, decision: i64) -> Self {
        self.decision = decision;
        self
    }
    #[must_use]
    pub fn attr(mut self, key: &'static str, value: impl ToString) -> Self {
        self.attrs.push((key, value.to_string()));
        self
    }
    /// Records an attribute's value on an object for later slicing.
    #[must_use]
    pub fn change(
        mut self,
        kind: &'static str,
        id: i64,
        attr: &'static str,
        value: impl ToString,
    ) -> Self {
        self.changes.push(Change { kind, id, attr, value: value.to_string() });
        self
    }
    #[must_use]
    pub const fn at(mut self, occurred_at: Instant) -> Self {
        self.occurred_at = occurred_at;
        self
    }
}

/// A SHA-256 over length-prefixed parts: two different lists of parts never share one.
#[derive(Default)]
pub struct Digest(Sha256);

impl Digest {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    pub fn text(&mut self, part: &str) -> &mut Self {
        self.bytes(part.as_bytes())
    }
    pub fn bytes(&mut self, part: &[u8]) -> &mut Self {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }
    pub fn number(&mut self, part: i64) -> &mut Self {
        self.0.update([1]);
        self.0.update(part.to_le_bytes());
        self
    }
    /// Lower-case hexadecimal.
    #[must_use]
    pub fn finish(self) -> String {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(64);
        for byte in self.0.finalize() {
            text.push(char::from(HEX[usize::from(byte >> 4)]));
            text.push(char::from(HEX[usize::from(byte & 15)]));
        }
        text
    }
}

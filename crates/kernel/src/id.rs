//! Typed 64-bit ids, ordered by the time they were recorded at.
use crate::{Error, Instant, Result};
use std::sync::atomic::{AtomicI64, Ordering};
use std::{fmt, marker::PhantomData};

/// `Id<Order>` never fits where an `Id<Invoice>` is asked for. Text in JSON (it exceeds 2⁵³).
pub struct Id<T>(i64, PhantomData<fn() -> T>);

impl<T> Id<T> {
    #[must_use]
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw, PhantomData)
    }
    #[must_use]
    pub const fn raw(self) -> i64 {
        self.0
    }
    /// Error: `id.invalid`.
    pub fn parse(text: &str) -> Result<Self> {
        let raw: std::result::Result<i64, _> = text.parse();
        match raw {
            Ok(raw) if raw > 0 => Ok(Self::from_raw(raw)),
            Ok(_) | Err(_) => Err(Error::invalid("id.invalid", text)),
        }
    }
}
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

const SEQ_BITS: u32 = 12;
const NODE_BITS: u32 = 10;
/// 2020-01-01 UTC in milliseconds: 41 bits last until 2089.
const EPOCH_MS: i64 = 1_577_836_800_000;

/// Makes ids: 41 bits of milliseconds, 10 of the leased node, 12 of sequence.
///
/// Its clock never goes back: when time does, ids go on from the last one.
#[derive(Debug)]
pub struct IdMaker {
    node: i64,
    /// Milliseconds and sequence of the next free id, packed.
    next: AtomicI64,
}

impl IdMaker {
    /// `last` is the greatest id that this node's lease has ever covered; new ids exceed it.
    #[must_use]
    pub fn new(node: i64, last: i64) -> Self {
        let ticks = (last >> (SEQ_BITS + NODE_BITS)) << SEQ_BITS;
        let next = if last == 0 { 0 } else { ticks + (1 << SEQ_BITS) };
        Self { node: node & ((1 << NODE_BITS) - 1), next: AtomicI64::new(next) }
    }

    /// Takes `count` ids at once.
    #[must_use]
    pub fn block(&self, now: Instant, count: i64) -> IdBlock {
        let floor = (now.millis() - EPOCH_MS).max(0) << SEQ_BITS;
        let step = |next: i64| Some(next.max(floor) + count);
        let before = self.next.fetch_update(Ordering::AcqRel, Ordering::Acquire, step);
        let first = before.unwrap_or_else(|next| next).max(floor);
        IdBlock { node: self.node, next: first, end: first + count }
    }
}

/// The least id that any maker makes from this moment on. (A maker whose clock went back still
/// makes greater ones.)
#[must_use]
pub fn first_id(at: Instant) -> i64 {
    (at.millis() - EPOCH_MS).max(0) << (NODE_BITS + SEQ_BITS)
}

/// A few ids in a row, for one command.
#[derive(Clone, Copy, Debug)]
pub struct IdBlock {
    node: i64,
    next: i64,
    end: i64,
}

impl IdBlock {
    /// The next id, or `None` when the block is used up.
    #[must_use]
    pub fn take(&mut self) -> Option<i64> {
        if self.next >= self.end {
            return None;
        }
        let packed = self.next;
        self.next += 1;
        let (millis, seq) = (packed >> SEQ_BITS, packed & ((1 << SEQ_BITS) - 1));
        Some((millis << (NODE_BITS + SEQ_BITS)) | (self.node << SEQ_BITS) | seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_is_less_than_the_first_of_its_moment() {
        let at = Instant(EPOCH_MS * 1000 + 86_400_000_000);
        let made = IdMaker::new(0, 0).block(at, 1).take().unwrap();
        assert_eq!(made, first_id(at));
        assert!(IdMaker::new(7, 0).block(at, 1).take().unwrap() > first_id(at));
        assert!(made < first_id(Instant(at.0 + 1000)));
    }

    #[test]
    fn ids_rise_even_when_the_clock_goes_back() {
        let maker = IdMaker::new(3, 0);
        let later = Instant(EPOCH_MS * 1000 + Instant::DAY);
        let mut last = 0;
        for at in [later, later, later.plus(-Instant::HOUR), later.plus(1000)] {
            let mut block = maker.block(at, 5000);
            while let Some(id) = block.take() {
                assert!(id > last, "{id} after {last}");
                last = id;
            }
        }
        let mut next = IdMaker::new(3, last).block(Instant(0), 1);
        assert!(next.take().is_some_and(|id| id > last));
    }
}

//! Interned texts: each text once, in the order of its first use. One arena, no text twice.
use rustc_hash::FxHasher;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A key that is a hash already.
#[derive(Default)]
pub struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        let mut hasher = FxHasher::default();
        hasher.write(bytes);
        self.0 = hasher.finish();
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

/// Texts by number and numbers by text.
#[derive(Debug, Default)]
pub struct Names {
    arena: String,
    ends: Vec<usize>,
    /// By hash; where two texts share one, the later lies at the next free number.
    table: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
}

impl Names {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
    /// The text of a number; empty for a number that was never given.
    #[must_use]
    pub fn text(&self, number: u32) -> &str {
        let at = number as usize;
        let Some(end) = self.ends.get(at) else { return "" };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.arena[start..*end]
    }
    /// The number of a text, given now if it has none yet.
    pub fn intern(&mut self, text: &str) -> u32 {
        let mut key = hash(text);
        while let Some(number) = self.table.get(&key) {
            if self.text(*number) == text {
                return *number;
            }
            key = key.wrapping_add(1);
        }
        let number = self.push(text);
        self.table.insert(key, number);
        number
    }
    /// The number of a text, if it has one.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        let mut key = hash(text);
        while let Some(number) = self.table.get(&key) {
            if self.text(*number) == text {
                return Some(*number);
            }
            key = key.wrapping_add(1);
        }
        None
    }
    /// Appends a text that is known to be new, without making it findable.
    pub fn push(&mut self, text: &str) -> u32 {
        let number = self.ends.len() as u32;
        self.arena.push_str(text);
        self.ends.push(self.arena.len());
        number
    }
    /// All texts, by number.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|number| self.text(number))
    }
    /// Numbers ordered by their texts; the place of each number in that order.
    #[must_use]
    pub fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.text(*a).cmp(self.text(*b)));
        let mut ranks = vec![0; self.len()];
        for (rank, number) in order.into_iter().enumerate() {
            ranks[number as usize] = rank as u32;
        }
        ranks
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_and_a_number_one_text() {
        let mut names = Names::default();
        assert_eq!((names.intern("pay"), names.intern("ship"), names.intern("pay")), (0, 1, 0));
        assert_eq!(
            (names.text(1), names.find("ship"), names.find("bill")),
            ("ship", Some(1), None)
        );
        assert_eq!((names.intern(""), names.text(2), names.text(9)), (2, "", ""));
        assert_eq!(names.ranks(), [1, 2, 0]);
    }
}

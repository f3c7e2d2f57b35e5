//! Columns that hardly change from one fact to the next, or hold few different numbers: a million
//! facts of them are some megabytes, and not eight bytes each.
use rustc_hash::FxHashMap;

/// A column as runs of equal numbers.
#[derive(Debug, Default)]
pub struct Runs {
    /// The first fact of each run, ascending.
    from: Vec<u32>,
    value: Vec<i64>,
}

impl Runs {
    /// Says the number of a fact; facts are told in order, and none is left out.
    pub fn push(&mut self, fact: usize, value: i64) {
        if self.value.last() != Some(&value) {
            self.from.push(fact as u32);
            self.value.push(value);
        }
    }
    /// The number of a fact; 0 where none was told.
    #[must_use]
    pub fn get(&self, fact: usize) -> i64 {
        let after = self.from.partition_point(|from| *from as usize <= fact);
        after.checked_sub(1).map_or(0, |at| self.value[at])
    }
    /// Runs with their first fact, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (usize, i64)> + '_ {
        self.from.iter().map(|from| *from as usize).zip(self.value.iter().copied())
    }
    /// The runs from a fact on, the first of them beginning there.
    pub(super) fn since(&self, fact: usize) -> (Vec<u32>, Vec<i64>) {
        let after = self.from.partition_point(|from| *from as usize <= fact);
        let first = after.saturating_sub(1);
        let from = self.from[first..].iter().map(|from| (*from).max(fact as u32)).collect();
        (from, self.value[first..].to_vec())
    }
    /// Appends runs that lie behind those that are known.
    pub(super) fn append(&mut self, from: &[u32], value: &[i64]) {
        for (from, value) in from.iter().zip(value) {
            self.push(*from as usize, *value);
        }
    }
    /// For asking in ascending order: each question is answered from where the last one was.
    #[must_use]
    pub const fn cursor(&self) -> Cursor<'_> {
        Cursor { runs: self, at: 0 }
    }
    pub(super) fn shrink(&mut self) {
        self.from.shrink_to_fit();
        self.value.shrink_to_fit();
    }
}

/// Where in a column the last question was.
#[derive(Debug)]
pub struct Cursor<'r> {
    runs: &'r Runs,
    at: usize,
}

impl Cursor<'_> {
    /// The number of a fact that is not before the last one asked for.
    pub fn get(&mut self, fact: usize) -> i64 {
        while self.runs.from.get(self.at + 1).is_some_and(|next| *next as usize <= fact) {
            self.at += 1;
        }
        self.runs.value.get(self.at).copied().unwrap_or(0)
    }
}

/// A column of few different numbers: each is kept once.
#[derive(Debug, Default)]
pub struct Few {
    known: Vec<i64>,
    number: FxHashMap<i64, u32>,
    pub(super) of: Vec<u32>,
}

impl Few {
    pub fn push(&mut self, value: i64) {
        let (known, next) = (&mut self.known, self.number.len() as u32);
        let number = *self.number.entry(value).or_insert_with(|| {
            known.push(value);
            next
        });
        self.of.push(number);
    }
    /// The number of a fact.
    #[must_use]
    pub fn get(&self, fact: usize) -> i64 {
        self.known[self.of[fact] as usize]
    }
    /// How many different ones there are.
    pub(super) const fn different(&self) -> usize {
        self.known.len()
    }
    /// Different ones from one on, as they were told.
    pub(super) fn since(&self, number: usize) -> &[i64] {
        &self.known[number..]
    }
    /// Appends different ones and who has them. `None` where a fact has one that is not known.
    pub(super) fn append(&mut self, known: &[i64], of: &[u32]) -> Option<()> {
        for value in known {
            self.number.insert(*value, self.known.len() as u32);
            self.known.push(*value);
        }
        self.of.extend_from_slice(of);
        of.iter().all(|number| (*number as usize) < self.known.len()).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_answer_for_every_fact_and_are_cut_and_joined_anywhere() {
        let values = [5, 5, 0, 0, 0, 7, 5, 5];
        let mut runs = Runs::default();
        values.iter().enumerate().for_each(|(fact, value)| runs.push(fact, *value));
        assert_eq!(runs.iter().collect::<Vec<_>>(), [(0, 5), (2, 0), (5, 7), (6, 5)]);
        let mut cursor = runs.cursor();
        for (fact, value) in values.iter().enumerate() {
            assert_eq!((runs.get(fact), cursor.get(fact)), (*value, *value), "fact {fact}");
        }
        for cut in 0..values.len() {
            let mut joined = Runs::default();
            values[..cut].iter().enumerate().for_each(|(fact, value)| joined.push(fact, *value));
            let (from, value) = runs.since(cut);
            assert_eq!(from[0] as usize, cut);
            joined.append(&from, &value);
            let read: Vec<i64> = (0..values.len()).map(|fact| joined.get(fact)).collect();
            assert_eq!(read, values, "cut at {cut}");
        }
        assert_eq!(Runs::default().get(3), 0);
    }

    #[test]
    fn few_numbers_are_kept_once() {
        let mut few = Few::default();
        [9, 4, 9, 9].into_iter().for_each(|value| few.push(value));
        assert_eq!(
            (few.of.as_slice(), few.since(0), few.get(3)),
            (&[0, 1, 0, 0][..], &[9, 4][..], 9)
        );
        let mut read = Few::default();
        assert_eq!(read.append(few.since(0), &few.of), Some(()));
        read.push(4);
        assert_eq!((read.get(4), read.different()), (4, 2));
        assert_eq!(Few::default().append(&[1], &[1]), None);
    }
}

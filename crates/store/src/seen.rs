//! Rows as a transaction last saw them: an update then writes only the columns that changed.
//!
//! A row's unchanged columns need no new index entries, and a row that did not change at all needs
//! no statement. What a hand-written statement changed meanwhile is not written over either.
use crate::Record;
use kernel::Stored;
use meta::Grade;
use rustc_hash::FxHashMap;

/// Cells by table (where its name lies) and id, in the order of the record's columns.
#[derive(Default)]
pub(crate) struct Seen {
    rows: FxHashMap<(usize, i64), Vec<Stored>>,
}

impl Seen {
    /// Masters are read often and written seldom: only those are kept that people search for, since
    /// a change must know which parts of their texts go.
    fn keeps<T: Record>() -> bool {
        let entity = T::entity();
        (matches!(entity.grade, Grade::Document | Grade::Line | Grade::Internal)
            || !entity.searched.is_empty())
            && T::columns().first() == Some(&"id")
    }

    /// A row as it was last seen.
    pub(crate) fn row<T: Record>(&self, id: &Stored) -> Option<&[Stored]> {
        let Stored::Int(id) = id else { return None };
        self.rows.get(&(T::entity().table.as_ptr().addr(), *id)).map(Vec::as_slice)
    }

    /// Keeps a row as it was read or inserted.
    pub(crate) fn keep<T: Record>(&mut self, cells: &[Stored]) {
        if let (true, Some(Stored::Int(id))) = (Self::keeps::<T>(), cells.first()) {
            self.rows.insert((T::entity().table.as_ptr().addr(), *id), cells.to_vec());
        }
    }

    /// Which columns differ from what was seen; `None` when the row was not seen. Takes the new
    /// cells for the next look, with the version that the update gives them.
    pub(crate) fn changed<T: Record>(&mut self, cells: &[Stored]) -> Option<u128> {
        let Some(Stored::Int(id)) = cells.first() else { return None };
        let old = self.rows.get_mut(&(T::entity().table.as_ptr().addr(), *id))?;
        let mut changed = 0;
        for (at, (old, new)) in old.iter_mut().zip(cells).enumerate() {
            if old != new {
                changed |= 1 << at;
                old.clone_from(new);
            }
            if T::columns()[at] == "version"
                && let Stored::Int(version) = old
            {
                *version += 1;
            }
        }
        Some(changed)
    }
}

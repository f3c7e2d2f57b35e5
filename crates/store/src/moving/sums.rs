//! Checksums of rows that do not depend on engine or order. Pure.
use kernel::Stored;
use sha2::{Digest as _, Sha256};

/// The rows of a table, added up.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Sum {
    pub(super) rows: u64,
    parts: [u64; 4],
}

impl Sum {
    pub(super) fn add(&mut self, row: &[Stored]) {
        let mut digest = Sha256::new();
        for cell in row {
            match cell {
                Stored::Null => digest.update([0]),
                Stored::Int(n) => {
                    digest.update([1]);
                    digest.update(n.to_le_bytes());
                }
                Stored::Text(text) => {
                    digest.update([2]);
                    digest.update((text.len() as u64).to_le_bytes());
                    digest.update(text.as_bytes());
                }
            }
        }
        self.rows += 1;
        for (part, bytes) in self.parts.iter_mut().zip(digest.finalize().chunks_exact(8)) {
            let mut eight = [0; 8];
            eight.copy_from_slice(bytes);
            *part = part.wrapping_add(u64::from_le_bytes(eight));
        }
    }

    pub(super) fn text(&self) -> String {
        self.parts.iter().map(|part| format!("{part:016x}")).collect()
    }
}

/// JSON in the one spelling that both engines give back: keys in order, no spaces.
pub(super) fn canonical(cell: &mut Stored) {
    if let Stored::Text(text) = cell
        && let Ok(value) = serde_json::from_str::<serde_json::Value>(text)
    {
        *text = value.to_string().into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(s: &str) -> Stored {
        Stored::text(s)
    }

    fn sum(rows: &[&[Stored]]) -> String {
        let mut sum = Sum::default();
        rows.iter().for_each(|row| sum.add(row));
        format!("{} {}", sum.rows, sum.text())
    }

    #[test]
    fn the_order_of_rows_does_not_matter_and_everything_else_does() {
        let (a, b) = ([Stored::Int(1), text("x")], [Stored::Int(2), text("y")]);
        assert_eq!(sum(&[&a, &b]), sum(&[&b, &a]));
        let crossed = ([Stored::Int(1), text("y")], [Stored::Int(2), text("x")]);
        assert_ne!(sum(&[&a, &b]), sum(&[&crossed.0, &crossed.1]));
        assert_ne!(sum(&[&a]), sum(&[&a, &a]));
        assert_ne!(sum(&[&[Stored::Null]]), sum(&[&[text("")]]));
        assert_ne!(sum(&[&[text("a"), text("")]]), sum(&[&[text(""), text("a")]]));
        assert_ne!(sum(&[&[text("1")]]), sum(&[&[Stored::Int(1)]]));
    }

    #[test]
    fn json_has_one_spelling() {
        let (mut one, mut two) =
            (text("{\"bb\": 1, \"a\": [1, \"中\"]}"), text("{\"a\":[1,\"中\"],\"bb\":1}"));
        canonical(&mut one);
        canonical(&mut two);
        assert_eq!(one, two);
        let mut broken = text("no json");
        canonical(&mut broken);
        assert_eq!(broken, text("no json"));
    }
}

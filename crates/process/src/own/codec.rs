//! Integers, texts and columns as bytes, little end first. Knows nothing of what they mean.

/// Bytes being written.
#[derive(Default)]
pub(super) struct Out(pub(super) Vec<u8>);

impl Out {
    pub(super) fn number(&mut self, n: i64) {
        self.0.extend_from_slice(&n.to_le_bytes());
    }
    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as i64);
        self.0.extend_from_slice(text.as_bytes());
    }
    pub(super) fn longs(&mut self, column: &[i64]) {
        self.number(column.len() as i64);
        column.iter().for_each(|n| self.0.extend_from_slice(&n.to_le_bytes()));
    }
    pub(super) fn words(&mut self, column: &[u32]) {
        self.number(column.len() as i64);
        column.iter().for_each(|n| self.0.extend_from_slice(&n.to_le_bytes()));
    }
    pub(super) fn shorts(&mut self, column: &[u16]) {
        self.number(column.len() as i64);
        column.iter().for_each(|n| self.0.extend_from_slice(&n.to_le_bytes()));
    }
    pub(super) fn bytes(&mut self, column: &[u8]) {
        self.number(column.len() as i64);
        self.0.extend_from_slice(column);
    }
}

/// Bytes being read; every answer is `None` past the end.
pub(super) struct In<'b> {
    left: &'b [u8],
}

impl<'b> In<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self { left: bytes }
    }
    fn part(&mut self, length: usize) -> Option<&'b [u8]> {
        let (part, rest) = self.left.split_at_checked(length)?;
        self.left = rest;
        Some(part)
    }
    pub(super) fn number(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.part(8)?.try_into().ok()?))
    }
    fn length(&mut self, width: usize) -> Option<usize> {
        usize::try_from(self.number()?).ok()?.checked_mul(width)
    }
    pub(super) fn text(&mut self) -> Option<&'b str> {
        let length = self.length(1)?;
        std::str::from_utf8(self.part(length)?).ok()
    }
    pub(super) fn longs(&mut self, into: &mut Vec<i64>) -> Option<()> {
        let length = self.length(8)?;
        let cells = self.part(length)?.as_chunks::<8>().0;
        into.extend(cells.iter().map(|c| i64::from_le_bytes(*c)));
        Some(())
    }
    pub(super) fn words(&mut self, into: &mut Vec<u32>) -> Option<()> {
        let length = self.length(4)?;
        let cells = self.part(length)?.as_chunks::<4>().0;
        into.extend(cells.iter().map(|c| u32::from_le_bytes(*c)));
        Some(())
    }
    pub(super) fn shorts(&mut self, into: &mut Vec<u16>) -> Option<()> {
        let length = self.length(2)?;
        let cells = self.part(length)?.as_chunks::<2>().0;
        into.extend(cells.iter().map(|c| u16::from_le_bytes(*c)));
        Some(())
    }
    pub(super) fn bytes(&mut self, into: &mut Vec<u8>) -> Option<()> {
        let length = self.length(1)?;
        let cells = self.part(length)?;
        into.extend_from_slice(cells);
        Some(())
    }
}

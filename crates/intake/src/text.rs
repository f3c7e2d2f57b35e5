//! Text as people's programs write it: encodings, separators, numbers, days. Knows no mapping.
pub(crate) mod days;
pub(crate) mod encoding;
pub(crate) mod numbers;
pub(crate) mod records;

//! The report of `huiliu mine`: everything that a log says of its process, as HTML and as JSON.
//!
//! [`Study`] does the counting; the two writers only write. The same log and the same language give
//! the same bytes. Nothing here reads a clock, so a report bears no date of its own.
mod findings;
mod html;
mod json;
mod layout;
mod sections;
mod study;
mod svg;
mod words;

pub use findings::{Finding, Kind};
pub use html::html;
pub use json::{SourceFacts, json};
pub use study::{LANE_ATTRIBUTES, Study, Wish, main_type};

/// The findings in one line each, ranked.
#[must_use]
pub fn headlines(study: &Study, lang: meta::words::Lang) -> Vec<String> {
    let words = words::Words(lang);
    study.findings.iter().map(|finding| sections::line(study, words, finding)).collect()
}

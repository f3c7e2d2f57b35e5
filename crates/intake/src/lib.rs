//! The import engine: detect, read, check every row, preview, apply in chunks, reconcile, undo.
//!
//! A mapping is data and says what a source's files hold; typed rows go through
//! `flows::history`, the one door of the past. Nothing is written before every row of every file
//! was found good. Deliberately absent: what a document is, and any SQL.
mod apply;
mod begin;
mod cell;
mod check;
mod detect;
mod draft;
mod export;
mod fault;
mod guess;
mod job;
mod journal;
mod mapping;
mod mappings;
mod note;
mod packed;
mod plan;
mod read;
mod report;
mod safe;
mod shown;
mod style;
mod sums;
mod survey;
mod synonyms;
mod table;
mod text;
mod undo;
mod vcard;
mod wanted;
mod workbook;

pub use apply::{Progress, apply};
pub use begin::{begin, begin_undo};
pub use draft::{Draft, Opener, learn, learnt};
pub use export::{
    Chosen, Format, ListExport, Titles, all_titles, entity as exported, export_chosen, export_list,
    template, template_tables,
};
pub use fault::{Fault, MOST_FAULTS};
pub use guess::{ColumnGuess, Guess, guess};
pub use job::{Reader, handler};
pub use journal::{JournalForm, export_journal};
pub use mapping::{Column, FileMap, Kind, Mapping, Role};
pub use mappings::{all as mappings, named, own_tables};
pub use note::{Difference, Note};
pub use plan::{Aim, KindCount, Plan, plan, plan_as};
pub use report::{Report, SumLine};
pub use style::{Asked, Assigned, DayOrder, Decimal, Edit, Encoding, Style};
pub use table::Source;
pub use undo::{UndoReport, undo};
pub use wanted::{MOST_EDITS, Wanted};

pub use flows::history::{
    BatchState, ImportBatch, ImportProgress, Known, LearntMapping, all_learnt, find_batch, known,
    progress,
};

//! Verbs of jobs: what people may do with work that goes on by itself.
use super::body::show;
use crate::Verb;
use kernel::Id;
use store::jobs;

const fn verb(name: &'static str, permission: &'static str, run: crate::verb::Run) -> Verb {
    Verb { entity: "job", name, permission, moves: false, takes: &[], lines: &[], run }
}

pub(super) static VERBS: &[Verb] = &[
    verb("retry", "store.job.retry", |cx, tx, id, _| {
        Ok(show(&jobs::retry(cx, tx, Id::from_raw(id))?, cx.base))
    }),
    verb("cancel", "store.job.cancel", |cx, tx, id, _| {
        Ok(show(&jobs::cancel(cx, tx, Id::from_raw(id))?, cx.base))
    }),
];

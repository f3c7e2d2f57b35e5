//! An import as a document: validated, being applied, applied, undone. Pure.
use super::facts;
use kernel::{
    Activity, Class, Ctx, Currency, Day, DocRef, Done, Error, Fact, Id, Instant, Lifecycle, Move,
    Rate, Result, names,
};

names! {
    pub enum BatchState {
        Validated = "validated",
        Applying = "applying",
        Applied = "applied",
        Undoing = "undoing",
        Undone = "undone",
    }
}

const APPLY: &str = "history.import.apply";
const UNDO: &str = "history.import.undo";

const fn mv(
    from: &'static str,
    verb: &'static str,
    to: &'static str,
    permission: &'static str,
    class: Class,
) -> Move {
    Move { from, verb, to, permission, class, role: "admin", sla_minutes: 0 }
}

pub static BATCH_LIFECYCLE: Lifecycle = Lifecycle {
    entity: "import_batch",
    states: BatchState::NAMES,
    moves: &[
        mv("validated", "apply", "applying", APPLY, Class::Business),
        mv("applying", "finish", "applied", APPLY, Class::Business),
        mv("validated", "undo", "undoing", UNDO, Class::Waste),
        mv("applying", "undo", "undoing", UNDO, Class::Waste),
        mv("applied", "undo", "undoing", UNDO, Class::Waste),
        mv("undoing", "clear", "undone", UNDO, Class::Waste),
    ],
};

/// An import of one company from one source.
#[derive(Clone, Debug)]
pub struct ImportBatch {
    pub id: Id<ImportBatch>,
    pub version: i64,
    pub company: i64,
    /// The mapping's name.
    pub source: String,
    pub state: BatchState,
    /// The currency of the files' amounts.
    pub currency: Currency,
    /// Base units per unit of `currency`; 0 when nobody said.
    pub rate: Rate,
    /// Name, rows and digest of each file, as JSON.
    pub files: String,
    /// Over all files, whatever their order.
    pub digest: String,
    pub rows: i64,
    /// The earliest day in the files: that of facts without one.
    pub earliest: Option<Day>,
    /// The day after the files' last day: what is open then is opened in our books.
    pub cut_over: Option<Day>,
    pub started_by: i64,
    pub validated_at: Option<Instant>,
    pub applied_at: Option<Instant>,
    pub undone_at: Option<Instant>,
    /// Counts, sums and differences, as JSON.
    pub report: String,
}

/// What a new import says.
#[derive(Clone, Debug)]
pub struct NewBatch {
    pub source: String,
    pub currency: Currency,
    pub rate: Rate,
    pub files: String,
    pub digest: String,
    pub rows: i64,
    pub earliest: Option<Day>,
    pub cut_over: Option<Day>,
}

#[derive(Clone, Debug)]
pub struct ImportProgress {
    /// The batch's.
    pub id: Id<ImportProgress>,
    pub rows_total: i64,
    pub rows_done: i64,
    pub chunks: i64,
    pub updated_at: Instant,
}

#[derive(Clone, Debug)]
pub struct ExternalRef {
    pub id: Id<ExternalRef>,
    pub source: String,
    pub key: String,
    pub kind: String,
    pub company: i64,
    pub row_hash: String,
    pub object_type: String,
    pub object_id: i64,
    pub batch_id: i64,
}

impl ImportBatch {
    /// A batch whose files were checked whole.
    #[must_use]
    pub fn new(cx: &Ctx, new: &NewBatch) -> Self {
        Self {
            id: cx.id(),
            version: 1,
            company: cx.company,
            source: new.source.clone(),
            state: BatchState::Validated,
            currency: new.currency,
            rate: new.rate,
            files: new.files.clone(),
            digest: new.digest.clone(),
            rows: new.rows,
            earliest: new.earliest,
            cut_over: new.cut_over,
            started_by: cx.user,
            validated_at: Some(cx.now),
            applied_at: None,
            undone_at: None,
            report: "{}".into(),
        }
    }
    #[must_use]
    pub const fn doc(&self) -> DocRef {
        DocRef { kind: "import_batch", id: self.id.raw() }
    }
    /// A fact about the import itself: the person who runs it did it, now.
    #[must_use]
    pub fn fact(&self, cx: &Ctx, activity: Activity) -> Fact {
        let mut fact = cx.fact(activity).on("import_batch", self.id.raw(), "batch");
        fact.batch = self.id.raw();
        fact.company = self.company;
        fact.attr("source_system", &self.source)
    }

    fn go(
        &mut self,
        cx: &Ctx,
        verb: &'static str,
        to: BatchState,
        by: Activity,
    ) -> Result<Done<Fact>> {
        let from = self.state;
        let Done::Now(next) = BATCH_LIFECYCLE.step(from, verb, to)? else {
            return Ok(Done::Already);
        };
        self.state = next;
        Ok(Done::Now(self.fact(cx, by).moved(from.name(), next.name())))
    }
    /// The first row is about to be written.
    pub fn apply(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        self.go(cx, "apply", BatchState::Applying, facts::STARTED)
    }
    /// The last row is written.
    pub fn finish(&mut self, cx: &Ctx, report: &str) -> Result<Done<Fact>> {
        let done = self.go(cx, "finish", BatchState::Applied, facts::APPLIED)?;
        if matches!(done, Done::Now(_)) {
            self.applied_at = Some(cx.now);
            report.clone_into(&mut self.report);
        }
        Ok(done)
    }
    /// Its rows are about to be removed.
    pub fn undo(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        if self.state == BatchState::Undone {
            return Ok(Done::Already);
        }
        self.go(cx, "undo", BatchState::Undoing, facts::UNDO_STARTED)
    }
    /// None of its rows is left.
    pub fn clear(&mut self, cx: &Ctx) -> Result<Done<Fact>> {
        let done = self.go(cx, "clear", BatchState::Undone, facts::UNDONE)?;
        if matches!(done, Done::Now(_)) {
            self.undone_at = Some(cx.now);
        }
        Ok(done)
    }

    /// An amount of the batch's currency in the company's; 0 where no rate is known.
    #[must_use]
    pub fn base(&self, amount: i64) -> i64 {
        kernel::in_base(amount, self.currency, self.rate)
    }
    /// Error: `import.rate_needed` when amounts must be told in base currency and none was given.
    pub fn needs_rate(&self) -> Result<()> {
        if self.rate.is_zero() {
            return Err(Error::invalid("import.rate_needed", self.currency));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn an_import_goes_its_way_once_and_can_be_given_up_half_way() -> Result<()> {
        let maker = Arc::new(kernel::IdMaker::new(1, 0));
        let cx = Ctx::system(1, Instant(Instant::DAY * 20_000), maker);
        let new = NewBatch {
            source: "northwind".into(),
            currency: Currency::USD,
            rate: Rate::whole(7),
            files: "[]".into(),
            digest: "d".into(),
            rows: 1,
            earliest: None,
            cut_over: None,
        };
        let mut batch = ImportBatch::new(&cx, &new);
        assert_eq!(batch.base(100), 700);
        assert!(matches!(batch.apply(&cx)?, Done::Now(f) if f.batch == batch.id.raw()));
        assert_eq!(batch.apply(&cx)?, Done::Already);
        let mut half = batch.clone();
        assert!(matches!(half.undo(&cx)?, Done::Now(_)));
        assert!(matches!(batch.finish(&cx, "{}")?, Done::Now(_)));
        assert_eq!(batch.clear(&cx).map_err(|e| e.code), Err("state.not_allowed"));
        assert!(matches!(batch.undo(&cx)?, Done::Now(_)));
        assert!(matches!(batch.clear(&cx)?, Done::Now(_)));
        assert_eq!(batch.undo(&cx)?, Done::Already);
        Ok(())
    }
}

//! Targets of figures: what they ought to be, who answers for them, and that they were missed. How
//! a figure is computed is `process`'s business.
use crate::entities::KPI_TARGET;
use crate::facts;
use kernel::{Ctx, Id, Qty, Result};
use store::{Tx, find};

#[derive(Clone, Debug)]
pub struct KpiTarget {
    pub id: Id<KpiTarget>,
    pub version: i64,
    /// The figure's id in the catalogue.
    pub kpi: String,
    /// In the figure's unit; money in its major unit.
    pub target: Qty,
    pub owner: i64,
    pub note: String,
    /// What was told last, so that nothing is told twice.
    pub told: String,
}
store::record!(KpiTarget => KPI_TARGET { id, version, kpi, target, owner, note, told });

/// All targets, by figure.
pub fn all(tx: &mut Tx) -> Result<Vec<KpiTarget>> {
    tx.list(find!(KpiTarget, "kpi <> '' ORDER BY kpi"), &[])
}

/// Tells the owner that a figure missed its target, or left its limits; once for each `what`.
pub fn miss(cx: &Ctx, tx: &mut Tx, id: Id<KpiTarget>, what: &str) -> Result<()> {
    let mut target = tx.lock(id)?;
    if target.told == what {
        return Ok(());
    }
    what.clone_into(&mut target.told);
    let fact = cx.fact(facts::KPI_MISSED).on("kpi_target", target.id.raw(), "subject");
    let reason = what.split(':').next().unwrap_or(what);
    tx.tell(fact.on("user", target.owner, "owner").because(reason));
    tx.update(&[target]);
    Ok(())
}

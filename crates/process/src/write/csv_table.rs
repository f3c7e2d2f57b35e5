//! CSV: a row for each event of one object type's traces.
use super::unwritable;
use crate::log::{Flat, Log, NO_TIME, NONE, time};
use kernel::{Error, Result};
use std::io::Write;

/// Writes the rows, case by case. Error: `export.cannot_write`.
pub fn csv(log: &Log, flat: &Flat, out: &mut dyn Write) -> Result<()> {
    let broken = |e: csv::Error| Error::conflict("export.cannot_write", e);
    let mut table = csv::Writer::from_writer(out);
    let head = ["case_id", "activity", "start_time", "end_time", "resource"];
    let names = log.attributes.iter().map(|a| a.name.as_str());
    table.write_record(head.into_iter().chain(names)).map_err(broken)?;
    let instant = |at: i64| if at == NO_TIME { String::new() } else { time::iso(at) };
    for (case, trace) in flat.traces().enumerate() {
        for event in trace {
            let at = *event as usize;
            let (start, end) = (instant(log.events.start[at]), instant(log.events.end[at]));
            let own = [
                flat.name(log, case),
                log.activities.text(log.events.activity[at]),
                &start,
                &end,
                log.resources.text(log.events.resource[at]),
            ];
            let further = log.attributes.iter().map(|a| match a.of(*event) {
                NONE => "",
                value => log.values.text(value),
            });
            table.write_record(own.into_iter().chain(further)).map_err(broken)?;
        }
    }
    table.flush().map_err(|e| unwritable(&e))
}

//! A verb as the API sees it: what it takes, what permission it needs, what it runs.
use kernel::{Ctx, Result};
use meta::Field;
use serde_json::Value;
use store::Tx;

/// One entry of the API's command routes.
pub struct Verb {
    /// The declared entity.
    pub entity: &'static str,
    /// `create`, or a verb of its lifecycle.
    pub name: &'static str,
    pub permission: &'static str,
    /// Moves money or goods: an `Idempotency-Key` is required.
    pub moves: bool,
    /// Fields of the body.
    pub takes: &'static [Field],
    /// Fields of each element of `lines`; empty where there are none.
    pub lines: &'static [Field],
    /// Takes the id (0 for `create`) and the body; gives what the reply shows.
    pub run: Run,
}

/// The function behind a verb.
pub(crate) type Run = fn(&Ctx, &mut Tx, i64, &Value) -> Result<Value>;

/// Runs a verb by name, as the API, the simulator and the matrices do.
///
/// Error: `verb.unknown`.
pub fn run_as(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &str,
    name: &str,
    id: i64,
    body: &Value,
) -> Result<Value> {
    let found = crate::verbs().find(|v| v.entity == entity && v.name == name);
    let verb = found
        .ok_or_else(|| kernel::Error::not_found("verb.unknown", name).with("entity", entity))?;
    cx.allow(verb.permission)?;
    (verb.run)(cx, tx, id, body)
}

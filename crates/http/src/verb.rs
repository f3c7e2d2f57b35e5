//! A verb as `flows` declares it. Moves there as soon as that crate stands.
use kernel::{Ctx, Result};
use serde_json::Value as Json;
use store::Tx;

/// The function behind a verb.
pub(crate) type Run = fn(&Ctx, &mut Tx, i64, &Json) -> Result<Json>;

/// One verb of one entity.
pub struct Verb {
    pub entity: &'static str,
    /// `create`, or a verb of the lifecycle.
    pub name: &'static str,
    pub permission: &'static str,
    /// Does it move money or goods? Then it needs an `Idempotency-Key`.
    pub moves: bool,
    pub takes: &'static [meta::Field],
    /// Fields of each element of `lines`; none where it takes no lines.
    pub lines: &'static [meta::Field],
    pub run: Run,
}

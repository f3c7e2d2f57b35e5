//! Words that every room shares: ids, money, quantities, time, errors, facts, lifecycles.
//!
//! No I/O, no async, no clock: time, ids and who acts come in through [`Ctx`].
pub mod calendar;
mod china_days;
mod ctx;
mod currency;
mod doc;
mod error;
mod fact;
mod id;
mod lifecycle;
mod money;
mod number;
mod rights;
mod stored;
mod time;

pub use ctx::{ActorKind, Channel, Ctx, Grant, Looked, ScopeKind, Source, covers};
pub use currency::Currency;
pub use doc::{DocRef, Done};
pub use error::{Error, Kind, Result};
pub use fact::{Activity, Change, Digest, Fact, ObjectRef, Phase};
pub use id::{Id, IdBlock, IdMaker, first_id};
pub use lifecycle::{Class, Lifecycle, Move, State};
pub use money::{Money, PriceBasis, in_base, line_money, portion, share};
pub use number::{Price, Qty, Rate, div_round};
pub use rights::{Bounds, Duty, EntityReach, FieldRule, Secrecy, Sight};
pub use stored::{Cell, Stored, Text, said};
pub use time::{Day, Instant, Zone};

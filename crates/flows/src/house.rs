//! The whole house as data: every entity, activity and lifecycle, in building order.
use kernel::{Activity, Lifecycle};
use meta::Entity;

/// Every declared entity; referred ones before those that refer to them.
#[must_use]
pub fn entities() -> Vec<&'static Entity> {
    let rooms: [&[&'static Entity]; 14] = [
        store::ENTITIES,
        access::entities::ENTITIES,
        party::entities::ENTITIES,
        product::entities::ENTITIES,
        ledger::entities::ENTITIES,
        policy::entities::ENTITIES,
        terms::entities::ENTITIES,
        crm::entities::ENTITIES,
        sales::entities::ENTITIES,
        stock::entities::ENTITIES,
        finance::entities::ENTITIES,
        connect::ENTITIES,
        crate::history::ENTITIES,
        crate::jobs::ENTITIES,
    ];
    rooms.concat()
}

/// Every activity with the room that reports it; names are unique but where rooms share one.
#[must_use]
pub fn activities() -> Vec<(&'static str, Activity)> {
    let rooms: [(&'static str, &[Activity]); 15] = [
        ("access", access::facts::FACTS),
        ("party", party::facts::FACTS),
        ("product", product::facts::FACTS),
        ("ledger", ledger::facts::FACTS),
        ("policy", policy::facts::FACTS),
        ("terms", terms::facts::FACTS),
        ("crm", crm::facts::FACTS),
        ("sales", sales::facts::FACTS),
        ("stock", stock::facts::FACTS),
        ("finance", finance::facts::FACTS),
        ("flows", crate::history::FACTS),
        ("store", store::custom::FACTS),
        ("flows", crate::jobs::FACTS),
        ("store", store::jobs::FACTS),
        ("connect", connect::facts::FACTS),
    ];
    let of = |(room, facts): (&'static str, &'static [Activity])| {
        facts.iter().map(move |fact| (room, *fact))
    };
    rooms.into_iter().flat_map(of).collect()
}

/// Every lifecycle.
#[must_use]
pub fn lifecycles() -> Vec<&'static Lifecycle> {
    entities().into_iter().filter_map(|e| e.lifecycle).collect()
}

//! Talk, tasks and the people of a row: there for whoever may read it, and nobody else is offered.
use super::{Looker, World, doors};
use crate::house::each;
use meta::Entity;
use serde_json::json;

/// Rows of an entity that are asked for: some that many see, and some that few do.
const ROWS: usize = 4;

fn reads(world: &World, who: &Looker, entity: &Entity, id: &str) -> bool {
    let allowed = world.allowed(who, entity, &entity.permission("read"));
    allowed.is_some_and(|all| all.contains(id))
}

#[test]
fn a_row_is_talked_about_by_its_readers_and_they_alone_are_called() {
    each(|house| {
        let world = World::new(house)?;
        let (mut open, mut closed, mut called, mut left_out) = (0, 0, 0, 0);
        for entity in doors::listed(&world) {
            let rows = world.rows.get(entity.name).map_or(&[][..], Vec::as_slice);
            for row in rows.iter().take(ROWS) {
                let at = |rest: &str| format!("/api/v1/{}/{}/{rest}", entity.collection, row.id);
                let mut reader = None;
                for who in &world.lookers {
                    let may = reads(&world, who, entity, &row.id);
                    for rest in ["comments", "tasks", "people"] {
                        let reply = world.ask(who, "GET", &at(rest), None);
                        let place = format!("{} {}: {}", who.login, at(rest), reply.body);
                        assert_eq!(reply.status == 200, may, "{place}");
                        assert!(may || !reply.body.to_string().contains("name"), "{place}");
                    }
                    if may {
                        (open, reader) = (open + 1, reader.or(Some(who)));
                    } else {
                        closed += 1;
                        let said =
                            world.ask(who, "POST", &at("comments"), Some(&json!({ "text": "?" })));
                        assert!(said.status >= 400, "{} {}", who.login, at("comments"));
                    }
                }
                let Some(reader) = reader else { continue };
                for other in &world.lookers {
                    let found =
                        world.ask(reader, "GET", &at(&format!("people?q={}", other.login)), None);
                    let offered = found.ids().contains(other.cx.user.to_string().as_str());
                    let may = reads(&world, other, entity, &row.id);
                    assert_eq!(offered, may, "{} of {}: {}", other.login, at("people"), found.body);
                    called += usize::from(may);
                    left_out += usize::from(!may);
                }
            }
        }
        println!("{open} open, {closed} closed, {called} called, {left_out} not");
        // A world in which everybody read everything would prove nothing.
        assert!(open > 100 && closed > 100 && called > 50 && left_out > 50, "{open} {closed}");
        Ok(())
    });
}

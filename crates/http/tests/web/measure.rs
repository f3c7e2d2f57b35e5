//! Figures and the process over HTTP: who may look, what is refused, what comes back.
use crate::house::House;
use serde_json::Value as Json;

const ALL: &[&str] = &[
    "/api/v1/kpis",
    "/api/v1/kpis/otif",
    "/api/v1/kpis/otif/cases?from=2026-03-01&until=2026-04-01",
    "/api/v1/process/map",
    "/api/v1/process/variants",
    "/api/v1/process/cases",
    "/api/v1/process/findings",
];

#[test]
fn whoever_may_not_see_all_of_the_company_sees_none_of_its_figures() {
    let house = House::new();
    for path in ALL {
        assert_eq!(house.send("GET", path, &[], None).status, 401, "{path}");
        let reply = house.ask("li.lei", "GET", path, None);
        assert_eq!((reply.status, reply.code()), (403, "access.forbidden".into()), "{path}");
    }
}

#[test]
fn an_administrator_gets_figures_map_and_findings_and_wrong_questions_are_refused() {
    let house = House::new();
    let ask = |path: &str| house.ask("boss", "GET", path, None);
    for path in ALL {
        let reply = ask(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    }
    let board = ask("/api/v1/kpis?grain=week&count=3").json();
    let kpis = board["kpis"].as_array().expect("KPIs");
    assert!(kpis.len() > 50, "{}", kpis.len());
    let is_whole = |k: &Json| k["cells"].as_array().is_some_and(|cells| cells.len() == 3);
    assert!(kpis.iter().all(is_whole));
    assert!(board["seq"].as_i64().expect("a seal") > 0, "a figure says as of which seal it is");
    for (path, status, code) in [
        ("/api/v1/kpis?grain=year", 422, "kpi.no_such_grain"),
        ("/api/v1/kpis?count=61", 422, "kpi.too_many_periods"),
        ("/api/v1/kpis/nothing", 404, "kpi.not_found"),
        ("/api/v1/kpis/otif/cases", 422, "day.invalid"),
        ("/api/v1/process/map?case=planet", 422, "log.no_such_type"),
        ("/api/v1/process/map?from=tomorrow", 422, "day.invalid"),
        ("/api/v1/process/map?dimension=colour&value=red", 422, "kpi.no_such_dimension"),
    ] {
        let reply = ask(path);
        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{path}");
    }
}

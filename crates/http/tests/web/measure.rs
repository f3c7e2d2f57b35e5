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
    "/api/v1/process/faults",
    "/api/v1/process/logs",
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

#[test]
fn a_log_of_another_system_is_kept_looked_at_and_thrown_away() {
    let house = House::new();
    let table = "case,activity,time\nA-1,Enter,2026-03-01 09:00\nA-1,Ship,2026-03-02 09:00\n";
    let send = |login: &str, body: &str| {
        let bearer = format!("Bearer {}", house.token(login));
        let headers = [("authorization", bearer.as_str()), ("huiliu-file", "other%20system.csv")];
        house.raw("POST", "/api/v1/process/logs", &headers, body.as_bytes().to_vec())
    };
    assert_eq!(send("li.lei", table).status, 403);
    let told = send("boss", table);
    assert_eq!(told.status, 201, "{}", told.text);
    let told = told.json();
    assert_eq!(
        (told["name"].as_str(), told["cases"].as_u64()),
        (Some("other system.csv"), Some(1))
    );
    let id = told["id"].as_str().expect("an id").to_owned();
    let ask = |path: &str| house.ask("boss", "GET", path, None);
    let map = ask(&format!("/api/v1/process/map?log={id}&activities=1&paths=1")).json();
    assert_eq!(map["edges"][0]["median"], 86_400.0);
    assert_eq!(ask(&format!("/api/v1/process/variants?log={id}")).json()["count"], 1);
    let cases = ask(&format!("/api/v1/process/cases?log={id}")).json();
    assert_eq!(cases["rows"][0]["number"], "A-1");
    assert!(ask(&format!("/api/v1/process/logs/{id}/report")).text.contains("other system.csv"));
    assert!(send("boss", "nothing,here\n").code().starts_with("log."));
    let remove = format!("/api/v1/process/logs/{id}/remove");
    assert_eq!(house.ask("li.lei", "POST", &remove, None).status, 403);
    assert_eq!(house.ask("boss", "POST", &remove, None).status, 200);
    let gone = ask(&format!("/api/v1/process/map?log={id}"));
    assert_eq!((gone.status, gone.code()), (404, "log.not_kept".into()));
}

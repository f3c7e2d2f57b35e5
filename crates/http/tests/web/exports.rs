//! Lists as tables: the reader's rows only, as they were asked for, and nothing that would run.
use crate::house::House;

fn csv(house: &House, login: &str, asked: &str) -> Vec<String> {
    let path = format!("/api/v1/orders/export?format=csv&{asked}");
    let reply = house.ask(login, "GET", &path, None);
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    assert!(reply.header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
    reply.text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect()
}

#[test]
fn a_table_holds_the_rows_of_its_readers_scope_by_filter_order_and_columns() {
    let house = House::new();
    let party = house.party("ACME");
    for (login, number) in [("li.lei", "SO-1"), ("li.lei", "SO-2"), ("han.meimei", "SO-3")] {
        house.order(login, number, &party);
    }
    let all = csv(&house, "boss", "fields=number,party&sort=number&lang=en");
    assert_eq!(all.len(), 4, "{all:?}");
    assert!(all[1].starts_with("SO-1,") && all[1].len() > "SO-1,".len(), "{all:?}");
    // References are names, not ids.
    assert!(!all[1].contains(&party), "{all:?}");
    let own = csv(&house, "li.lei", "fields=number&sort=-number");
    assert_eq!(own[1..], ["SO-2", "SO-1"]);
    let some = csv(&house, "boss", "fields=number&filter=number:eq:SO-3");
    assert_eq!(some[1..], ["SO-3"]);
    // States are told in the reader's words.
    let state = csv(&house, "boss", "fields=state&filter=number:eq:SO-3&lang=en");
    assert_eq!(state, ["State", "Draft"]);
}

#[test]
fn a_cell_that_a_spreadsheet_would_run_is_text() {
    let house = House::new();
    let party = house.party("ACME");
    house.order("li.lei", "=1+1", &party);
    let rows = csv(&house, "li.lei", "fields=number");
    assert_eq!(rows[1], "'=1+1");
    let path = "/api/v1/orders/export?format=xlsx&fields=number";
    let book = house.ask("li.lei", "GET", path, None);
    assert!(book.status == 200 && book.text.starts_with("PK"), "{}", book.status);
}

#[test]
fn what_cannot_be_taken_out_is_refused() {
    let house = House::new();
    for (login, asked, code) in [
        ("nobody", "format=csv", "access.forbidden"),
        ("boss", "format=pdf", "export.format"),
        ("boss", "fields=no_such", "field.unknown"),
        ("boss", "filter=gross:near:1", "filter.unknown_op"),
    ] {
        let path = format!("/api/v1/orders/export?{asked}");
        let reply = house.ask(login, "GET", &path, None);
        assert_eq!(reply.code(), code, "{asked}: {}", reply.text);
    }
}

//! Files on rows: who may hang one, who may have it, and in what clothes it leaves.
use crate::house::House;

const PDF: &[u8] = b"%PDF-1.7 a delivery note";

fn send(house: &House, login: &str, path: &str, name: &str, body: &[u8]) -> crate::house::Reply {
    let bearer = format!("Bearer {}", house.token(login));
    let headers = [("authorization", bearer.as_str()), ("huiliu-file", name)];
    house.raw("POST", path, &headers, body.to_vec())
}

#[test]
fn a_file_hangs_on_its_row_and_is_handed_out_as_a_download_only() {
    let house = House::new();
    let party = house.party("ACME");
    let order = house.order("li.lei", "SO-1", &party);
    let path = format!("/api/v1/orders/{order}/files");
    let name = "%E9%80%81%E8%B4%A7%E5%8D%95.pdf";
    let made = send(&house, "li.lei", &path, name, PDF);
    assert_eq!((made.status, &made.json()["name"]), (201, &"送货单.pdf".into()), "{}", made.text);
    assert_eq!(made.json()["media"], "application/pdf");
    let page = send(&house, "li.lei", &path, "x.html", b"<script>alert(1)</script>");
    assert_eq!(page.json()["media"], "text/plain");
    let listed = house.ask("boss", "GET", &path, None).json();
    assert_eq!(listed["rows"].as_array().map(Vec::len), Some(2));
    for (file, bytes) in [(&made, PDF), (&page, &b"<script>alert(1)</script>"[..])] {
        let one = format!("{path}/{}", file.json()["id"].as_str().unwrap());
        let got = house.ask("li.lei", "GET", &one, None);
        assert_eq!(got.text.as_bytes(), bytes);
        assert_eq!(got.header("content-type"), "application/octet-stream");
        assert!(got.header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert_eq!(got.header("content-security-policy"), "default-src 'none'; sandbox");
    }
}

#[test]
fn files_are_reached_through_their_own_row_and_its_scope_only() {
    let house = House::new();
    let party = house.party("ACME");
    let (mine, hers) =
        (house.order("li.lei", "SO-1", &party), house.order("han.meimei", "SO-2", &party));
    let path = |order: &str| format!("/api/v1/orders/{order}/files");
    let file = send(&house, "li.lei", &path(&mine), "a.pdf", PDF).json();
    let file = file["id"].as_str().unwrap();
    let of = |login: &str, path: &str| house.ask(login, "GET", path, None);
    assert_eq!(of("han.meimei", &path(&mine)).code(), "store.not_found");
    assert_eq!(of("han.meimei", &format!("{}/{file}", path(&mine))).code(), "store.not_found");
    // Another row that she may see does not lead to it.
    assert_eq!(of("han.meimei", &format!("{}/{file}", path(&hers))).code(), "store.not_found");
    assert_eq!(send(&house, "han.meimei", &path(&mine), "b.pdf", PDF).code(), "store.not_found");
    assert_eq!(send(&house, "nobody", &path(&mine), "b.pdf", PDF).code(), "access.forbidden");
    assert_eq!(of("nobody", &path(&mine)).code(), "access.forbidden");
    assert_eq!(of("li.lei", &format!("{}/{file}", path(&mine))).status, 200);
}

#[test]
fn what_is_too_large_empty_or_nameless_is_refused() {
    let house = House::new();
    let party = house.party("ACME");
    let path = format!("/api/v1/orders/{}/files", house.order("li.lei", "SO-1", &party));
    assert_eq!(send(&house, "li.lei", &path, "a.pdf", b"").code(), "file.empty");
    assert_eq!(send(&house, "li.lei", &path, "../..", PDF).code(), "file.name");
    let large = vec![b'x'; connect::files::LARGEST + 1];
    assert_eq!(send(&house, "li.lei", &path, "a.txt", &large).status, 413);
    // Of any other address the smaller limit holds.
    let body = vec![b' '; 2 * 1024 * 1024];
    let bearer = format!("Bearer {}", house.token("li.lei"));
    let headers = [("authorization", bearer.as_str()), ("huiliu-file", "a")];
    assert_eq!(house.raw("POST", "/api/v1/orders", &headers, body).status, 413);
    let listed = house.ask("li.lei", "GET", &path, None).json();
    assert_eq!(listed["rows"].as_array().map(Vec::len), Some(0));
}

#[test]
fn another_site_hangs_nothing_on_a_row_with_our_cookie() {
    let house = House::new();
    let party = house.party("ACME");
    let path = format!("/api/v1/orders/{}/files", house.order("li.lei", "SO-1", &party));
    let cookie = format!("hl_sid={}", house.token("li.lei"));
    let send = |more: &[(&str, &str)]| {
        let mut headers = vec![("cookie", cookie.as_str())];
        headers.extend_from_slice(more);
        house.raw("POST", &path, &headers, PDF.to_vec())
    };
    let own = [("sec-fetch-site", "same-origin"), ("huiliu-file", "a.pdf")];
    assert_eq!(send(&own).status, 201);
    let foreign = [("sec-fetch-site", "cross-site"), ("huiliu-file", "a.pdf")];
    assert_eq!(send(&foreign).code(), "request.cross_site");
    // A form of another site sets no header of its own.
    let form = [("content-type", "multipart/form-data")];
    assert_eq!(send(&form).code(), "request.not_json");
}

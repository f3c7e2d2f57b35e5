//! Live updates over a real connection: who hears what, after what, and how many may listen.
use crate::house::House;
use serde_json::{Value as Json, json};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// An open connection of a user.
struct Line {
    reader: BufReader<TcpStream>,
    status: String,
}

#[derive(Debug, PartialEq)]
struct Event {
    id: String,
    name: String,
    data: Json,
}

impl Line {
    fn open(house: &House, to: SocketAddr, login: &str, more: &str) -> Self {
        let mut stream = TcpStream::connect(to).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let token = house.token(login);
        write!(
            stream,
            "GET /api/v1/live HTTP/1.1\r\nHost: hl.test\r\nAuthorization: Bearer {token}\r\n\
             Accept-Language: en\r\n{more}\r\n"
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let mut status = String::new();
        reader.read_line(&mut status).unwrap();
        Self { reader, status }
    }

    /// The next event; chunk sizes and headers are passed over.
    fn next(&mut self) -> Event {
        let mut event = Event { id: String::new(), name: String::new(), data: Json::Null };
        loop {
            let mut line = String::new();
            assert_ne!(self.reader.read_line(&mut line).unwrap(), 0, "the line was closed");
            let line = line.trim_end();
            if let Some(id) = line.strip_prefix("id: ") {
                id.clone_into(&mut event.id);
            } else if let Some(name) = line.strip_prefix("event: ") {
                name.clone_into(&mut event.name);
            } else if let Some(data) = line.strip_prefix("data: ") {
                event.data = serde_json::from_str(data).unwrap();
                return event;
            }
        }
    }

    /// Ids of orders in the next event, with their versions.
    fn orders(&mut self) -> Vec<(String, i64)> {
        let event = self.next();
        assert_eq!(event.name, "change", "{event:?}");
        let changes = event.data["changes"].as_array().cloned().unwrap_or_default();
        let orders = changes.iter().filter(|c| c["entity"] == "order");
        let of = |c: &Json| (c["id"].as_str().unwrap().to_owned(), c["version"].as_i64().unwrap());
        orders.map(of).collect()
    }
}

struct Serving<'h> {
    house: &'h House,
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    running: Option<tokio::task::JoinHandle<std::io::Result<()>>>,
}

impl<'h> Serving<'h> {
    fn of(house: &'h House) -> Self {
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (address, running) = house.serve(stopped);
        Self { house, address, stop: Some(stop), running: Some(running) }
    }
    fn open(&self, login: &str) -> Line {
        let mut line = Line::open(self.house, self.address, login, "");
        assert_eq!(line.next().name, "hello");
        line
    }
    fn look(&self) {
        http::look_for_changes(&self.house.state).unwrap();
    }
}
impl Drop for Serving<'_> {
    fn drop(&mut self) {
        let _told = self.stop.take().map(|stop| stop.send(()));
        // Open connections end with the program; else this would wait for ever.
        if let Some(running) = self.running.take() {
            self.house.wait(running);
        }
    }
}

#[test]
fn a_change_between_the_hello_and_the_first_look_is_heard_at_that_look() {
    let house = House::new();
    let party = house.party("ACME");
    let serving = Serving::of(&house);
    let mut owner = serving.open("li.lei");
    let first = house.order("li.lei", "SO-1", &party);
    serving.look();
    assert_eq!(owner.orders(), [(first, 1)]);
}

#[test]
fn a_change_is_heard_by_whoever_may_see_the_row_and_by_nobody_else() {
    let house = House::new();
    let party = house.party("ACME");
    let serving = Serving::of(&house);
    let (mut owner, mut other) = (serving.open("li.lei"), serving.open("han.meimei"));
    let mut boss = serving.open("boss");
    serving.look();
    let first = house.order("li.lei", "SO-1", &party);
    serving.look();
    assert_eq!(owner.orders(), [(first.clone(), 1)]);
    assert_eq!(boss.orders(), [(first.clone(), 1)]);
    house.ask("li.lei", "POST", &format!("/api/v1/orders/{first}/submit"), None);
    let second = house.order("han.meimei", "SO-2", &party);
    serving.look();
    assert_eq!(owner.orders(), [(first.clone(), 2)]);
    // The first thing that the other one hears is her own order: of the first she heard nothing.
    assert_eq!(other.orders(), [(second.clone(), 1)]);
    assert_eq!(boss.orders(), [(first, 2), (second, 1)]);
}

#[test]
fn a_lost_connection_goes_on_where_it_was_and_one_lost_for_long_is_told_to_fetch_anew() {
    let house = House::new();
    let party = house.party("ACME");
    let serving = Serving::of(&house);
    let mut line = serving.open("li.lei");
    serving.look();
    house.order("li.lei", "SO-1", &party);
    serving.look();
    let heard = line.next();
    assert_eq!(heard.name, "change");
    drop(line);
    let missed = house.order("li.lei", "SO-2", &party);
    let last = format!("Last-Event-ID: {}\r\n", heard.id);
    let mut again = Line::open(&house, serving.address, "li.lei", &last);
    // What was missed comes before what is new.
    serving.look();
    let new = house.order("li.lei", "SO-3", &party);
    serving.look();
    serving.look();
    let mut orders = again.orders();
    if orders.len() < 2 {
        orders.extend(again.orders());
    }
    assert_eq!(orders, [(missed, 1), (new, 1)]);
    let mut stranger = Line::open(&house, serving.address, "li.lei", "Last-Event-ID: 999999\r\n");
    assert_eq!(stranger.next().name, "reset");
}

#[test]
fn nobody_listens_without_a_session_and_a_user_has_eight_lines() {
    let house = House::new();
    let serving = Serving::of(&house);
    let refused = house.send("GET", "/api/v1/live", &[], None);
    assert_eq!((refused.status, refused.code()), (401, "access.sign_in_needed".into()));
    let mut lines: Vec<Line> = (0..8).map(|_| serving.open("li.lei")).collect();
    let ninth = Line::open(&house, serving.address, "li.lei", "");
    assert!(ninth.status.contains("429"), "{}", ninth.status);
    serving.open("jim");
    lines.clear();
    drop(ninth);
    // A place is free again as soon as the server notices; the next beat or batch tells it.
    let party = house.party("ACME");
    for number in 0..50 {
        serving.look();
        house.order("li.lei", &format!("SO-{number}"), &party);
        let again = Line::open(&house, serving.address, "li.lei", "");
        if again.status.contains("200") {
            return;
        }
    }
    panic!("no place became free");
}

#[test]
fn a_session_that_ends_ends_its_line() {
    let house = House::new();
    let party = house.party("ACME");
    let serving = Serving::of(&house);
    let mut line = serving.open("li.lei");
    serving.look();
    let out = house.ask("li.lei", "POST", "/api/v1/sign-out", None);
    assert_eq!(out.json(), json!({ "signed_out": true }));
    house.order("han.meimei", "SO-1", &party);
    serving.look();
    assert_eq!(line.next().name, "end");
}

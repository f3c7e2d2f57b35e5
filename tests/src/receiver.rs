//! A web server that a test plays: what it answers, and what it was told.
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("a webhook's body is JSON")
    }
}

/// What the server does with a request, by how many came before it.
type Plan = dyn Fn(usize, &Request) -> Reaction + Send + Sync;

/// How it reacts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reaction {
    Status(u16),
    /// Hears the request, and closes the line without an answer.
    HangUp,
    /// Answers, and then again.
    Twice,
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
}

impl Receiver {
    pub(crate) fn start(
        plan: impl Fn(usize, &Request) -> Reaction + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (kept, stopped, plan) = (Arc::clone(&heard), Arc::clone(&stop), Arc::new(plan));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::Acquire) {
                    return;
                }
                let (kept, plan) = (Arc::clone(&kept), Arc::clone(&plan));
                std::thread::spawn(move || drop(answer(stream, &kept, &*plan)));
            }
        });
        Self { url: format!("http://{address}/hook"), heard, stop }
    }

    pub(crate) fn heard(&self) -> Vec<Request> {
        self.heard.lock().expect("no test panicked with it").clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        let to = self.url.trim_start_matches("http://").trim_end_matches("/hook");
        // Wakes the thread that waits for a connection.
        let _woken = TcpStream::connect(to);
    }
}

fn answer(stream: TcpStream, kept: &Mutex<Vec<Request>>, plan: &Plan) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            match line.trim_end().split_once(": ") {
                Some((name, value)) => headers.push((name.to_lowercase(), value.to_owned())),
                None => break,
            }
        }
        let length = headers.iter().find(|(n, _)| n == "content-length");
        let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let request = Request { headers, body: String::from_utf8_lossy(&body).into_owned() };
        let count = {
            let mut heard = kept.lock().expect("no test panicked with it");
            heard.push(request.clone());
            heard.len() - 1
        };
        let said = |status: u16| format!("HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\nok");
        match plan(count, &request) {
            Reaction::Status(status) => reader.get_mut().write_all(said(status).as_bytes())?,
            Reaction::Twice => {
                reader.get_mut().write_all(format!("{}{}", said(200), said(200)).as_bytes())?;
            }
            Reaction::HangUp => return Ok(()),
        }
    }
}

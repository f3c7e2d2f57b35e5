//! `huiliu serve`: HTTP, and the work that goes on beside it (sealing, leases, forgetting keys).
use crate::cli;
use crate::outside::{now, random, say};
use crate::place::{self, Place};
use crate::verbs::{crew, keep, sign_in};
use http::{Catalog, Settings, State, Tenant, Tenants, Transport};
use kernel::{Error, Result};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::folder::Folder;
use store::{Engine, Target};

/// A tenant that is served.
pub(crate) struct Served {
    pub(crate) place: Place,
    pub(crate) state: Arc<State>,
}

/// Serves until a signal ends it. `login`: whose sign-in link is printed (the demo's boss; without,
/// the first administrator's): nobody else can make one while the folder is in use.
pub(crate) fn run(at: &cli::Place, ask: &cli::Serve, login: Option<&str>) -> Result<ExitCode> {
    let listen = &*ask.listen;
    let outside = &ask.outside.of(listen);
    let all = served(place::open_all(at)?, outside)?;
    let tenants = all
        .iter()
        .map(|of| Tenant { hosts: of.place.listed.hosts.clone(), state: Arc::clone(&of.state) });
    let tenants = Tenants::new(tenants.collect())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Error::bug("bug.runtime", e))?;
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind(listen))
        .map_err(|e| Error::conflict("serve.cannot_listen", e).with("address", listen))?;
    let address = listener.local_addr().map_or_else(|_| listen.to_owned(), |a| a.to_string());
    let url = format!("http://{address}");
    outln!("{}", say("cli-serving", &[("url", &url)]));
    for of in all.iter() {
        if all.len() > 1 {
            let listed = &of.place.listed;
            outln!("{}", say("cli-tenant", &[("code", &listed.code), ("name", &listed.name)]));
        }
        way_in(&of.place, &url, login)?;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let beside = beside(Arc::clone(&all), Arc::clone(&stop));
    let crew = crew::begin(&all, &stop, outside)?;
    let copies = copies(&all, ask, &stop)?;
    let done = runtime.block_on(http::serve(tenants, listener, signal()));
    stop.store(true, Ordering::Release);
    let _joined = beside.join();
    crew.end();
    for copy in copies {
        let _copied = copy.join();
    }
    done.map_err(|e| Error::bug("bug.serve", e))?;
    Ok(ExitCode::SUCCESS)
}

fn served(places: Vec<Place>, outside: &cli::Outside) -> Result<Arc<Vec<Served>>> {
    let served = |place: Place| {
        let settings = Settings {
            store: Arc::clone(&place.store),
            tenant: place.tenant,
            code: place.listed.code.clone(),
            catalog: Catalog::of_flows(),
            clock: now,
            random,
            transport: Transport::Plain,
            files: Some(outside.files(&place)?),
            mailer: outside.mailer()?,
            columns: place.columns(),
        };
        Ok(Served { state: State::new(settings)?, place })
    };
    places.into_iter().map(served).collect::<Result<Vec<_>>>().map(Arc::new)
}

/// Prints how somebody gets in: the link that sets a company up, or one that signs in.
fn way_in(place: &Place, url: &str, login: Option<&str>) -> Result<()> {
    let cx = place.system();
    let company = place.store.read(&cx, |_, tx| access::questions::first_company(tx))?;
    let admin = place.store.read(&cx, |_, tx| access::questions::first_admin(tx))?;
    match (company, login.or(admin.as_deref())) {
        (None, _) => {
            let link = format!("{url}/link/{}", sign_in::setup_link(place)?);
            outln!("{}", say("cli-set-up-link", &[("link", &link)]));
        }
        (Some(_), Some(login)) => match sign_in::link(place, login) {
            Ok(token) => {
                let link = format!("{url}/link/{token}");
                outln!("{}", say("cli-sign-in-link", &[("user", login), ("link", &link)]));
            }
            // A company of one's own in this folder has no such user.
            Err(_) => outln!("{}", say("cli-sign-in-how", &[])),
        },
        (Some(_), None) => outln!("{}", say("cli-sign-in-how", &[])),
    }
    Ok(())
}

/// The threads that copy, where it is asked for: one for each file. The first tenant's copies lie
/// in the folder that is named, those of others in `tenants/CODE` below it. Error:
/// `backup.by_its_own` on PostgreSQL, which is copied by `huiliu backup --follow`.
fn copies(
    all: &Arc<Vec<Served>>,
    ask: &cli::Serve,
    stop: &Arc<AtomicBool>,
) -> Result<Vec<std::thread::JoinHandle<()>>> {
    let Some(to) = &ask.backup else { return Ok(Vec::new()) };
    let mut threads = Vec::new();
    for Served { place, .. } in all.iter() {
        let Target::File(db) = Folder::look(&place.dir, None) else {
            return Err(Error::conflict("backup.by_its_own", "PostgreSQL"));
        };
        if place.store.engine() == Engine::Postgres {
            return Err(Error::conflict("backup.by_its_own", "PostgreSQL"));
        }
        let files = place.files(ask.outside.files_folder());
        let to = keep::copies_of(to, place);
        let stop = Arc::clone(stop);
        threads.push(std::thread::spawn(move || keep::beside(&db, &files, &to, &stop)));
    }
    Ok(threads)
}

/// Ctrl-C, or the service manager's TERM.
pub(super) async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else {
        return drop(tokio::signal::ctrl_c().await);
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = term.recv() => {}
    }
}

/// Seals facts four times a second, tenant after tenant, renews each node's lease, forgets old
/// idempotency keys, makes room for the facts of the next quarter.
fn beside(all: Arc<Vec<Served>>, stop: Arc<AtomicBool>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut ticks: u64 = 0;
        while !stop.load(Ordering::Acquire) {
            std::thread::sleep(Duration::from_millis(250));
            ticks += 1;
            for (at, Served { place, .. }) in all.iter().enumerate() {
                let store = &place.store;
                // What a command told that ran for longer than others: once in a minute.
                let sealed = match ticks % 240 {
                    1 => store.seal(place.tenant, now()),
                    _ => store.seal_recent(place.tenant, now()),
                };
                report(sealed.map(|_| ()));
                // Several tenants of one database have one node.
                let had = all[..at].iter().any(|of| Arc::ptr_eq(&of.place.store, store));
                if ticks.is_multiple_of(40) && !had {
                    report(store.renew(now()));
                }
                if ticks.is_multiple_of(14_400) {
                    report(store.prepare(now()));
                    report(store.run(&place.system(), |cx, tx| {
                        store::idempotency::forget_old(cx, tx)?;
                        access::commands::forget_ended(cx, tx).map(|_| ())
                    }));
                }
            }
        }
    })
}

pub(super) fn report(result: Result<()>) {
    if let Err(error) = result {
        eprintln!("{error}");
    }
}

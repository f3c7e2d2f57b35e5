//! `huiliu serve`: HTTP, and the work that goes on beside it (sealing, leases, forgetting keys).
use crate::outside::{now, random, say};
use crate::verbs::mine::columns;
use crate::verbs::{crew, keep, sign_in};
use crate::{cli, place};
use http::{Catalog, Settings, State, Transport};
use kernel::{Ctx, Error, Result};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::folder::Folder;
use store::{Store, Target};

/// Serves until a signal ends it. `login`: whose sign-in link is printed (the demo's boss; without,
/// the first administrator's): nobody else can make one while the folder is in use.
pub(crate) fn run(at: &cli::Place, ask: &cli::Serve, login: Option<&str>) -> Result<ExitCode> {
    let listen = &*ask.listen;
    let outside = &ask.outside.of(listen);
    let place = place::open(at)?;
    let cx = place.system();
    let company = place.store.read(&cx, |_, tx| access::questions::first_company(tx))?;
    let settings = Settings {
        store: Arc::clone(&place.store),
        tenant: place::TENANT,
        catalog: Catalog::of_flows(),
        clock: now,
        random,
        transport: Transport::Plain,
        files: Some(outside.files(at)?),
        mailer: outside.mailer()?,
        columns: columns(at),
    };
    let state = State::new(settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Error::bug("bug.runtime", e))?;
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind(listen))
        .map_err(|e| Error::conflict("serve.cannot_listen", e).with("address", listen))?;
    let address = listener.local_addr().map_or_else(|_| listen.to_owned(), |a| a.to_string());
    let url = format!("http://{address}");
    outln!("{}", say("cli-serving", &[("url", &url)]));
    let admin = place.store.read(&cx, |_, tx| access::questions::first_admin(tx))?;
    match (company, login.or(admin.as_deref())) {
        (None, _) => {
            let link = format!("{url}/link/{}", sign_in::setup_link(&place.store)?);
            outln!("{}", say("cli-set-up-link", &[("link", &link)]));
        }
        (Some(_), Some(login)) => match sign_in::link(&place.store, login) {
            Ok(token) => {
                let link = format!("{url}/link/{token}");
                outln!("{}", say("cli-sign-in-link", &[("user", login), ("link", &link)]));
            }
            // A company of one's own in this folder has no such user.
            Err(_) => outln!("{}", say("cli-sign-in-how", &[])),
        },
        (Some(_), None) => outln!("{}", say("cli-sign-in-how", &[])),
    }
    let stop = Arc::new(AtomicBool::new(false));
    let beside = beside(Arc::clone(&place.store), Arc::clone(&stop));
    let crew = crew::begin(&place.store, &state, &stop, (at, outside))?;
    let copies = copies(at, ask, &stop)?;
    let served = runtime.block_on(http::serve(state, listener, signal()));
    stop.store(true, Ordering::Release);
    let _joined = beside.join();
    crew.end();
    let _copied = copies.map(std::thread::JoinHandle::join);
    served.map_err(|e| Error::bug("bug.serve", e))?;
    Ok(ExitCode::SUCCESS)
}

/// The thread that copies, where it is asked for. Error: `backup.by_its_own` on PostgreSQL, which
/// is copied by `huiliu backup --follow`.
fn copies(
    at: &cli::Place,
    ask: &cli::Serve,
    stop: &Arc<AtomicBool>,
) -> Result<Option<std::thread::JoinHandle<()>>> {
    let Some(to) = ask.backup.clone() else { return Ok(None) };
    let Target::File(db) = Folder::look(&at.data, at.database.clone()) else {
        return Err(Error::conflict("backup.by_its_own", "PostgreSQL"));
    };
    let files = cli::files_folder(ask.outside.files.as_deref(), at);
    let stop = Arc::clone(stop);
    Ok(Some(std::thread::spawn(move || keep::beside(&db, &files, &to, &stop))))
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

/// Seals facts four times a second, renews the node's lease, forgets old idempotency keys, makes
/// room for the facts of the next quarter.
fn beside(store: Arc<Store>, stop: Arc<AtomicBool>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut ticks: u64 = 0;
        while !stop.load(Ordering::Acquire) {
            std::thread::sleep(Duration::from_millis(250));
            ticks += 1;
            report(store.seal(place::TENANT, now()).map(|_| ()));
            if ticks.is_multiple_of(40) {
                report(store.renew(now()));
            }
            if ticks.is_multiple_of(14_400) {
                report(store.prepare(now()));
                let cx = Ctx::system(place::TENANT, now(), store.ids());
                report(store.run(&cx, |cx, tx| {
                    store::idempotency::forget_old(cx, tx)?;
                    access::commands::forget_ended(cx, tx).map(|_| ())
                }));
            }
        }
    })
}

pub(super) fn report(result: Result<()>) {
    if let Err(error) = result {
        eprintln!("{error}");
    }
}

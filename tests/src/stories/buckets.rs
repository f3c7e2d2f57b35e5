//! Files in a bucket of an S3 server that somebody else wrote (`s3s-fs`), which checks signatures.
use crate::house::{code, each};
use connect::bucket::Keys;
use connect::files::{self, Files, LARGEST};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use kernel::{DocRef, Result};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// A server of a folder with one bucket, `files`; it ends with the test.
struct Server {
    port: u16,
    dir: PathBuf,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
        let _gone = std::fs::remove_dir_all(&self.dir);
    }
}

impl Server {
    fn start() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("hl_s3_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir_all(dir.join("files")).expect("a folder");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let service = {
            let folder = s3s_fs::FileSystem::new(&dir).expect("a file system");
            let mut builder = S3ServiceBuilder::new(folder);
            builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
            builder.build()
        };
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let http = Builder::new(TokioExecutor::new());
                    let _ended = http.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { port, dir, runtime: Some(runtime) }
    }

    fn end(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    fn files(&self, secret: &str) -> Result<Files> {
        let setting = format!(
            "s3://files/huiliu?region=cn-north-1&endpoint=http://127.0.0.1:{}&style=path",
            self.port
        );
        Files::in_bucket(&setting, Keys { id: KEY.into(), secret: secret.into() }, None)
    }

    /// Where a content lies on the server's disk.
    fn place(&self, digest: &str) -> PathBuf {
        let (folder, name) = digest.split_at(2);
        self.dir.join("files/huiliu").join(folder).join(name)
    }
}

#[test]
fn a_content_lies_in_the_bucket_once_and_comes_back_whole() -> Result<()> {
    let server = Server::start();
    let files = server.files(SECRET)?;
    let note = "送货单 SO-2026-0001".as_bytes();
    let digest = files.keep(note)?;
    assert_eq!(std::fs::read(server.place(&digest)).expect("it lies there"), note);
    let first = std::fs::metadata(server.place(&digest)).and_then(|m| m.modified());
    assert_eq!(files.keep(note)?, digest);
    let again = std::fs::metadata(server.place(&digest)).and_then(|m| m.modified());
    assert_eq!(first.expect("a time"), again.expect("a time"), "it was not sent again");
    assert_eq!(files.read(&digest)?, note);
    let large: Vec<u8> = (0..LARGEST).map(|n| (n % 251) as u8).collect();
    assert_eq!(files.read(&files.keep(&large)?)?, large);
    Ok(())
}

#[test]
fn who_lacks_the_secret_keeps_and_reads_nothing() -> Result<()> {
    let server = Server::start();
    let digest = server.files(SECRET)?.keep(b"prices")?;
    let stranger = server.files("guessed")?;
    assert_eq!(code(stranger.keep(b"other")), "file.unreached");
    assert_eq!(code(stranger.read(&digest)), "file.unreached");
    Ok(())
}

#[test]
fn what_is_gone_or_changed_is_said_and_never_handed_out() -> Result<()> {
    let mut server = Server::start();
    let files = server.files(SECRET)?;
    let (gone, changed) = (files.keep(b"gone")?, files.keep(b"changed")?);
    std::fs::remove_file(server.place(&gone)).expect("it was there");
    std::fs::write(server.place(&changed), b"chanced").expect("it was there");
    assert_eq!(code(files.read(&gone)), "file.lost");
    assert_eq!(code(files.read(&changed)), "file.lost");
    server.end();
    assert_eq!(code(files.read(&gone)), "file.unreached");
    assert_eq!(code(files.keep(b"new")), "file.unreached");
    Ok(())
}

#[test]
fn a_restore_names_the_files_that_the_bucket_does_not_have() {
    each(|house| {
        let server = Server::start();
        let files = server.files(SECRET)?;
        let order = DocRef { kind: "order", id: 7 };
        let kept: Vec<String> =
            [&b"one"[..], b"two"].iter().map(|bytes| files.keep(bytes)).collect::<Result<_>>()?;
        house.run(|cx, tx| {
            files::attach(cx, tx, order, "一.txt", (&kept[0], b"one"))?;
            files::attach(cx, tx, order, "二.txt", (&kept[1], b"two")).map(|_| ())
        })?;
        assert!(house.read(|_, tx| files::lost(tx, &files))?.is_empty());
        std::fs::remove_file(server.place(&kept[1])).expect("it was there");
        let lost = house.read(|_, tx| files::lost(tx, &files))?;
        assert_eq!(lost, [format!("二.txt ({})", kept[1])]);
        Ok(())
    });
}

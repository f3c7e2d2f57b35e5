//! Writes the table of the web app's files: `web/dist`, or the folder in HUILIU_WEB_DIST.
//!
//! It never builds the app. Without it a debug build goes on with an empty table; a release or
//! perf build stops unless HUILIU_ALLOW_NO_WEB=1 says that this is meant.
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-env-changed=HUILIU_WEB_DIST");
    println!("cargo:rerun-if-env-changed=HUILIU_ALLOW_NO_WEB");
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let dist =
        env::var("HUILIU_WEB_DIST").map_or_else(|_| here.join("../../web/dist"), PathBuf::from);
    println!("cargo:rerun-if-changed={}", dist.display());
    let is_there = dist.join("index.html").exists();
    let is_release = env::var("PROFILE").is_ok_and(|p| p == "release");
    if !is_there && is_release && env::var("HUILIU_ALLOW_NO_WEB").as_deref() != Ok("1") {
        eprintln!("error: the web app is not built: {} has no index.html", dist.display());
        eprintln!(
            "  build it:      cd web && npm ci && npx vite build   (or ./run, which does all)"
        );
        eprintln!("  or without it: HUILIU_ALLOW_NO_WEB=1");
        std::process::exit(1);
    }
    if !is_there {
        println!("cargo:warning=web/dist is not built: pages are replaced by a help page");
    }
    let mut files = Vec::new();
    if is_there {
        walk(&dist, &mut files);
        files.sort();
    }
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("web_files.rs");
    fs::write(out, table(&dist, &files)).expect("OUT_DIR can be written");
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        match path.is_dir() {
            _ if hidden => {}
            true => walk(&path, found),
            false => found.push(path),
        }
    }
}

fn table(dist: &Path, files: &[PathBuf]) -> String {
    let mut text = String::from("static FILES: &[File] = &[\n");
    let is_coded = |p: &Path| p.extension().is_some_and(|e| e == "br" || e == "gz");
    for path in files.iter().filter(|p| !is_coded(p)) {
        let relative = path.strip_prefix(dist).expect("walked from there");
        let bytes = fs::read(path).expect("it was just found");
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let coded = |ending: &str| {
            let coded = PathBuf::from(format!("{}.{ending}", path.display()));
            let smaller = fs::metadata(&coded).is_ok_and(|m| m.len() < bytes.len() as u64);
            match smaller {
                true => format!("Some(include_bytes!({:?}))", full(&coded)),
                false => "None".to_owned(),
            }
        };
        writeln!(
            text,
            "    File {{ path: \"/{}\", media: {:?}, etag: \"\\\"{:016x}\\\"\", \
             plain: include_bytes!({:?}), br: {}, gz: {} }},",
            relative.display(),
            media(path),
            hasher.finish(),
            full(path),
            coded("br"),
            coded("gz"),
        )
        .expect("a string grows");
    }
    text.push_str("];\n");
    text
}

fn full(path: &Path) -> PathBuf {
    fs::canonicalize(path).expect("it was just found")
}

fn media(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

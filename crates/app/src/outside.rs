//! The outside world: clock, randomness, language. Nobody else asks for them.
use kernel::{Day, Error, Instant, Result, Zone};
use meta::words::Lang;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, in microseconds since 1970.
pub(crate) fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// Today in China.
pub(crate) fn today() -> Day {
    Zone::china().day(now())
}

/// 256 random bits. Without them nobody could be let in safely, so the program stops.
pub(crate) fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes,
        Err(e) => {
            eprintln!("no randomness: {e}");
            std::process::exit(1)
        }
    }
}

/// The language of the locale: Chinese unless it is English.
pub(crate) fn lang() -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    Lang::of(&locale.unwrap_or_default())
}

/// The keys of an S3 server, under the names that its own tools use; empty where there are none.
pub(crate) fn s3_keys() -> connect::bucket::Keys {
    let of = |name| std::env::var(name).unwrap_or_default();
    connect::bucket::Keys { id: of("AWS_ACCESS_KEY_ID"), secret: of("AWS_SECRET_ACCESS_KEY") }
}

/// A text of the command line's catalogue.
pub(crate) fn say(key: &str, values: &[(&str, &str)]) -> String {
    meta::words::text(lang(), key, values)
}

/// Prints to standard output. Whoever reads may have gone (`… | head`): the work goes on without.
pub(crate) fn print(text: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _reader_may_be_gone = out.write_fmt(text).and_then(|()| out.flush());
}

/// Prints a line to standard output; `println!` would end the program when its reader has gone.
macro_rules! outln {
    ($($text:tt)*) => {
        $crate::outside::print(format_args!("{}\n", format_args!($($text)*)))
    };
}

/// CPU seconds that this process has used, user and system.
pub(crate) fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or_default();
    let fields: Vec<f64> = after.split_whitespace().filter_map(|f| f.parse().ok()).collect();
    // utime and stime are the 14th and 15th of the line; the state letter is not a number.
    (fields.get(10).unwrap_or(&0.0) + fields.get(11).unwrap_or(&0.0)) / 100.0
}

/// Lets the kernel measure the peak of memory anew.
pub(crate) fn reset_peak() {
    std::fs::write("/proc/self/clear_refs", "5").ok();
}

/// The most memory held since, in megabytes; 0 where the system does not say.
pub(crate) fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1e3
}

/// The same in MiB.
pub(crate) fn peak_mebibytes() -> f64 {
    peak_megabytes() * 1e3 / 1024.0
}

/// Writes a file. Error: `file.not_written`.
pub(crate) fn write(path: &std::path::Path, text: &str) -> Result<()> {
    std::fs::write(path, text)
        .map_err(|e| Error::conflict("file.not_written", e).with("path", path.display()))
}

//! `huiliu audit`: proves that no fact was changed, removed or added, and says which was.
use crate::outside::{now, say};
use crate::{cli, place};
use kernel::{Error, Result};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use store::facts::{self, Broken, Head};

/// `head` writes the end of the chain down; `verify` follows the chain.
pub(crate) fn run(at: &cli::Place, ask: &cli::Audit) -> Result<ExitCode> {
    let place = place::open(at)?;
    place.store.seal(place.tenant, now())?;
    match ask.what.as_str() {
        "head" => head(&place, ask),
        _ => verify(&place, ask),
    }
}

fn head(place: &place::Place, ask: &cli::Audit) -> Result<ExitCode> {
    let head = place.store.read(&place.system(), |_, tx| facts::head_now(tx))?;
    let line = json!({ "seq": head.seq, "hash": head.hash, "at": now().rfc3339() }).to_string();
    if let Some(path) = &ask.out {
        let written = std::fs::File::options()
            .create(true)
            .append(true)
            .open(path)
            .and_then(|mut file| writeln!(file, "{line}").and_then(|()| file.sync_all()));
        written.map_err(|e| Error::conflict("file.not_written", e).with("path", path.display()))?;
    }
    outln!("{line}");
    Ok(ExitCode::SUCCESS)
}

/// Most that is listed; the count says how many there are.
const LISTED: usize = 100;

fn verify(place: &place::Place, ask: &cli::Audit) -> Result<ExitCode> {
    let known = ask.against.as_deref().map(heads).transpose()?.unwrap_or_default();
    let (looked, end, broken) = place.store.read(&place.system(), |_, tx| {
        let mut at = Head { seq: 0, hash: String::new() };
        let (mut looked, mut broken) = (0_u64, Vec::new());
        while let Some(step) = facts::audit(tx, &at)? {
            looked += step.looked as u64;
            broken.extend(step.broken);
            at = step.head;
        }
        broken.extend(facts::strangers(tx)?);
        for head in &known {
            broken.extend(facts::holds(tx, head)?);
        }
        Ok((looked, at, broken))
    })?;
    if ask.json {
        let listed: Vec<Value> = broken.iter().take(LISTED).map(one).collect();
        outln!(
            "{}",
            json!({
                "facts": looked, "heads": known.len(), "broken": broken.len(), "found": listed,
                "seq": end.seq, "hash": end.hash,
            })
        );
    } else {
        for found in broken.iter().take(LISTED) {
            let (seq, fact) = (found.seq.to_string(), found.fact.to_string());
            let what = format!("cli-audit-{}", found.what.replace('.', "-"));
            outln!("{}", say(&what, &[("seq", &seq), ("fact", &fact)]));
        }
        let (facts, heads) = (looked.to_string(), known.len().to_string());
        let broken = broken.len().to_string();
        let values = [("facts", facts.as_str()), ("heads", &heads), ("broken", &broken)];
        outln!("{}", say("cli-audit-done", &values));
    }
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn one(found: &Broken) -> Value {
    json!({
        "what": found.what, "seq": found.seq, "fact": found.fact.to_string(),
        "expected": found.expected, "found": found.found,
    })
}

/// Heads that were written down, a line each. Error: `audit.no_heads`.
fn heads(path: &Path) -> Result<Vec<Head>> {
    let wrong = || Error::invalid("audit.no_heads", path.display());
    let text = std::fs::read_to_string(path).map_err(|_| wrong())?;
    let head = |line: &str| {
        let said: Value = serde_json::from_str(line).ok()?;
        Some(Head { seq: said["seq"].as_i64()?, hash: said["hash"].as_str()?.to_owned() })
    };
    let all: Option<Vec<Head>> = text.lines().map(head).collect();
    all.filter(|all| !all.is_empty()).ok_or_else(wrong)
}

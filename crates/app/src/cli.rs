//! The command line, and the exit codes that scripts rely on.
use clap::{Args, Parser, Subcommand};
use connect::egress::Reach;
use connect::files::Files;
use connect::mail::Mailer;
use kernel::Error;
use std::path::PathBuf;
use std::process::ExitCode;

/// 汇流 Huiliu: from the lead to the cash, and how the work really runs.
#[derive(Parser)]
#[command(name = "huiliu", version, about, long_about = None)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// Where the installation lives; allowed before or after the verb.
#[derive(Args, Clone)]
pub(crate) struct Place {
    /// The data folder (files, tenant directory, and the rows unless --database is given).
    #[arg(long, global = true, env = "HUILIU_DATA", default_value = "huiliu-data")]
    pub(crate) data: PathBuf,
    /// A PostgreSQL connection string; the rows then live there.
    #[arg(long, global = true, env = "HUILIU_DATABASE")]
    pub(crate) database: Option<String>,
    /// The tenant's code, where the installation has several (`huiliu tenant list`).
    #[arg(long, global = true, env = "HUILIU_TENANT")]
    pub(crate) tenant: Option<String>,
}

/// Tenants: groups of companies that share masters, and nothing with each other.
#[derive(Args)]
pub(crate) struct Tenant {
    #[command(subcommand)]
    pub(crate) verb: TenantVerb,
}

#[derive(Subcommand)]
pub(crate) enum TenantVerb {
    /// Add a tenant; the server, started again, prints the link that sets it up.
    Add(TenantAdd),
    /// List the tenants.
    List(Json),
    /// Say a tenant's name or host names anew.
    Change(TenantChange),
    /// Close a tenant: nobody is served there any more; its rows stay.
    Close(TenantClose),
}

#[derive(Args)]
pub(crate) struct TenantAdd {
    /// Lower-case letters, digits and `-`; it never changes.
    pub(crate) code: String,
    #[arg(long)]
    pub(crate) name: String,
    /// A host name that leads to this tenant alone; may be given several times.
    #[arg(long = "host")]
    pub(crate) hosts: Vec<String>,
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct TenantChange {
    pub(crate) code: String,
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// All its host names from now on; may be given several times.
    #[arg(long = "host")]
    pub(crate) hosts: Option<Vec<String>>,
}

#[derive(Args)]
pub(crate) struct TenantClose {
    pub(crate) code: String,
}

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Make the demo company; with --serve open it afterwards.
    Demo(Demo),
    /// Serve the program over HTTP.
    Serve(Serve),
    /// Print a one-time link that signs a user in.
    SignIn(SignIn),
    /// Import files of another system, list the mappings, or undo an import.
    Import(Box<Import>),
    /// Copy the company while it is used: rows, log and files; see docs/keeping.md.
    Backup(Backup),
    /// Put a copy back into an empty data folder, as it was at its last point or at a stated time.
    Restore(Restore),
    /// Add, list, change or close tenants; see docs/tenants.md.
    Tenant(Tenant),
    /// Move the company to another database, and prove by checksums that all of it came.
    Migrate(Migrate),
    /// Prove that no fact was changed, removed or added, and say which was.
    Audit(Audit),
    /// Prove every invariant; exit code 1 when something is broken.
    Check(Json),
    /// Cut the searched texts of all rows anew, for rows older than what is searched now.
    Reindex(Json),
    /// Export facts.
    Export(Export),
    /// Report on the process that an event log of any system tells of; needs no company.
    Mine(Mine),
    /// Print the KPIs of the company, and what loses time.
    Kpi(Kpi),
    /// Measure this program on this machine.
    Bench(Bench),
}

#[derive(Args)]
pub(crate) struct Demo {
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Orders of the simulated year.
    #[arg(long, default_value_t = 3000)]
    pub(crate) orders: u32,
    /// The last simulated day (default: yesterday).
    #[arg(long)]
    pub(crate) until: Option<String>,
    /// Write the planted slow spots, with their cases, as JSON.
    #[arg(long)]
    pub(crate) truth: Option<PathBuf>,
    /// Serve the company afterwards.
    #[arg(long)]
    pub(crate) serve: bool,
    #[arg(long, default_value = "127.0.0.1:8360")]
    pub(crate) listen: String,
    #[command(flatten)]
    pub(crate) outside: Outside,
    /// Print the figures as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Serve {
    #[arg(long, default_value = "127.0.0.1:8360")]
    pub(crate) listen: String,
    /// Copy rows, log and files into this folder all the while (SQLite; twice a second).
    #[arg(long, env = "HUILIU_BACKUP")]
    pub(crate) backup: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) outside: Outside,
}

#[derive(Args)]
pub(crate) struct Backup {
    /// The folder of the copies.
    #[arg(long)]
    pub(crate) to: PathBuf,
    /// Go on copying the log, twice a second, until the process is told to end.
    #[arg(long)]
    pub(crate) follow: bool,
    /// With --follow: make a new whole copy after so many hours.
    #[arg(long, default_value_t = 24)]
    pub(crate) base_every: i64,
    /// With --follow: how many whole copies, each with its log, are kept.
    #[arg(long, default_value_t = 7)]
    pub(crate) keep: usize,
    /// Where the files of documents lie (default: `files` in the data folder). A bucket keeps its
    /// own copies: they are not made here.
    #[arg(long, env = "HUILIU_FILES")]
    pub(crate) files: Option<String>,
    /// Print each point as a line of JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Migrate {
    /// `postgres://…`, a database without this tenant; or an empty data folder, for the way back.
    #[arg(long)]
    pub(crate) to: String,
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Audit {
    /// `verify`: follow the chain of facts; `head`: write its end down, to be kept elsewhere.
    #[arg(value_parser = ["verify", "head"])]
    pub(crate) what: String,
    /// `verify`: the chain must also hold every head in this file.
    #[arg(long)]
    pub(crate) against: Option<PathBuf>,
    /// `head`: add it to this file.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Restore {
    /// The folder of the copies.
    #[arg(long)]
    pub(crate) from: PathBuf,
    /// The last point at or before this moment (RFC 3339, `2026-11-22T09:30:00+08:00`); without,
    /// the newest.
    #[arg(long)]
    pub(crate) at: Option<String>,
    /// List what can be put back; puts nothing back.
    #[arg(long)]
    pub(crate) list: bool,
    /// Where the files of documents go (default: `files` in the data folder).
    #[arg(long, env = "HUILIU_FILES")]
    pub(crate) files: Option<String>,
    #[arg(long)]
    pub(crate) json: bool,
}

/// How the program reaches outside.
#[derive(Args, Clone, Default)]
pub(crate) struct Outside {
    /// Let webhooks go to this machine, the own network, and unencrypted.
    #[arg(long, env = "HUILIU_WEBHOOKS_ANYWHERE")]
    pub(crate) webhooks_anywhere: bool,
    /// How mail goes out: `file:FOLDER`, or `smtps://user:password@host`; nothing sends none.
    #[arg(long, env = "HUILIU_MAIL", default_value = "", hide_env_values = true)]
    pub(crate) mail: String,
    /// Whom mail comes from.
    #[arg(long, env = "HUILIU_MAIL_FROM", default_value = "huiliu@localhost.localdomain")]
    pub(crate) mail_from: String,
    /// Where people reach the program, for links in mail (default: where it listens).
    #[arg(long, env = "HUILIU_URL")]
    pub(crate) url: Option<String>,
    /// Where files lie that people hang on documents (default: `files` in the data folder);
    /// several servers of one database share it. A folder, or a bucket of an S3 server:
    /// `s3://BUCKET/PREFIX?region=R&endpoint=https://…&style=path`, with its keys in
    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
    #[arg(long, env = "HUILIU_FILES")]
    pub(crate) files: Option<String>,
}

/// The folder of files, though they may lie in a bucket: then nothing is in it.
pub(crate) fn files_folder(setting: Option<&str>, at: &Place) -> PathBuf {
    match setting {
        Some(folder) if !is_bucket(folder) => folder.into(),
        _ => at.data.join("files"),
    }
}

fn is_bucket(setting: &str) -> bool {
    setting.starts_with("s3://")
}

/// Where files lie; of another tenant than the first, by its code. Error: `file.setting`.
pub(crate) fn files(setting: Option<&str>, at: &Place, code: Option<&str>) -> Result<Files, Error> {
    match setting {
        Some(bucket) if is_bucket(bucket) => {
            Files::in_bucket(bucket, crate::outside::s3_keys(), code)
        }
        other => Ok(Files::at(files_folder(other, at))),
    }
}

impl Outside {
    /// The same for a program that listens there.
    pub(crate) fn of(&self, listen: &str) -> Self {
        let url = self.url.clone().unwrap_or_else(|| format!("http://{listen}"));
        Self { url: Some(url), ..self.clone() }
    }
    /// Error: `mail.setting`.
    pub(crate) fn mailer(&self) -> Result<Mailer, Error> {
        Mailer::new(&self.mail, &self.mail_from, self.url.as_deref().unwrap_or_default())
    }
    /// The files of a tenant: of others than the first they lie below their code. Error:
    /// `file.setting`.
    pub(crate) fn files(&self, place: &crate::place::Place) -> Result<Files, Error> {
        match self.files.as_deref() {
            Some(bucket) if is_bucket(bucket) => {
                Files::in_bucket(bucket, crate::outside::s3_keys(), place.code_apart())
            }
            _ => Ok(Files::at(place.files(self.files_folder()))),
        }
    }
    /// The folder that people named for files, if it is one.
    pub(crate) fn files_folder(&self) -> Option<&std::path::Path> {
        self.files.as_deref().filter(|named| !is_bucket(named)).map(std::path::Path::new)
    }
    pub(crate) fn reach(&self) -> Reach {
        if self.webhooks_anywhere { Reach::Anywhere } else { Reach::Public }
    }
}

#[derive(Args)]
pub(crate) struct SignIn {
    /// The login.
    #[arg(long)]
    pub(crate) user: String,
    /// Where the program is reached, for the printed link.
    #[arg(long, default_value = "http://127.0.0.1:8360")]
    pub(crate) url: String,
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Import {
    /// The mapping: the name of the folder that it was made for.
    pub(crate) mapping: Option<String>,
    pub(crate) files: Vec<PathBuf>,
    /// List the mappings, ours and those learnt.
    #[arg(long)]
    pub(crate) list: bool,
    /// Show what an unknown table seems to hold; imports nothing.
    #[arg(long)]
    pub(crate) guess: bool,
    /// What the rows are: customers, products, contacts, leads, orders or receivables.
    #[arg(long)]
    pub(crate) target: Option<String>,
    /// Correct the guess: our column and their heading; an empty heading leaves it out.
    #[arg(long = "map", value_name = "COLUMN=HEADING")]
    pub(crate) map: Vec<String>,
    /// Learn the guess, with its corrections, under this name; then `import NAME FILE`.
    #[arg(long)]
    pub(crate) save: Option<String>,
    /// Change a cell before it is imported: file, line, column and value.
    #[arg(long = "edit", value_name = "FILE:LINE:COLUMN=VALUE")]
    pub(crate) edit: Vec<String>,
    /// Write a template to fill in (`opening`), as a workbook or as CSV files in a folder.
    #[arg(long)]
    pub(crate) template: Option<String>,
    /// Where the template goes.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Undo an import by its batch id.
    #[arg(long)]
    pub(crate) undo: Option<String>,
    /// The company that the history belongs to (made when it does not exist).
    #[arg(long)]
    pub(crate) company: Option<String>,
    /// The currency of the files' amounts.
    #[arg(long)]
    pub(crate) currency: Option<String>,
    /// Base units per unit of the files' currency, where they differ.
    #[arg(long)]
    pub(crate) rate: Option<String>,
    #[command(flatten)]
    pub(crate) style: ImportStyle,
    /// Validate and preview only.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[arg(long)]
    pub(crate) json: bool,
}

/// How the files are written, where it cannot be found out or was found out wrong.
#[derive(Args)]
pub(crate) struct ImportStyle {
    /// utf-8, utf-16le, utf-16be, utf-32le, utf-32be, gb18030, big5 or windows-1252.
    #[arg(long)]
    pub(crate) encoding: Option<String>,
    /// What stands between cells: `,` `;` `|` `tab` or several characters.
    #[arg(long)]
    pub(crate) separator: Option<String>,
    /// `dmy` or `mdy`, for days whose year stands last.
    #[arg(long)]
    pub(crate) dates: Option<String>,
    /// `point` or `comma`: what stands before a number's decimals.
    #[arg(long)]
    pub(crate) numbers: Option<String>,
    /// The sheet of a workbook.
    #[arg(long)]
    pub(crate) sheet: Option<String>,
    /// The line of the headings, from 1.
    #[arg(long)]
    pub(crate) header: Option<u64>,
}

#[derive(Args)]
pub(crate) struct Json {
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Export {
    /// `ocel`: facts as OCEL 2.0 (JSON; XML or SQLite where --out ends in .xml or .sqlite);
    /// `xes` and `csv`: the traces of one object type; `list`: rows of an entity as CSV or a
    /// workbook; `journal`: the posted entries of a company as a table, or for hledger where --out
    /// ends in .journal.
    #[arg(value_parser = ["ocel", "xes", "csv", "list", "journal"])]
    pub(crate) what: String,
    /// For `list`: `parties`, `products`, `orders` …
    pub(crate) entity: Option<String>,
    /// For `list`: only what this user may read (a login); all rows without.
    #[arg(long)]
    pub(crate) user: Option<String>,
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// For `journal`: the company (default: the first).
    #[arg(long)]
    pub(crate) company: Option<String>,
    /// For `xes` and `csv`: the object type whose objects are the cases.
    #[arg(long, default_value = "order")]
    pub(crate) object_type: String,
}

/// Formats are told by content: XES, OCEL 2.0 (JSON, XML, SQLite), OCEL 1 JSON, CSV; all but SQLite
/// also packed by gzip. Columns of a CSV are guessed from its headers and shown.
#[derive(Args)]
pub(crate) struct Mine {
    #[arg(required_unless_present = "own")]
    pub(crate) file: Option<PathBuf>,
    /// Report on the company's own facts instead of a file; --object-type names the case (order).
    #[arg(long, conflicts_with = "file")]
    pub(crate) own: bool,
    /// Write the report as one HTML file, in the language of the locale.
    #[arg(long)]
    pub(crate) html: Option<PathBuf>,
    /// Write the figures as JSON.
    #[arg(long)]
    pub(crate) json: Option<PathBuf>,
    /// Write the discovered model as a BPMN 2.0 diagram.
    #[arg(long)]
    pub(crate) bpmn: Option<PathBuf>,
    /// How rare a path may be, by the commonest way on, before the model leaves it out (0 to 1).
    #[arg(long, default_value_t = 0.2, requires = "bpmn")]
    pub(crate) noise: f64,
    /// CSV: the column of the case.
    #[arg(long)]
    pub(crate) case: Option<String>,
    /// CSV: the column of the activity.
    #[arg(long)]
    pub(crate) activity: Option<String>,
    /// CSV: the column of the time; of the start, where --end is given too.
    #[arg(long)]
    pub(crate) time: Option<String>,
    /// CSV: the column of the end.
    #[arg(long)]
    pub(crate) end: Option<String>,
    /// CSV: the column of who did it.
    #[arg(long)]
    pub(crate) resource: Option<String>,
    /// The object type whose objects are the cases.
    #[arg(long)]
    pub(crate) object_type: Option<String>,
}

#[derive(Args)]
pub(crate) struct Kpi {
    /// One KPI of the catalogue; all of them without.
    pub(crate) id: Option<String>,
    /// `day`, `week` or `month`.
    #[arg(long, default_value = "month")]
    pub(crate) grain: String,
    /// How many periods, the present one included.
    #[arg(long, default_value_t = 6)]
    pub(crate) count: usize,
    /// With a KPI: by the values of a dimension (grade, region, channel, category, team, …).
    #[arg(long, requires = "id")]
    pub(crate) by: Option<String>,
    /// What loses time instead: step, cause, place and period, ranked by money × days.
    #[arg(long, conflicts_with = "id")]
    pub(crate) findings: bool,
    /// The day as of which figures are told (default: today).
    #[arg(long)]
    pub(crate) as_of: Option<String>,
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Bench {
    /// `flow`: order to cash against the raw limit; `fill`: make a large company; `kill`: end the
    /// program fifty times while clients write, and look for what was acknowledged; `acks`: the
    /// program that is ended; `hooks`: the same, twenty times, while it tells a webhook (what is
    /// ended: `hookacks`); `random`: random commands with every invariant proved; `import`:
    /// orders as history while others work, and a file with bad rows; `process`: reading and
    /// mining large logs, made once below the data folder; `own`: reading and mining the facts of
    /// the data folder's company (its parts: `warm`, `figures`); `plants`: demo companies, and
    /// whether what was planted is found; `lists`, `search`, `customer`: reading over the API in a
    /// folder that `fill` made; `restore`: copy under load, end everything by force, put back, and
    /// look for what was acknowledged; `growth`: one company that grows by tens, and what work,
    /// reading, a start (`startup`) and memory (`memory`) cost at each size, and then a flow beside
    /// one in a small company (`pair`); `found`: look for what standard input says was
    /// acknowledged.
    #[arg(value_parser = [
        "flow", "fill", "kill", "acks", "hooks", "hookacks", "random", "import", "process", "own",
        "plants", "lists", "search", "customer", "restore", "found", "growth", "startup", "memory",
        "warm", "figures", "pair",
    ])]
    pub(crate) suite: String,
    /// Clients at once (default: 1 and 32); `plants`: seeds (20).
    #[arg(long)]
    pub(crate) clients: Option<usize>,
    /// Flows to measure, orders to fill, times to kill, or random steps.
    #[arg(long)]
    pub(crate) orders: Option<usize>,
    /// `plants`: the first seed (1).
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// `process`: make the logs anew.
    #[arg(long)]
    pub(crate) make: bool,
    /// Write the figures into this Markdown file.
    #[arg(long)]
    pub(crate) doc: Option<PathBuf>,
    #[arg(long)]
    pub(crate) json: bool,
}

/// The exit code of a refusal.
pub(crate) fn exit_code(error: &Error) -> ExitCode {
    match error.code {
        "folder.in_use" => ExitCode::from(4),
        "store.schema_newer" | "store.schema_changed" => ExitCode::from(6),
        "backup.damaged" | "backup.file_changed" => ExitCode::from(5),
        code if ["import.", "log."].iter().any(|of| code.starts_with(of)) => ExitCode::from(5),
        _ => ExitCode::from(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_in_mail_lead_to_where_the_program_listens_unless_somebody_says_where() {
        let link = |url: Option<&str>| {
            let outside = Outside { url: url.map(str::to_owned), ..Outside::default() };
            outside.of("127.0.0.1:8471").url
        };
        assert_eq!(link(None).as_deref(), Some("http://127.0.0.1:8471"));
        let public = "https://huiliu.example.com";
        assert_eq!(link(Some(public)).as_deref(), Some(public));
    }
}

//! Tables with a row for each event: separator and columns guessed by name, then by content.
use super::Ask;
use crate::log::build::NewEvent;
use crate::log::time::{self, DayOrder};
use crate::log::{Builder, NO_TIME, Stage, Trouble};
use csv::ByteRecord;
use kernel::{Error, Result};
use std::collections::BTreeSet;
use std::io::BufRead;

/// Which column is what, by header.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Columns {
    pub case: Option<String>,
    pub activity: Option<String>,
    /// The time of the event; its beginning where `end` is there too.
    pub time: Option<String>,
    pub end: Option<String>,
    pub resource: Option<String>,
}

impl Columns {
    /// The headers that `named` gives for `case`, `activity`, `time`, `end` and `resource`.
    pub fn of(named: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            case: named("case"),
            activity: named("activity"),
            time: named("time"),
            end: named("end"),
            resource: named("resource"),
        }
    }
}

/// Known headers, best first, written without case, spaces and signs.
const CASE: &[&str] = &[
    "caseconceptname",
    "caseid",
    "case",
    "caseno",
    "casenumber",
    "casekey",
    "traceid",
    "processid",
    "案例编号",
    "案例id",
    "案例号",
    "案例",
    "流程实例",
    "实例id",
    "订单号",
    "订单编号",
    "单号",
    "orderid",
    "ordernumber",
    "orderno",
    "ticketid",
    "requestid",
];
const ACTIVITY: &[&str] = &[
    "conceptname",
    "activity",
    "activityname",
    "activityen",
    "task",
    "taskname",
    "eventname",
    "eventtype",
    "event",
    "step",
    "action",
    "活动名称",
    "活动",
    "环节",
    "节点",
    "步骤",
    "任务",
    "操作",
];
const END: &[&str] = &[
    "timetimestamp",
    "endtimestamp",
    "endtime",
    "end",
    "completetimestamp",
    "completetime",
    "completiontime",
    "completedat",
    "finishtime",
    "完成时间",
    "结束时间",
];
const TIME: &[&str] = &[
    "timestamp",
    "eventtime",
    "time",
    "datetime",
    "date",
    "occurredat",
    "时间戳",
    "发生时间",
    "操作时间",
    "时间",
    "日期",
];
const START: &[&str] =
    &["starttimestamp", "starttime", "start", "startedat", "begintime", "begin", "开始时间"];
const RESOURCE: &[&str] = &[
    "orgresource",
    "resource",
    "username",
    "user",
    "employee",
    "agent",
    "performer",
    "owner",
    "操作人",
    "处理人",
    "执行人",
    "人员",
    "资源",
];

/// Rows that the guess by content looks at.
const SAMPLE: usize = 500;

/// The table's columns by number.
struct Places {
    case: usize,
    activity: usize,
    start: Option<usize>,
    end: usize,
    resource: Option<usize>,
    stage: Option<usize>,
    others: Vec<(usize, String)>,
    order: DayOrder,
}

pub(super) fn read(mut stream: impl BufRead, ask: &Ask, builder: &mut Builder) -> Result<Columns> {
    let broken = |e: csv::Error| {
        let place = e.position().map_or_else(String::new, |p| format!("line {}", p.line()));
        Error::invalid("log.broken", e).with("place", place)
    };
    let io = |e: std::io::Error| Error::invalid("log.cannot_read", e).with("path", "");
    let delimiter = separator(stream.fill_buf().map_err(io)?);
    let mut table =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(stream);
    let headers: Vec<String> = table
        .byte_headers()
        .map_err(broken)?
        .iter()
        .map(|h| String::from_utf8_lossy(h).trim().to_owned())
        .collect();
    let mut sample = Vec::new();
    let mut record = ByteRecord::new();
    while sample.len() < SAMPLE && table.read_byte_record(&mut record).map_err(broken)? {
        sample.push(record.clone());
    }
    let (places, columns) = settle(&headers, &sample, ask)?;
    for record in &sample {
        row(record, &places, headers.len(), builder);
    }
    drop(sample);
    while table.read_byte_record(&mut record).map_err(broken)? {
        row(&record, &places, headers.len(), builder);
    }
    Ok(columns)
}

/// The commonest of the usual separators in the first line.
fn separator(head: &[u8]) -> u8 {
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |s: u8| line.iter().filter(|b| **b == s).count();
    *[b',', b';', b'\t', b'|'].iter().max_by_key(|s| (count(**s), **s == b',')).unwrap_or(&b',')
}

fn row(record: &ByteRecord, places: &Places, width: usize, builder: &mut Builder) {
    let line = || format!("line {}", record.position().map_or(0, csv::Position::line));
    if record.len() < width && record.len() <= places.case.max(places.activity).max(places.end) {
        builder.quality().note(Trouble::BadRow, line);
        return;
    }
    if record.iter().any(|field| std::str::from_utf8(field).is_err()) {
        builder.quality().note(Trouble::NotUtf8, line);
        let lossy = record.iter().map(|f| String::from_utf8_lossy(f).into_owned().into_bytes());
        return row(&lossy.collect(), places, width, builder);
    }
    let text = |at: usize| {
        std::str::from_utf8(record.get(at).unwrap_or_default()).unwrap_or_default().trim()
    };
    let (case, activity, end) = (text(places.case), text(places.activity), text(places.end));
    let (start, resource) = (places.start.map(text), places.resource.map(text));
    let stage = places.stage.map_or(Stage::Complete, |at| super::stage(text(at)));
    if case.is_empty() || activity.is_empty() {
        let trouble = if case.is_empty() { Trouble::NoCase } else { Trouble::NoActivity };
        builder.quality().note(trouble, line);
        return;
    }
    let mut at = |value: &str| {
        let read = time::read(value, places.order)?;
        builder.offset(read.offset);
        if read.assumed {
            builder.quality().note(Trouble::AmbiguousDate, line);
        }
        Some(read.at)
    };
    let began = start.and_then(&mut at);
    // Work that has begun and has no end yet is not done; it is no event.
    let Some(done) = at(end) else {
        builder.quality().note(Trouble::NoTime, line);
        return;
    };
    let start = began.unwrap_or(NO_TIME);
    let new = NewEvent { start, resource, stage, ..NewEvent::at(activity, done) };
    let event = builder.case_event(case, &new);
    for (at, name) in &places.others {
        let value = String::from_utf8_lossy(record.get(*at).unwrap_or_default());
        if !value.is_empty() {
            builder.attribute(event, name, &value);
        }
    }
}

// ---- which column is what

fn settle(headers: &[String], sample: &[ByteRecord], ask: &Ask) -> Result<(Places, Columns)> {
    let told = &ask.columns;
    let by_flag = |name: &Option<String>| -> Result<Option<usize>> {
        let Some(name) = name else { return Ok(None) };
        let found = headers
            .iter()
            .position(|h| h == name)
            .or_else(|| headers.iter().position(|h| h.eq_ignore_ascii_case(name)));
        let unknown =
            || Error::invalid("log.no_such_column", name).with("columns", headers.join(", "));
        found.map(Some).ok_or_else(unknown)
    };
    let by_name = |known: &[&str]| {
        let is = |header: &String, name: &str| plain(header) == name;
        known.iter().find_map(|name| headers.iter().position(|h| is(h, name)))
    };
    let (time, end) = (by_flag(&told.time)?, by_flag(&told.end)?);
    let (start, end) = match (time, end) {
        (time, Some(end)) => (time, Some(end)),
        (Some(time), None) => (None, Some(time)),
        (None, None) => {
            let done = by_name(END).or_else(|| by_name(TIME));
            let start = by_name(START).filter(|start| Some(*start) != done);
            if done.is_some() { (start, done) } else { (None, start) }
        }
    };
    let end = end.or_else(|| (0..headers.len()).find(|at| is_time(sample, *at)));
    let activity = by_flag(&told.activity)?.or_else(|| by_name(ACTIVITY));
    let case = by_flag(&told.case)?.or_else(|| by_name(CASE).filter(|c| Some(*c) != activity));
    let taken = |at: usize| Some(at) == end || Some(at) == start || Some(at) == activity;
    let case = case.or_else(|| likely_case(headers, sample, &taken));
    let taken = |at: usize| Some(at) == end || Some(at) == start || Some(at) == case;
    let activity = activity.or_else(|| likely_activity(headers, sample, &taken));
    let (Some(case), Some(activity), Some(end)) = (case, activity, end) else {
        return Err(Error::invalid("log.columns_unknown", headers.join(", ")));
    };
    let resource = by_flag(&told.resource)?.or_else(|| by_name(RESOURCE));
    let stage = by_name(&["lifecycletransition", "lifecycle"]);
    let used = |at: usize| {
        [Some(case), Some(activity), Some(end), start, resource, stage].contains(&Some(at))
    };
    let others = headers.iter().cloned().enumerate();
    let others = others.filter(|(at, name)| !used(*at) && ask.keep.wants(name)).collect();
    let order = day_order(sample, end);
    let name = |at: usize| Some(headers[at].clone());
    let columns = Columns {
        case: name(case),
        activity: name(activity),
        time: name(start.unwrap_or(end)),
        end: start.and_then(|_| name(end)),
        resource: resource.and_then(name),
    };
    Ok((Places { case, activity, start, end, resource, stage, others, order }, columns))
}

/// A header without case, spaces and signs.
fn plain(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn values(sample: &[ByteRecord], at: usize) -> impl Iterator<Item = &str> {
    sample.iter().filter_map(move |r| std::str::from_utf8(r.get(at)?).ok()).map(str::trim)
}

/// Nine of ten values are times, and not just numbers.
fn is_time(sample: &[ByteRecord], at: usize) -> bool {
    let is = |text: &&str| {
        text.contains(['-', '/', '.', ':']) && time::read(text, DayOrder::DayFirst).is_some()
    };
    let n = values(sample, at).count();
    n > 0 && values(sample, at).filter(is).count() * 10 >= n * 9
}

fn distinct(sample: &[ByteRecord], at: usize) -> usize {
    values(sample, at).collect::<BTreeSet<_>>().len()
}

/// The column with most different values that still come back.
fn likely_case(
    headers: &[String],
    sample: &[ByteRecord],
    taken: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    let free = (0..headers.len()).filter(|at| !taken(*at) && !is_time(sample, *at));
    let candidates = free.map(|at| (distinct(sample, at), at));
    let fit = candidates.filter(|(n, _)| *n > 1 && *n * 10 <= sample.len() * 9);
    fit.max_by_key(|(n, at)| (*n, std::cmp::Reverse(*at))).map(|(_, at)| at)
}

/// The column with fewest different texts, but more than one.
fn likely_activity(
    headers: &[String],
    sample: &[ByteRecord],
    taken: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    let is_word = |at: usize| values(sample, at).all(|v| v.parse::<i64>().is_err());
    let free = (0..headers.len()).filter(|at| !taken(*at) && !is_time(sample, *at) && is_word(*at));
    let candidates = free.map(|at| (distinct(sample, at), at));
    candidates.filter(|(n, _)| *n > 2).min_by_key(|(n, at)| (*n, *at)).map(|(_, at)| at)
}

/// Whether a month above 12 gives away that the month comes first.
fn day_order(sample: &[ByteRecord], at: usize) -> DayOrder {
    let second_above = |text: &str| {
        let mut parts = text.split(['/', '.', '-']);
        let (first, second) = (parts.next()?, parts.next()?);
        let (first, second): (u32, u32) = (first.parse().ok()?, second.parse().ok()?);
        Some(first <= 12 && second > 12 && second <= 31)
    };
    let is_month_first = values(sample, at).any(|text| second_above(text) == Some(true));
    if is_month_first { DayOrder::MonthFirst } else { DayOrder::DayFirst }
}

//! X Education's leads: what they did on the site, and whether they enrolled.
//!
//! Traps: every line ends with an empty cell; `Select` means nothing was chosen; `Google` and
//! `google`; no day anywhere, so facts are told on the day of the import and say so. What is set
//! after the contact (tags, quality) is kept with the rest of what is known, not as a score.
use super::{Build, lines, origin, told};
use crate::mapping::{Column, FileMap, Kind, Mapping, text};
use crate::read::{Line, Reading};
use flows::history::{GivenLead, LeadEnd, Row};

pub(super) static MAPPING: Mapping =
    Mapping { name: "leads_xeducation", files: &[LEADS], nothing: &["Select"], build };

const LEADS: FileMap = FileMap::rows(
    "leads",
    "lead",
    &["Lead Number"],
    &[
        text("Prospect ID", 60, "lead.need").needed(),
        text("Lead Number", 32, "lead.number").needed(),
        text("Lead Origin", 60, "lead.need"),
        text("Lead Source", 60, "lead.origin").alias(&[("google", "Google")]),
        Column::new("Do Not Email", Kind::YesNo { yes: "Yes", no: "No" }, "lead.need"),
        Column::new("Do Not Call", Kind::YesNo { yes: "Yes", no: "No" }, "lead.need"),
        Column::new("Converted", Kind::YesNo { yes: "1", no: "0" }, "lead.state").needed(),
        Column::new("TotalVisits", Kind::Whole, "lead.need"),
        Column::new("Total Time Spent on Website", Kind::Whole, "lead.need"),
        Column::new("Page Views Per Visit", Kind::Exact, "lead.need"),
        text("Last Activity", 60, "lead.need"),
        text("Country", 60, "lead.region"),
        text("Specialization", 60, "lead.need"),
        text("How did you hear about X Education", 60, "lead.need"),
        text("What is your current occupation", 60, "lead.need"),
        text("Tags", 80, "lead.need"),
        text("Lead Quality", 60, "lead.need"),
        text("Lead Profile", 60, "lead.need"),
        text("City", 60, "lead.region"),
        text("Last Notable Activity", 60, "lead.need"),
    ],
);

fn build(reading: &mut Reading, build: &mut Build) {
    let leads: Vec<GivenLead> = lines(reading, &LEADS).map(lead).collect();
    let blank = leads.iter().filter(|lead| lead.channel.is_empty()).count();
    reading.notes.add("without_origin", blank);
    reading.notes.add("leads_without_days", leads.len());
    build.rows.extend(leads.into_iter().map(|row| Row::Lead(Box::new(row))));
}

fn lead(line: &Line) -> GivenLead {
    let text = |name: &str| line.text(&LEADS, name);
    let yes = |name: &str| if line.is_yes(&LEADS, name) { "yes".to_owned() } else { String::new() };
    let views = line.number(&LEADS, "Page Views Per Visit");
    let about = [
        ("prospect", text("Prospect ID")),
        ("by", text("Lead Origin")),
        ("do not mail", yes("Do Not Email")),
        ("do not call", yes("Do Not Call")),
        ("visits", text("TotalVisits")),
        ("seconds on site", text("Total Time Spent on Website")),
        ("pages per visit", views.map_or_else(String::new, |n| kernel::Qty(n).to_string())),
        ("last activity", text("Last Activity")),
        ("specialization", text("Specialization")),
        ("heard by", text("How did you hear about X Education")),
        ("occupation", text("What is your current occupation")),
        ("tags", text("Tags")),
        ("quality", text("Lead Quality")),
        ("profile", text("Lead Profile")),
        ("last notable", text("Last Notable Activity")),
    ];
    let region = [text("City"), text("Country")];
    let number = line.key(&LEADS);
    GivenLead {
        origin: origin(&LEADS, line),
        name: number.clone(),
        number,
        company_name: String::new(),
        phone: String::new(),
        mail: String::new(),
        channel: text("Lead Source"),
        region: region.into_iter().find(|part| !part.is_empty()).unwrap_or_default(),
        need: told(&about),
        est_amount: 0,
        end: if line.is_yes(&LEADS, "Converted") { LeadEnd::Converted } else { LeadEnd::Open },
        agent: None,
        party: None,
        created: None,
        ended: None,
    }
}

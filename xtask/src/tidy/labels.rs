//! Labels of what is declared: every entity, field, value, state, verb and activity that people can
//! see has one in both languages, and none is left over.
use super::Findings;
use super::house::House;
use flows::Verb;
use std::collections::{BTreeMap, BTreeSet};
use store::meta::{Entity, Field, FieldKind, Grade};

const FILES: &[&str] = &["locales/zh-CN/fields.ftl", "locales/en/fields.ftl"];

/// What needs a label: its kind, whose it is, its name.
type Needed = BTreeSet<(&'static str, String, String)>;

/// Labels of things that are named in code or data and not in a declaration: usual roles, kinds of
/// entries, actors, and names that commands write into fields of text.
const KEPT: &[&str] = &["actor-", "entry-", "role-"];
/// Fields of text whose values commands choose from a few.
const TEXT_VALUES: &[&str] = &["stage", "channel", "order_type"];

pub(crate) fn check_labels(house: &House, findings: &mut Findings) {
    if house.text(FILES[0]).is_none() {
        return;
    }
    let needed = needed();
    for file in FILES {
        let said = keys(house.text(file).unwrap_or_default());
        let mut used: BTreeSet<String> = BTreeSet::new();
        for (kind, owner, name) in &needed {
            let own = format!("{kind}-{}-{}", dashed(owner), dashed(name));
            let shared = format!("{kind}-{}", dashed(name));
            match [own, shared.clone()].into_iter().find(|key| said.contains_key(key)) {
                Some(key) => drop(used.insert(key)),
                None => {
                    let what = format!("{kind} {owner}.{name} has no label");
                    findings.refuse(file, 1, what, format!("add {shared}, or one of its own"));
                }
            }
        }
        for (key, line) in said.iter().filter(|(key, _)| !used.contains(*key)) {
            if !KEPT.iter().any(|kept| key.starts_with(kept)) && !is_text_value(key) {
                let what = format!("{key} is the label of nothing that is declared");
                findings.refuse(file, *line, what, "remove it, or correct the name");
            }
        }
    }
}

fn is_text_value(key: &str) -> bool {
    TEXT_VALUES.iter().any(|field| key.starts_with(&format!("option-{}-", dashed(field))))
}

fn dashed(text: &str) -> String {
    text.replace(['_', '.'], "-")
}

/// Messages with the line where each stands; attributes belong to their message.
fn keys(text: &str) -> BTreeMap<String, usize> {
    let message = |(at, line): (usize, &str)| {
        let name = line.split_once(" =")?.0;
        let is_key = !name.starts_with([' ', '#']) && !name.is_empty();
        is_key.then(|| (name.to_owned(), at + 1))
    };
    text.lines().enumerate().filter_map(message).collect()
}

fn needed() -> Needed {
    let entities = flows::entities();
    let verbs: Vec<&Verb> = flows::verbs().collect();
    let is_seen = |e: &&&Entity| e.grade != Grade::Internal;
    let mut all = Needed::new();
    for entity in entities.iter().filter(is_seen) {
        all.insert(("entity", String::new(), entity.name.to_owned()));
        fields(&mut all, entity.name, entity.fields);
        if let Some(lifecycle) = entity.lifecycle {
            for state in lifecycle.states {
                all.insert(("state", entity.name.to_owned(), (*state).to_owned()));
            }
            for step in lifecycle.moves {
                all.insert(("verb", entity.name.to_owned(), step.verb.to_owned()));
            }
        }
    }
    for verb in verbs.iter().copied().chain(http::own_verbs()) {
        all.insert(("verb", verb.entity.to_owned(), verb.name.to_owned()));
        fields(&mut all, verb.entity, verb.takes);
        fields(&mut all, verb.entity, verb.lines);
    }
    for (_, activity) in flows::activities() {
        all.insert(("activity", String::new(), activity.name.to_owned()));
    }
    all
}

fn fields(all: &mut Needed, owner: &str, fields: &[Field]) {
    for field in fields {
        all.insert(("field", owner.to_owned(), field.name.to_owned()));
        let FieldKind::Enum(options) = field.kind else { continue };
        for option in options.iter().filter(|o| !o.is_empty()) {
            let (kind, name) = match field.name {
                "state" => ("state", (*option).to_owned()),
                name => ("option", format!("{name}-{option}")),
            };
            all.insert((kind, owner.to_owned(), name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_label_and_a_left_over_one_are_found_in_their_language() {
        let mut all = String::new();
        for (kind, _, name) in needed() {
            let key = format!("{kind}-{}", dashed(&name));
            if !all.contains(&format!("{key} =")) {
                all.push_str(&format!("{key} = x\n"));
            }
        }
        let found = |zh: &str, en: &str| {
            let file = |at: usize, text: &str| (FILES[at].to_owned(), text.to_owned());
            let files = [file(0, zh), file(1, en)];
            let mut findings = Findings::default();
            check_labels(&House::of(files.into()), &mut findings);
            findings.0.len()
        };
        assert_eq!(found(&all, &all), 0);
        let without = all.replace("field-number = x\n", "");
        assert!(found(&without, &all) > 0);
        assert_eq!(found(&all, &format!("{all}field-nobody-has = x\n")), 1);
    }
}

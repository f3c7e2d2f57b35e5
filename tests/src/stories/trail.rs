//! Who did what and when: told by facts, found by person, document and time; on both engines.
use crate::house::{code, each};
use access::commands::{CompanyChange, change_company};
use flows::trail::{MOST, Wanted, trail};
use kernel::{Done, Id};
use serde_json::Value as Json;

fn rows(answer: &Json) -> Vec<Json> {
    answer["rows"].as_array().cloned().unwrap_or_default()
}

#[test]
fn the_trail_says_who_changed_the_company_and_names_no_value() {
    each(|house| {
        let id = Id::from_raw(house.company);
        let change = CompanyChange { phone: Some(" 0574-1 ".into()), ..CompanyChange::default() };
        assert!(matches!(
            house.run(|cx, tx| change_company(cx, tx, id, change.clone()))?,
            Done::Now(())
        ));
        assert!(matches!(
            house.run(|cx, tx| change_company(cx, tx, id, change.clone()))?,
            Done::Already
        ));
        let nameless = CompanyChange { name: Some(" ".into()), ..CompanyChange::default() };
        let refused = house.run(|cx, tx| change_company(cx, tx, id, nameless.clone()));
        assert_eq!(code(refused), "company.no_name");
        let wanted = Wanted { kind: "company".into(), ..Wanted::default() };
        let found = house.read(|cx, tx| trail(cx, tx, &wanted))?;
        let changed: Vec<Json> =
            rows(&found).into_iter().filter(|f| f["activity"] == "company.changed").collect();
        assert_eq!(changed.len(), 1, "{found}");
        assert_eq!(changed[0]["objects"][0]["id"], house.company.to_string());
        assert!(!found.to_string().contains("0574-1"), "no value is in a fact");
        Ok(())
    });
}

#[test]
fn the_trail_goes_on_below_and_stops_at_its_beginning() {
    each(|house| {
        for n in 0..40 {
            house.customer(&format!("客户{n}"), "N30", None)?;
        }
        let mut wanted = Wanted::default();
        let (mut seen, mut pages) = (Vec::new(), 0);
        loop {
            let page = house.read(|cx, tx| trail(cx, tx, &wanted))?;
            assert!(rows(&page).len() <= MOST);
            seen.extend(rows(&page).into_iter().map(|f| f["id"].as_str().unwrap().to_owned()));
            pages += 1;
            match page["next"].as_str() {
                Some(next) => wanted.before = next.parse().unwrap(),
                None => break,
            }
        }
        let count = seen.len();
        assert!(pages > 1 && count > 80, "{pages} pages, {count} facts");
        assert!(seen.windows(2).all(|two| two[0] > two[1]), "each once, newest first");
        let late = Wanted { from: Some(house.now().plus(1)), ..Wanted::default() };
        assert!(rows(&house.read(|cx, tx| trail(cx, tx, &late))?).is_empty());
        let of_one = Wanted { kind: "company".into(), id: house.company, ..Wanted::default() };
        assert!(!rows(&house.read(|cx, tx| trail(cx, tx, &of_one))?).is_empty());
        let nobody = Wanted { actor: 77, ..Wanted::default() };
        assert!(rows(&house.read(|cx, tx| trail(cx, tx, &nobody))?).is_empty());
        Ok(())
    });
}

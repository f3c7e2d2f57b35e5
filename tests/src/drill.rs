//! Every kind of case that a list can hold has a name, and a screen to go to.
use process::insight::SHOWN;
use process::insight::places::{ABOUT, SCREENS};
use process::kpi::Catalogue;

#[test]
fn every_kind_of_case_has_a_name_and_a_screen() {
    let (entities, kpis) = (flows::entities(), Catalogue::ours().unwrap().kpis);
    let web = include_str!("../../web/src/screens/process-data.ts");
    for (kind, name, collection) in SCREENS {
        let entity = entities.iter().find(|e| e.name == *kind).expect(kind);
        assert_eq!(entity.collection, *collection, "the screen of a {kind}");
        assert!(entity.field(name).is_some(), "a {kind} has no {name}");
        assert!(web.contains(&format!("  {kind}: '{collection}',")), "the web app knows no {kind}");
    }
    let tables = kpis.iter().map(|kpi| kpi.table.as_str());
    let faults = process::waste::faults::KINDS.iter().copied();
    for kind in tables.chain(SHOWN).chain(faults) {
        let is_known = SCREENS.iter().any(|(of, ..)| *of == kind) || ABOUT.contains(&kind);
        assert!(is_known, "cases of kind {kind} lead nowhere");
    }
}

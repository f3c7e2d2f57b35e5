//! Where a case is looked at, and by what name a person knows it. A case without a screen of its
//! own (a hold, an approval, a review) is looked at on the document that it is about.
use super::Insight;
use serde_json::{Value as Json, json};

/// Kinds of document with a screen: the field that names one, and the collection of its screen.
pub const SCREENS: &[(&str, &str, &str)] = &[
    ("quote", "number", "quotes"),
    ("change_order", "number", "change_orders"),
    ("return", "number", "returns"),
    ("statement", "number", "statements"),
    ("invoice", "number", "invoices"),
    ("shipment", "number", "shipments"),
    ("order", "number", "orders"),
    ("opportunity", "number", "opportunities"),
    ("lead", "number", "leads"),
    ("payment", "number", "payments"),
    ("product", "code", "products"),
];

/// Kinds of case that are looked at on the document that their facts touch.
pub const ABOUT: &[&str] = &["hold", "approval", "order_review"];

impl Insight {
    /// The document behind a case; nothing where no fact says which.
    pub(crate) fn document(&self, kind: &str, id: i64) -> Option<(&'static str, i64)> {
        let screen = |of: &str| SCREENS.iter().find(|(kind, ..)| *kind == of).map(|s| s.0);
        if let Some(kind) = screen(kind) {
            return Some((kind, id));
        }
        let (facts, table) = (self.ground.facts(), self.cases.table(kind)?);
        let told = table.facts_of(table.row(id)?);
        let touched = |of: &str| {
            let of = facts.kind(of);
            told.iter().find_map(|fact| facts.object(*fact as usize, of))
        };
        SCREENS.iter().find_map(|(kind, ..)| Some((*kind, touched(kind)?)))
    }
    /// A case in a list: its id, the document to go to, and its name. An order that is not
    /// confirmed yet has no number: its name is empty, and the screen says so.
    pub(crate) fn listed(&self, kind: &str, id: i64) -> Json {
        let Some((of, document)) = self.document(kind, id) else {
            return json!({ "id": id.to_string(), "number": "" });
        };
        json!({ "id": id.to_string(), "number": self.number(of, document), "of": of,
            "document": document.to_string() })
    }
    /// How a person knows a document: its number, or its code; empty where it has none yet.
    pub(crate) fn number(&self, kind: &str, id: i64) -> String {
        let field = SCREENS.iter().find(|(of, ..)| *of == kind).map_or("number", |s| s.1);
        self.ground.masters.text(kind, field, id).to_owned()
    }
}

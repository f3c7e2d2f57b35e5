//! Declarations of leads and opportunities.
use crate::{LEAD_LIFECYCLE, LeadState, OPPORTUNITY_LIFECYCLE, OpportunityState};
use kernel::Secrecy;
use meta::{
    Entity, Field, FieldKind, Look, Seek, any, day, flag, instant, int, money, one_of, refers, text,
};

pub static LEAD: Entity = Entity::new(
    "lead",
    "crm",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 32).by_commands().in_list(),
        any("company").by_commands(),
        text("name", 120).by_sound("name_sound").required().in_list(),
        text("company_name", 200).by_sound("company_name_sound").in_list(),
        text("phone", 40).personal().kept(Secrecy::Contact).looks(Look::Phone),
        text("mail", 120).personal().kept(Secrecy::Contact).looks(Look::Mail),
        text("wechat", 60).personal().kept(Secrecy::Contact),
        text("origin", 60).in_list(),
        text("region", 60).in_list(),
        text("need", 1000),
        money("est_amount").in_list(),
        text("currency", 3),
        one_of("state", LeadState::NAMES).by_commands().in_list(),
        day("came_on").by_commands().in_list(),
        any("owner").by_commands().in_list(),
        any("given_back_by").by_commands(),
        int("score").looks(Look::Score),
        instant("assigned_at").by_commands(),
        instant("first_response_at").by_commands().in_list(),
        instant("pooled_at").by_commands(),
        text("return_reason", 200).by_commands(),
        refers("party", "party").by_commands(),
        any("opportunity").by_commands(),
        flag("history").by_commands(),
        any("batch_id").by_commands(),
    ],
)
.collection("leads")
.lifecycle(&LEAD_LIFECYCLE)
.index(&[&["state", "id"], &["owner", "id"], &["phone"], &["batch_id"]])
.title("number")
.searched(&[
    ("number", Seek::Number),
    ("name", Seek::Words),
    ("company_name", Seek::Words),
    ("phone", Seek::Phone),
]);

pub static OPPORTUNITY: Entity = Entity::new(
    "opportunity",
    "crm",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 40).by_commands().in_list(),
        any("company").by_commands(),
        text("name", 200).by_sound("name_sound").required().in_list(),
        refers("party", "party").in_list(),
        refers("lead", "lead"),
        refers("product", "product").in_list(),
        text("stage", 40).by_commands().in_list(),
        one_of("state", OpportunityState::NAMES).by_commands().in_list(),
        money("amount").in_list(),
        text("currency", 3).in_list(),
        int("probability").looks(Look::Percent),
        any("owner").by_commands().in_list(),
        text("team", 60).in_list(),
        day("opened_on").in_list(),
        day("close_expected").in_list(),
        day("closed_on").by_commands().in_list(),
        text("lost_reason", 200).by_commands(),
        flag("history").by_commands(),
        flag("open_fields_waived").by_commands(),
        any("batch_id").by_commands(),
    ],
)
.collection("opportunities")
.lifecycle(&OPPORTUNITY_LIFECYCLE)
.index(&[&["state", "id"], &["batch_id"]])
.title("number")
.searched(&[("number", Seek::Number), ("name", Seek::Words)]);

pub static ENTITIES: &[&Entity] = &[&LEAD, &OPPORTUNITY];

//! Declarations of what goes outside.
use crate::notice::NoticeKind;
use crate::task::{TASK_LIFECYCLE, TaskKind, TaskState};
use crate::webhook::{WEBHOOK_LIFECYCLE, WebhookState};
use store::meta::{
    Entity, Field, FieldKind, Grade, Look, Seek, any, day, flag, instant, int, one_of, text,
};

const fn id() -> Field {
    Field::new("id", FieldKind::Any).by_commands()
}

/// Somebody's program that is told of facts.
pub(crate) static WEBHOOK: Entity = Entity::new(
    "webhook",
    "connect",
    &[
        id(),
        int("version").by_commands(),
        text("name", 100).required().in_list(),
        text("url", 500).looks(Look::Link).required().in_list(),
        text("activities", 500).looks(Look::Tags).required().in_list(),
        one_of("state", WebhookState::NAMES).by_commands().in_list(),
        text("reason", 200).by_commands().in_list(),
        any("made_by").by_commands().in_list(),
        instant("made_at").by_commands().in_list(),
    ],
)
.collection("webhooks")
.lifecycle(&WEBHOOK_LIFECYCLE)
.index(&[&["state", "id"]])
.title("name");

/// What signs a webhook's messages, apart from it, so that no list or form ever reaches it. Its id
/// is the webhook's.
pub(crate) static WEBHOOK_SECRET: Entity = Entity::new(
    "webhook_secret",
    "connect",
    &[id(), text("secret", 100), text("previous", 100), instant("previous_until")],
)
.grade(Grade::Internal);

/// Something that a user should know or do.
pub(crate) static NOTICE: Entity = Entity::new(
    "notice",
    "connect",
    &[
        id(),
        any("user_id"),
        one_of("kind", NoticeKind::NAMES),
        text("subject_kind", 30),
        any("subject"),
        text("document_kind", 30),
        any("document"),
        text("reason", 200),
        any("fact"),
        instant("at"),
        instant("read_at"),
        instant("settled_at"),
    ],
)
.grade(Grade::Internal)
.index(&[&["user_id", "id"], &["subject_kind", "subject"], &["fact"]]);

/// How a user wants to be told. Its id is the user's.
pub(crate) static NOTICE_SETTING: Entity = Entity::new(
    "notice_setting",
    "connect",
    &[id(), text("mail", 200).personal(), flag("by_mail"), text("lang", 10)],
)
.grade(Grade::Internal);

/// A file on a row. The content lies in a folder under its digest.
pub(crate) static ATTACHMENT: Entity = Entity::new(
    "attachment",
    "connect",
    &[
        id(),
        text("subject_kind", 30),
        any("subject"),
        text("name", 200).personal(),
        text("media", 100),
        int("size").looks(Look::Size),
        text("digest", 64),
        any("made_by"),
        instant("made_at"),
    ],
)
.grade(Grade::Internal)
.index(&[&["subject_kind", "subject"]]);

/// What somebody said of a row. It has no scope of its own: that of its row counts, as it is when
/// somebody asks.
pub(crate) static COMMENT: Entity = Entity::new(
    "comment",
    "connect",
    &[
        id(),
        int("version"),
        text("subject_kind", 30),
        any("subject"),
        text("text", 4000).personal(),
        any("made_by"),
        instant("made_at"),
        instant("changed_at"),
        instant("withdrawn_at"),
    ],
)
.grade(Grade::Internal)
.index(&[&["subject_kind", "subject"]]);

/// Whom a comment calls.
pub(crate) static COMMENT_MENTION: Entity =
    Entity::new("comment_mention", "connect", &[id(), any("comment"), any("user_id")])
        .grade(Grade::Internal)
        .index(&[&["comment"]]);

/// Something that one person is to do.
pub(crate) static TASK: Entity = Entity::new(
    "task",
    "connect",
    &[
        id(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        any("company").by_commands(),
        one_of("kind", TaskKind::NAMES).in_list(),
        text("title", 200).by_sound("title_sound").personal().required().in_list(),
        text("details", 2000).personal(),
        one_of("state", TaskState::NAMES).by_commands().in_list(),
        day("due").in_list(),
        any("for_user").in_list(),
        any("asked_by").by_commands().in_list(),
        instant("asked_at").by_commands(),
        text("subject_kind", 30).by_commands(),
        any("subject").by_commands().in_list(),
        text("outcome", 500).personal().by_commands(),
        instant("ended_at").by_commands(),
    ],
)
.collection("tasks")
.lifecycle(&TASK_LIFECYCLE)
.index(&[
    &["for_user", "state", "due"],
    &["asked_by", "state", "due"],
    &["subject_kind", "subject"],
    &["state", "due"],
])
.title("title")
.searched(&[("title", Seek::Words)]);

/// Every table of this room.
pub static ENTITIES: &[&Entity] = &[
    &WEBHOOK,
    &WEBHOOK_SECRET,
    &NOTICE,
    &NOTICE_SETTING,
    &ATTACHMENT,
    &COMMENT,
    &COMMENT_MENTION,
    &TASK,
];

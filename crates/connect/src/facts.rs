//! What this room reports.
use kernel::Activity;

pub const WEBHOOK_CREATED: Activity =
    Activity::new("webhook.created", "a program that is to be told of facts was entered");
pub const WEBHOOK_CHANGED: Activity =
    Activity::new("webhook.changed", "what a webhook is told, or where, was changed");
pub const WEBHOOK_ENABLED: Activity = Activity::new("webhook.enabled", "a webhook was switched on");
pub const WEBHOOK_DISABLED: Activity = Activity::new(
    "webhook.disabled",
    "a webhook was switched off, by somebody or after it failed for long",
);
pub const WEBHOOK_SECRET_ISSUED: Activity = Activity::new(
    "webhook.secret_issued",
    "a webhook got a secret to sign with; the one before is good for a day more",
);
pub const WEBHOOK_REPLAYED: Activity =
    Activity::new("webhook.replayed", "a webhook is told again from an earlier fact on");

pub const NOTICE_GIVEN: Activity =
    Activity::new("notice.given", "a user was told of something to know or to do");
pub const NOTICE_SETTLED: Activity =
    Activity::new("notice.settled", "what a user was told to do is done");
pub const MAIL_TESTED: Activity =
    Activity::new("mail.tested", "a user sent themselves a message to see that mail goes out");
pub const FILE_ATTACHED: Activity = Activity::new("file.attached", "a file was hung on a document");

pub const COMMENT_WRITTEN: Activity =
    Activity::new("comment.written", "somebody said something of a document");
pub const COMMENT_CHANGED: Activity =
    Activity::new("comment.changed", "somebody said it otherwise");
pub const COMMENT_WITHDRAWN: Activity =
    Activity::new("comment.withdrawn", "somebody took back what they had said");

pub const TASK_ASSIGNED: Activity =
    Activity::new("task.assigned", "somebody was asked to do something");
pub const TASK_CHANGED: Activity =
    Activity::new("task.changed", "what is to be done, or until when, was changed");
pub const TASK_STARTED: Activity =
    Activity::new("task.started", "somebody began what they are to do");
pub const TASK_COMPLETED: Activity =
    Activity::new("task.completed", "somebody did what they were to do");
pub const TASK_RETURNED: Activity =
    Activity::new("task.returned", "a task went back to who had asked for it");
pub const TASK_DROPPED: Activity = Activity::new("task.dropped", "nobody needs to do it any more");
pub const TASK_REOPENED: Activity = Activity::new("task.reopened", "it is to be done after all");

pub static FACTS: &[Activity] = &[
    WEBHOOK_CREATED,
    WEBHOOK_CHANGED,
    WEBHOOK_ENABLED,
    WEBHOOK_DISABLED,
    WEBHOOK_SECRET_ISSUED,
    WEBHOOK_REPLAYED,
    NOTICE_GIVEN,
    NOTICE_SETTLED,
    MAIL_TESTED,
    FILE_ATTACHED,
    COMMENT_WRITTEN,
    COMMENT_CHANGED,
    COMMENT_WITHDRAWN,
    TASK_ASSIGNED,
    TASK_CHANGED,
    TASK_STARTED,
    TASK_COMPLETED,
    TASK_RETURNED,
    TASK_DROPPED,
    TASK_REOPENED,
];

//! What this room reports (names of `kpi.yaml`'s vocabulary; ours beside it where it has none).
use kernel::Activity;

pub const REVENUE_RECOGNISED: Activity = Activity::new(
    "revenue.recognised",
    "control passed: revenue, receivable and cost of sales were posted together",
);
pub const INVOICE_DRAFTED: Activity = Activity::new("invoice.drafted", "an invoice was drawn up");
pub const INVOICE_ISSUED: Activity = Activity::new("invoice.issued", "an invoice was posted");
pub const INVOICE_CREDITED: Activity =
    Activity::new("invoice.credited", "a credit note was posted");
pub const CREDIT_APPLIED: Activity =
    Activity::new("credit.applied", "a credit note was set against what an invoice leaves open");
pub const INVOICE_CANCELLED: Activity =
    Activity::new("invoice.cancelled", "a draft invoice was given up");
pub const INVOICE_SETTLED: Activity =
    Activity::new("invoice.settled", "nothing of an invoice is open any more");
pub const INVOICE_REOPENED: Activity = Activity::new(
    "invoice.reopened",
    "a settled invoice is open again: an allocation was taken back",
);
pub const PAYMENT_RECEIVED: Activity = Activity::new("payment.received", "money came in");
pub const PAYMENT_APPLIED: Activity =
    Activity::new("payment.applied", "a payment was allocated to what it pays");
pub const PAYMENT_UNAPPLIED: Activity =
    Activity::new("payment.unapplied", "an allocation was taken back");
pub const PAYMENT_REVERSED: Activity =
    Activity::new("payment.reversed", "a payment was taken back whole");
pub const RECEIVABLE_OPENED: Activity =
    Activity::new("receivable.opened", "an opening receivable was taken over, with its due date");
pub const RECEIVABLE_REVALUED: Activity = Activity::new(
    "receivable.revalued",
    "what is open in foreign currency was valued anew, or left a difference of rates",
);
pub const REFUND_DRAFTED: Activity = Activity::new("refund.drafted", "a refund was drawn up");
pub const REFUND_APPROVED: Activity =
    Activity::new("refund.approved", "somebody else let a refund go");
pub const REFUND_PASSED: Activity = Activity::new(
    "refund.passed",
    "a refund asked nobody: with all others of its source it is within the company's threshold",
);
pub const REFUND_SENT: Activity = Activity::new("refund.sent", "a refund was given to the bank");
pub const REFUND_PAID: Activity = Activity::new("refund.paid", "a refund left the bank");
pub const REFUND_FAILED: Activity = Activity::new("refund.failed", "the bank did not do a refund");
pub const REFUND_RETRIED: Activity =
    Activity::new("refund.retried", "a refund was given to the bank once more");
pub const REFUND_REVERSED: Activity =
    Activity::new("refund.reversed", "a refund that had left came back");
pub const REFUND_WITHDRAWN: Activity =
    Activity::new("refund.withdrawn", "a refund was given up before it left");
pub const STATEMENT_DRAFTED: Activity =
    Activity::new("statement.drafted", "a statement of account was drawn up");
pub const STATEMENT_SENT: Activity =
    Activity::new("statement.sent", "a statement of account was given to the customer");
pub const STATEMENT_DIFFERED: Activity =
    Activity::new("statement.differed", "the customer sees lines of a statement otherwise");
pub const STATEMENT_CONFIRMED: Activity =
    Activity::new("statement.confirmed", "the customer agreed to a statement of account");
pub const STATEMENT_SETTLED: Activity =
    Activity::new("statement.settled", "all on a statement of account is billed and paid");

pub static FACTS: &[Activity] = &[
    REVENUE_RECOGNISED,
    INVOICE_DRAFTED,
    INVOICE_ISSUED,
    INVOICE_CREDITED,
    CREDIT_APPLIED,
    INVOICE_CANCELLED,
    INVOICE_SETTLED,
    INVOICE_REOPENED,
    PAYMENT_RECEIVED,
    PAYMENT_APPLIED,
    PAYMENT_UNAPPLIED,
    PAYMENT_REVERSED,
    RECEIVABLE_OPENED,
    RECEIVABLE_REVALUED,
    REFUND_DRAFTED,
    REFUND_APPROVED,
    REFUND_PASSED,
    REFUND_SENT,
    REFUND_PAID,
    REFUND_FAILED,
    REFUND_RETRIED,
    REFUND_REVERSED,
    REFUND_WITHDRAWN,
    STATEMENT_DRAFTED,
    STATEMENT_SENT,
    STATEMENT_DIFFERED,
    STATEMENT_CONFIRMED,
    STATEMENT_SETTLED,
];

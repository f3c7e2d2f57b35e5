//! The API's verbs: bodies parsed once at the border, typed commands behind.
mod body;
mod change_verbs;
mod connect_verbs;
mod credit_verbs;
mod crm_verbs;
mod finance_verbs;
mod job_verbs;
mod policy_verbs;
mod refund_verbs;
mod return_verbs;
mod sales_verbs;
mod stock_verbs;
mod task_verbs;

pub(crate) use body::show_with as shown;
pub use task_verbs::asked as asked_task;

use crate::Verb;

/// Every verb of the house.
pub fn verbs() -> impl Iterator<Item = &'static Verb> {
    let rooms = [
        policy_verbs::VERBS,
        crm_verbs::VERBS,
        sales_verbs::VERBS,
        change_verbs::VERBS,
        stock_verbs::VERBS,
        return_verbs::VERBS,
        finance_verbs::VERBS,
        refund_verbs::VERBS,
        credit_verbs::VERBS,
        job_verbs::VERBS,
        connect_verbs::VERBS,
        task_verbs::VERBS,
    ];
    rooms.into_iter().flatten()
}

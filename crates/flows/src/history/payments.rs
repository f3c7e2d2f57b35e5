//! Payments for orders and what customers said of them, as another system knew them.
use super::door::Door;
use super::opening::OrderReview;
use super::{GivenPayment, GivenReview, Row, facts};
use finance::{Allocation, Payment, PaymentState};
use kernel::{Id, Money, Result};
use store::Tx;

pub(super) fn add_payments(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let (mut payments, mut allocations) = (Vec::new(), Vec::new());
    for row in rows {
        let Row::Payment(row) = row else { continue };
        let scope = door.scope(tx, 0, 0)?;
        let payment = payment_of(door, row, scope)?;
        let order = door.id(&row.order)?;
        door.became(&row.origin, "payment", payment.id.raw());
        let about = |activity| {
            let fact = door.fact(activity, Some(row.at));
            let fact = fact.on("payment", payment.id.raw(), "payment").on("order", order, "order");
            let fact = fact.on("party", payment.party.raw(), "customer");
            let worth = Money::new(payment.amount, payment.currency);
            let fact = fact.worth(worth, door.batch.base(payment.amount));
            if row.is_assumed { fact.attr("day_assumed", "order") } else { fact }
        };
        tx.tell(about(finance::facts::PAYMENT_RECEIVED).moved("", "cleared"));
        tx.tell(about(finance::facts::PAYMENT_APPLIED));
        allocations.push(allocation_of(door, &payment, order));
        payments.push(payment);
    }
    tx.insert(&payments);
    tx.insert(&allocations);
    Ok(())
}

fn payment_of(door: &Door<'_>, row: &GivenPayment, scope_id: i64) -> Result<Payment> {
    Ok(Payment {
        id: door.cx.id(),
        version: 1,
        scope_id,
        number: row.number.clone(),
        company: door.batch.company,
        party: Id::from_raw(door.id(&row.party)?),
        direction: "in".into(),
        method: "transfer".into(),
        state: PaymentState::Cleared,
        currency: door.batch.currency,
        rate: door.batch.rate,
        amount: row.amount,
        unapplied: 0,
        amount_base: door.batch.base(row.amount),
        unapplied_base: 0,
        held: 0,
        held_base: 0,
        value_day: row.at.day,
        reference: row.how.clone(),
        received_at: Some(row.at.at(&door.cx.zone)),
        history: true,
        batch_id: door.batch.id.raw(),
    })
}

fn allocation_of(door: &Door<'_>, payment: &Payment, order: i64) -> Allocation {
    Allocation {
        id: door.cx.id(),
        company: payment.company,
        payment: Some(payment.id),
        refund: None,
        netted_with: 0,
        open_item: None,
        order_id: Some(order),
        amount: payment.amount,
        amount_base: payment.amount_base,
        difference_base: 0,
        day: payment.value_day,
        made_by: 0,
        reverses: 0,
        reversed_by: 0,
        recorded_at: Some(door.cx.now),
    }
}

pub(super) fn add_reviews(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let mut all = Vec::new();
    for row in rows {
        let Row::Review(row) = row else { continue };
        let order = door.id(&row.order)?;
        let review = review_of(door, row, order);
        door.became(&row.origin, "order_review", review.id.raw());
        let fact = door.fact(facts::ORDER_REVIEWED, Some(row.made));
        let fact = fact.on("order", order, "order").on("order_review", review.id.raw(), "review");
        tx.tell(fact.attr("score", row.score));
        all.push(review);
    }
    tx.insert(&all);
    Ok(())
}

fn review_of(door: &Door<'_>, row: &GivenReview, order: i64) -> OrderReview {
    OrderReview {
        id: door.cx.id(),
        company: door.batch.company,
        order_id: order,
        score: row.score,
        title: row.title.clone(),
        text: row.text.clone(),
        made_at: row.made.at(&door.cx.zone),
        answered_at: row.answered.map(|at| at.at(&door.cx.zone)),
        batch_id: door.batch.id.raw(),
    }
}

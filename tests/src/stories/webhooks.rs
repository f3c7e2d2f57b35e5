//! Programs outside are told of facts: signed, in order, each at least once.
use crate::house::{House, code, each};
use crate::receiver::{Reaction, Receiver, Request};
use connect::courier::{Courier, GIVES_UP_AFTER};
use connect::egress::{Egress, Reach};
use connect::webhooks::{self, Wish};
use connect::{Webhook, WebhookState};
use kernel::{Id, Instant, Result};
use std::sync::atomic::AtomicBool;

static GOES_ON: AtomicBool = AtomicBool::new(false);

const SECRET: [u8; 32] = [7; 32];

/// A webhook of some activities at a receiver, switched on; and its secret.
pub(super) fn hook(h: &House, url: &str, activities: &str) -> Result<(Id<Webhook>, String)> {
    let wish = Wish { name: "仓库系统", url, activities };
    let made = h.as_user(9, |cx, tx| webhooks::create(cx, tx, &wish))?;
    let secret = h.as_user(9, |cx, tx| webhooks::issue_secret(cx, tx, made.id, SECRET))?;
    h.as_user(9, |cx, tx| webhooks::enable(cx, tx, made.id))?;
    Ok((made.id, secret))
}

/// Rounds of a courier until nothing more is accepted.
pub(super) fn tell(h: &House, reach: Reach) -> Result<usize> {
    h.store.seal(h.tenant, h.now())?;
    let egress = Egress::new(reach);
    let courier = Courier {
        store: &h.store,
        tenant: h.tenant,
        clock: &|| h.now(),
        egress: &egress,
        stop: &GOES_ON,
        holder: "courier",
    };
    let mut all = 0;
    loop {
        let round = courier.round()?;
        all += round.told;
        if round.passed == 0 {
            return Ok(all);
        }
    }
}

fn get(h: &House, id: Id<Webhook>) -> Result<Webhook> {
    h.read(|_, tx| tx.get(id))
}

fn facts(requests: &[Request]) -> Vec<String> {
    requests.iter().map(|r| r.json()["type"].as_str().unwrap_or("").to_owned()).collect()
}

/// Ids of what was heard, each once, in the order of its first coming.
fn distinct(requests: &[Request]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for request in requests {
        let id = request.header("webhook-id").to_owned();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn some_orders(h: &House, count: usize) -> Result<()> {
    let screws = h.product("SCREW-M4", "1.13", 10_000, 70)?;
    let customer = h.customer("恒远机电", "N30", None)?;
    for _ in 0..count {
        h.submitted(customer, &[(screws, 10)])?;
    }
    Ok(())
}

#[test]
fn a_program_is_told_of_what_it_asked_for_signed_by_its_secret() {
    each(|h| {
        let receiver = Receiver::start(|_, _| Reaction::Status(204));
        let (_, secret) = hook(h, &receiver.url, "order.submitted, order.confirmed")?;
        some_orders(h, 2)?;
        assert_eq!(tell(h, Reach::Anywhere)?, 4);
        let heard = receiver.heard();
        let pair = ["order.submitted", "order.confirmed"];
        assert_eq!(facts(&heard), [pair, pair].concat());
        let first = &heard[0];
        let (id, time) = (first.header("webhook-id"), first.header("webhook-timestamp"));
        assert_eq!(time, (h.now().0 / Instant::SECOND).to_string());
        let seconds = h.now().0 / Instant::SECOND;
        let expected = connect::sign::signature(&[secret], id, seconds, &first.body)?;
        assert_eq!(first.header("webhook-signature"), expected);
        let body = first.json();
        assert_eq!(body["data"]["amount"], "11.30");
        assert_eq!(body["data"]["objects"][0]["type"], "order");
        assert!(!first.body.contains("恒远"), "no names leave: {}", first.body);
        assert_eq!(tell(h, Reach::Anywhere)?, 0, "nothing twice without need");
        Ok(())
    });
}

#[test]
fn a_receiver_that_fails_hangs_up_or_answers_twice_hears_all_in_order() {
    each(|h| {
        let receiver = Receiver::start(|count, _| match count % 4 {
            0 => Reaction::Status(500),
            1 => Reaction::HangUp,
            2 => Reaction::Twice,
            _ => Reaction::Status(200),
        });
        let quiet = Receiver::start(|_, _| Reaction::Status(200));
        let (failing, _) = hook(h, &receiver.url, "*")?;
        hook(h, &quiet.url, "*")?;
        some_orders(h, 3)?;
        let mut rounds = 0;
        loop {
            tell(h, Reach::Anywhere)?;
            let (at, newest) = h.read(|_, tx| {
                let reader = store::consumers::reader(tx, &format!("webhook:{failing}"))?;
                Ok((reader, store::consumers::newest(tx)?))
            })?;
            let reader = at.expect("it reads");
            if reader.seq == newest {
                break;
            }
            // It waits for its next try, which is an hour off at most.
            let due = reader.due_at.expect("it failed");
            assert!(due > h.now() && due.0 - h.now().0 <= Instant::HOUR);
            h.at(due);
            rounds += 1;
            assert!(rounds < 1000, "it never comes to an end: {reader:?} of {newest}");
        }
        // The other one began a little later: what was told of it before is the first's alone.
        let (all, calm) = (distinct(&receiver.heard()), distinct(&quiet.heard()));
        assert!(calm.len() > 10 && all.ends_with(&calm), "all, each at least once, in order");
        assert!(receiver.heard().len() > all.len(), "some came again, under the same id");
        assert_eq!(quiet.heard().len(), calm.len());
        Ok(())
    });
}

#[test]
fn what_came_in_with_an_import_is_told_to_nobody() {
    each(|h| {
        let receiver = Receiver::start(|_, _| Reaction::Status(200));
        hook(h, &receiver.url, "party.*, master.*")?;
        let mut cx = h.cx(9);
        cx.source = kernel::Source::Import;
        cx.batch = 4711;
        h.store.run(&cx, |cx, tx| {
            let party = party::Party::new(cx.id(), "OLD", "旧客户");
            party::commands::create(cx, tx, &party, &[], &[], &[])
        })?;
        h.customer("新客户", "N30", None)?;
        tell(h, Reach::Anywhere)?;
        assert_eq!(receiver.heard().len(), 1);
        Ok(())
    });
}

#[test]
fn it_goes_on_where_it_was_switched_off_and_is_told_again_from_where_one_says() {
    each(|h| {
        let receiver = Receiver::start(|_, _| Reaction::Status(200));
        let (id, _) = hook(h, &receiver.url, "order.confirmed")?;
        some_orders(h, 2)?;
        assert_eq!(tell(h, Reach::Anywhere)?, 2);
        h.as_user(9, |cx, tx| webhooks::disable(cx, tx, id, "维护"))?;
        let customer = h.customer("德清五金", "N30", None)?;
        let bolts = h.product("BOLT", "2.26", 100, 150)?;
        h.submitted(customer, &[(bolts, 1)])?;
        assert_eq!(tell(h, Reach::Anywhere)?, 0);
        h.as_user(9, |cx, tx| webhooks::enable(cx, tx, id))?;
        assert_eq!(tell(h, Reach::Anywhere)?, 1);
        h.as_user(9, |cx, tx| webhooks::replay(cx, tx, id, 0))?;
        assert_eq!(tell(h, Reach::Anywhere)?, 3);
        let heard = receiver.heard();
        assert_eq!((heard.len(), distinct(&heard).len()), (6, 3));
        let beyond = h.as_user(9, |cx, tx| webhooks::replay(cx, tx, id, 1_000_000).map(|_| ()));
        assert_eq!(code(beyond), "webhook.seq");
        Ok(())
    });
}

#[test]
fn after_three_days_of_failure_it_is_switched_off_and_one_that_is_gone_at_once() {
    each(|h| {
        let broken = Receiver::start(|_, _| Reaction::Status(503));
        let gone = Receiver::start(|_, _| Reaction::Status(410));
        let (slow, _) = hook(h, &broken.url, "order.*")?;
        let (dead, _) = hook(h, &gone.url, "order.*")?;
        some_orders(h, 1)?;
        let begun = h.now();
        tell(h, Reach::Anywhere)?;
        assert_eq!(get(h, dead)?.state, WebhookState::Off);
        let mut tries = 1;
        while get(h, slow)?.state == WebhookState::On {
            h.at(h.now().plus(Instant::HOUR));
            tell(h, Reach::Anywhere)?;
            tries += 1;
            assert!(tries < 100);
        }
        assert!(h.now().0 - begun.0 >= GIVES_UP_AFTER && tries > 70, "{tries} tries");
        assert!(get(h, slow)?.reason.contains("503"));
        // Nothing is lost by it.
        h.as_user(9, |cx, tx| webhooks::enable(cx, tx, slow))?;
        let reader = h.read(|_, tx| store::consumers::reader(tx, &format!("webhook:{slow}")))?;
        let first = h.read(|_, tx| store::consumers::after(tx, reader.expect("it is").seq, 500))?;
        assert!(first.iter().any(|f| f.activity == "order.confirmed"));
        Ok(())
    });
}

#[test]
fn nothing_goes_to_this_machine_unless_the_configuration_says_so() {
    each(|h| {
        let receiver = Receiver::start(|_, _| Reaction::Status(200));
        let (id, _) = hook(h, &receiver.url.replace("http://", "https://"), "order.*")?;
        some_orders(h, 1)?;
        assert_eq!(tell(h, Reach::Public)?, 0);
        assert_eq!(receiver.heard().len(), 0);
        let reader = h.read(|_, tx| store::consumers::reader(tx, &format!("webhook:{id}")))?;
        let said = reader.expect("it is there").last_error;
        assert!(said.starts_with("egress.refused"), "{said}");
        Ok(())
    });
}

#[test]
fn a_webhook_without_a_secret_or_with_no_address_is_refused() {
    each(|h| {
        let wish =
            Wish { name: "仓库系统", url: "https://example.com/", activities: "order.*" };
        let made = h.as_user(9, |cx, tx| webhooks::create(cx, tx, &wish))?;
        let enable = h.as_user(9, |cx, tx| webhooks::enable(cx, tx, made.id).map(|_| ()));
        assert_eq!(code(enable), "webhook.no_secret");
        for (wish, expected) in [
            (Wish { url: "not an address", ..wish.clone() }, "webhook.url"),
            (Wish { activities: "ORDER", ..wish.clone() }, "webhook.activities"),
            (Wish { name: " ", ..wish.clone() }, "field.required"),
        ] {
            let refused = h.as_user(9, |cx, tx| webhooks::create(cx, tx, &wish).map(|_| ()));
            assert_eq!(code(refused), expected);
        }
        Ok(())
    });
}

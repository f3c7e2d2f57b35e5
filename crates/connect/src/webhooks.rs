//! Commands of webhooks: entered, changed, switched, given a secret, told again.
use crate::facts;
use crate::sign;
use crate::webhook::{Secret, Webhook, WebhookState};
use kernel::{Ctx, Done, Error, Id, Instant, Result};
use store::{Tx, consumers};

/// Webhooks of a tenant, at most.
const MOST: usize = 50;
/// How long messages are signed with the secret before, too.
const BOTH_FOR: i64 = Instant::DAY;

/// What a webhook is told, and where.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    pub name: &'a str,
    pub url: &'a str,
    pub activities: &'a str,
}

/// Enters a webhook, switched off and without a secret; it is told of what happens from now on.
///
/// Errors: those of [`Webhook::check`], `webhook.too_many`.
pub fn create(cx: &Ctx, tx: &mut Tx, wish: &Wish<'_>) -> Result<Webhook> {
    cx.allow("connect.webhook.write")?;
    let known: Vec<Webhook> =
        tx.list(store::find!(Webhook, "id > 0 ORDER BY id LIMIT 100"), &[])?;
    if known.len() >= MOST {
        return Err(Error::conflict("webhook.too_many", known.len()).with("limit", MOST));
    }
    let made = Webhook {
        id: cx.id(),
        version: 1,
        name: wish.name.trim().to_owned(),
        url: wish.url.trim().to_owned(),
        activities: wish.activities.trim().to_owned(),
        state: WebhookState::Off,
        reason: String::new(),
        made_by: cx.user,
        made_at: cx.now,
    };
    made.check()?;
    let newest = consumers::newest(tx)?;
    consumers::ensure(tx, &made.reader(), newest);
    tx.insert(std::slice::from_ref(&made));
    tx.tell(made.fact(cx, facts::WEBHOOK_CREATED).moved("", made.state.name()));
    Ok(made)
}

/// Changes what is given; the same again changes nothing. Errors: those of [`Webhook::check`].
pub fn change(cx: &Ctx, tx: &mut Tx, id: Id<Webhook>, wish: &Wish<'_>) -> Result<Webhook> {
    cx.allow("connect.webhook.write")?;
    let mut found = tx.lock(id)?;
    let before = (found.name.clone(), found.url.clone(), found.activities.clone());
    for (field, wished) in [
        (&mut found.name, wish.name),
        (&mut found.url, wish.url),
        (&mut found.activities, wish.activities),
    ] {
        if !wished.trim().is_empty() {
            wished.trim().clone_into(field);
        }
    }
    found.check()?;
    if before != (found.name.clone(), found.url.clone(), found.activities.clone()) {
        save(tx, &mut found);
        tx.tell(found.fact(cx, facts::WEBHOOK_CHANGED));
    }
    Ok(found)
}

fn save(tx: &mut Tx, webhook: &mut Webhook) {
    tx.update(std::slice::from_ref(webhook));
    webhook.version += 1;
}

/// Gives a webhook a new secret and shows it this once; the one before signs for a day more.
pub fn issue_secret(cx: &Ctx, tx: &mut Tx, id: Id<Webhook>, random: [u8; 32]) -> Result<String> {
    cx.allow("connect.webhook.secret")?;
    let webhook = tx.lock(id)?;
    let secret = sign::secret(&random);
    match tx.find(Id::<Secret>::from_raw(id.raw()))? {
        Some(was) => {
            let (previous, previous_until) = (was.secret, cx.now.plus(BOTH_FOR));
            tx.update(&[Secret { id, secret: secret.clone(), previous, previous_until }]);
        }
        None => tx.insert(&[Secret {
            id,
            secret: secret.clone(),
            previous: String::new(),
            previous_until: Instant(0),
        }]),
    }
    tx.tell(webhook.fact(cx, facts::WEBHOOK_SECRET_ISSUED));
    Ok(secret)
}

/// Switches a webhook on: it goes on where it stopped. Errors: `webhook.no_secret`.
pub fn enable(cx: &Ctx, tx: &mut Tx, id: Id<Webhook>) -> Result<Webhook> {
    cx.allow("connect.webhook.enable")?;
    let mut found = tx.lock(id)?;
    if tx.find(Id::<Secret>::from_raw(id.raw()))?.is_none() {
        return Err(Error::conflict("webhook.no_secret", &found.name));
    }
    if let Done::Now(fact) = found.enable(cx)? {
        if let Some(reader) = consumers::reader(tx, &found.reader())? {
            consumers::set(tx, &reader.name, reader.seq);
        }
        save(tx, &mut found);
        tx.tell(fact);
    }
    Ok(found)
}

/// Switches a webhook off; what happens meanwhile is kept for it.
pub fn disable(cx: &Ctx, tx: &mut Tx, id: Id<Webhook>, reason: &str) -> Result<Webhook> {
    cx.allow("connect.webhook.enable")?;
    let mut found = tx.lock(id)?;
    if let Done::Now(fact) = found.disable(cx, reason)? {
        save(tx, &mut found);
        tx.tell(fact);
    }
    Ok(found)
}

/// Has a webhook told again of everything after the fact at `seq`.
///
/// Error: `webhook.seq` for a place that is not in the chain yet.
pub fn replay(cx: &Ctx, tx: &mut Tx, id: Id<Webhook>, seq: i64) -> Result<Webhook> {
    cx.allow("connect.webhook.replay")?;
    let found = tx.lock(id)?;
    let newest = consumers::newest(tx)?;
    if !(0..=newest).contains(&seq) {
        return Err(Error::invalid("webhook.seq", seq).with("field", "seq").with("newest", newest));
    }
    consumers::set(tx, &found.reader(), seq);
    tx.tell(found.fact(cx, facts::WEBHOOK_REPLAYED).attr("seq", seq));
    Ok(found)
}

/// The secrets that sign now, the newest first.
pub(crate) fn secrets(cx: &Ctx, tx: &mut Tx, id: Id<Webhook>) -> Result<Vec<String>> {
    let Some(kept) = tx.find(Id::<Secret>::from_raw(id.raw()))? else { return Ok(Vec::new()) };
    let mut all = vec![kept.secret];
    if !kept.previous.is_empty() && kept.previous_until > cx.now {
        all.push(kept.previous);
    }
    Ok(all)
}

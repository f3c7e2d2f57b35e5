//! Verbs of policies. Verbs of approvals are in `flows`: what follows a decision is elsewhere.
use crate::{PolicyVersion, facts, questions};
use kernel::{Ctx, Error, Result, Stored};
use meta::cond;
use store::{Tx, sql};

/// Sets a new version of a policy from today on.
///
/// Error: `rule.malformed` when the condition is not one.
pub fn set(
    cx: &Ctx,
    tx: &mut Tx,
    name: &str,
    condition: &str,
    params: &str,
) -> Result<PolicyVersion> {
    cx.allow("policy.policy_version.write")?;
    let parsed: serde_json::Value = serde_json::from_str(condition)
        .map_err(|e| Error::invalid("rule.malformed", e).with("policy", name))?;
    match cond::holds(&parsed, &cond::Inputs::new()) {
        Err(e) if e.code == "rule.malformed" => return Err(e),
        Ok(_) | Err(_) => {}
    }
    let last: Option<i64> = tx.value(
        sql!(
            "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM policy_version \
             WHERE tenant_id = $1 AND company = $2 AND name = $3"
        ),
        &[Stored::Int(cx.company), Stored::text(name)],
    )?;
    let version = PolicyVersion {
        id: cx.id(),
        company: cx.company,
        name: name.to_owned(),
        number: last.unwrap_or(0) + 1,
        effective_from: Some(cx.today()),
        condition: condition.to_owned(),
        params: params.to_owned(),
        recorded_at: Some(cx.now),
    };
    tx.insert(std::slice::from_ref(&version));
    let fact = cx.fact(facts::POLICY_SET).on("policy_version", version.id.raw(), "policy");
    tx.tell(fact.attr("name", name).attr("number", version.number));
    Ok(version)
}

/// The policies that every company starts with.
pub fn set_defaults(cx: &Ctx, tx: &mut Tx) -> Result<()> {
    if !questions::in_force(cx, tx)?.is_empty() {
        return Ok(());
    }
    for (name, condition, params) in DEFAULTS {
        set(cx, tx, name, condition, params)?;
    }
    Ok(())
}

/// Name, condition under which the hold is placed, parameters.
const DEFAULTS: &[(&str, &str, &str)] = &[
    ("price", r#"{">": ["discount", "limit"]}"#, r#"{"limit": "0.1"}"#),
    ("credit", r#"{"and": ["controlled", {">": ["exposure_after", "limit"]}]}"#, "{}"),
    ("overdue", r#"{">": ["oldest_overdue_days", "days"]}"#, r#"{"days": "30"}"#),
    ("prepayment", r#"{"<": ["deposit", "deposit_due"]}"#, "{}"),
    ("lead_pool", r#"{">=": ["held", "most"]}"#, r#"{"most": "50", "rest_days": "7"}"#),
];

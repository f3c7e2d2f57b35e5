//! Versions of policies, and decisions made under them. Pure.
use kernel::{Ctx, Day, DocRef, Id, Instant, Result};
use meta::cond::{Inputs, holds, inputs_json};

#[derive(Clone, Debug)]
pub struct PolicyVersion {
    pub id: Id<PolicyVersion>,
    pub company: i64,
    pub name: String,
    pub number: i64,
    pub effective_from: Option<Day>,
    /// A condition of `meta::cond`, as JSON.
    pub condition: String,
    pub params: String,
    pub recorded_at: Option<Instant>,
}

#[derive(Clone, Debug)]
pub struct Decision {
    pub id: Id<Decision>,
    pub company: i64,
    pub policy: String,
    pub policy_version: i64,
    /// The program that decided.
    pub build: String,
    pub subject_kind: String,
    pub subject: i64,
    pub inputs: String,
    pub outcome: String,
    pub recorded_at: Option<Instant>,
}

impl PolicyVersion {
    /// Does the condition hold of these inputs? Errors: `rule.unknown_input`, `rule.malformed`.
    pub fn applies(&self, inputs: &Inputs) -> Result<bool> {
        let parsed = serde_json::from_str(&self.condition);
        let condition = parsed
            .map_err(|e| kernel::Error::invalid("rule.malformed", e).with("policy", &self.name))?;
        holds(&condition, inputs)
    }

    /// A parameter that is a whole number, written as text like all of them.
    #[must_use]
    pub fn whole(&self, name: &str) -> Option<i64> {
        let params: serde_json::Value = serde_json::from_str(&self.params).ok()?;
        params[name].as_str()?.parse().ok()
    }

    /// The decision's row.
    #[must_use]
    pub fn decide(&self, cx: &Ctx, on: DocRef, inputs: &Inputs, outcome: &str) -> Decision {
        Decision {
            id: cx.id(),
            company: cx.company,
            policy: self.name.clone(),
            policy_version: self.number,
            build: env!("CARGO_PKG_VERSION").to_owned(),
            subject_kind: on.kind.to_owned(),
            subject: on.id,
            inputs: inputs_json(inputs),
            outcome: outcome.to_owned(),
            recorded_at: Some(cx.now),
        }
    }
}

//! The first-run page: what a company's books need to know before the first order.
use crate::ask::{Answer, Ask, field};
use crate::html::{Html, say, tag, void};
use crate::page::{self, Page, choice, input, word};
use crate::page_sign::{narrow, welcome};
use crate::problem;
use crate::state::State;
use access::commands::{self, SetUp};
use access::company::{Costing, NewCompany, Recognition, Taxpayer};
use access::password;
use kernel::{Error, Result};
use meta::words::Lang;

type Sent<'a> = &'a [(String, String)];

/// The answers of a form, or what is usual.
pub(crate) fn form(
    state: &State,
    ask: &Ask,
    token: &str,
    sent: Sent<'_>,
    refused: Option<&Error>,
) -> Answer {
    let lang = ask.lang;
    let title = word(lang, "page-set-up");
    let mut parts = vec![say("h1", &[], &title), say("p", &[], &word(lang, "page-set-up-why"))];
    parts.extend(refused.map(|error| page::refusal(ask, error)));
    let mut fields = vec![void("input", &[("type", "hidden"), ("name", "link"), ("value", token)])];
    fields.extend(company_fields(ask, sent));
    fields.extend(choices(lang, sent));
    fields.extend(person_fields(lang, sent));
    fields.push(say("button", &[], &word(lang, "page-set-up-do")));
    let attrs = [("method", "post"), ("action", "/set-up"), ("class", "stack")];
    parts.push(tag("form", &attrs, fields));
    let status = refused.map_or(200, problem::status);
    page::answer(state, ask, None, status, Page { title, parts: narrow(parts) })
}

fn known<'a>(sent: Sent<'a>, name: &str, usual: &'a str) -> &'a str {
    match field(sent, name) {
        "" => usual,
        given => given,
    }
}

fn company_fields(ask: &Ask, sent: Sent<'_>) -> Vec<Html> {
    let lang = ask.lang;
    let month = kernel::Zone::china().day(ask.now).period();
    vec![
        say("h2", &[], &word(lang, "page-company")),
        input(
            &word(lang, "page-company-name"),
            &[("name", "name"), ("value", field(sent, "name")), ("required", "")],
        ),
        input(
            &word(lang, "page-company-code"),
            &[
                ("name", "code"),
                ("value", known(sent, "code", "HQ")),
                ("pattern", "[A-Za-z0-9_\\-]{1,20}"),
                ("required", ""),
            ],
        ),
        input(
            &word(lang, "page-start-period"),
            &[
                ("name", "start_period"),
                ("value", known(sent, "start_period", &month)),
                ("pattern", "[0-9]{4}-[0-9]{2}"),
                ("required", ""),
            ],
        ),
    ]
}

/// A choice among stored names, with words `page-<name>-<option>`.
fn one_of(lang: Lang, sent: Sent<'_>, name: &str, options: &[&str]) -> Html {
    let dashed = name.replace('_', "-");
    let words = |option: &&str| {
        let key = format!("page-{dashed}-{}", option.replace('_', "-").to_lowercase());
        ((*option).to_owned(), word(lang, &key))
    };
    let options: Vec<(String, String)> = options.iter().map(words).collect();
    let first = options.first().map_or("", |(value, _)| value.as_str());
    choice(&word(lang, &format!("page-{dashed}")), name, known(sent, name, first), &options)
}

fn choices(lang: Lang, sent: Sent<'_>) -> Vec<Html> {
    vec![
        one_of(lang, sent, "chart", access::entities::CHARTS),
        one_of(lang, sent, "taxpayer", Taxpayer::NAMES),
        one_of(lang, sent, "prices", &["incl", "excl"]),
        one_of(lang, sent, "default_tax_code", &["VAT13", "VAT9", "VAT6", "VAT3", "VAT1", "VAT0"]),
        one_of(lang, sent, "costing", Costing::NAMES),
        one_of(lang, sent, "recognition", Recognition::NAMES),
        one_of(lang, sent, "credit_control", &["yes", "no"]),
    ]
}

fn person_fields(lang: Lang, sent: Sent<'_>) -> Vec<Html> {
    vec![
        say("h2", &[], &word(lang, "page-administrator")),
        input(
            &word(lang, "page-person-name"),
            &[("name", "person"), ("value", field(sent, "person")), ("required", "")],
        ),
        input(
            &word(lang, "page-login"),
            &[
                ("name", "login"),
                ("value", field(sent, "login")),
                ("autocomplete", "username"),
                ("autocapitalize", "none"),
                ("required", ""),
            ],
        ),
        input(
            &word(lang, "page-new-password"),
            &[
                ("name", "password"),
                ("type", "password"),
                ("autocomplete", "new-password"),
                ("minlength", "8"),
                ("maxlength", "128"),
                ("required", ""),
            ],
        ),
    ]
}

/// `POST /set-up`
pub(crate) fn set_up(state: &State, ask: &Ask) -> Result<Answer> {
    let sent = ask.form()?;
    match settle(state, ask, &sent) {
        Ok(answer) => Ok(answer),
        Err(error) if error.code == "access.link_invalid" => Err(error),
        Err(error) => Ok(form(state, ask, field(&sent, "link"), &sent, Some(&error))),
    }
}

fn settle(state: &State, ask: &Ask, sent: Sent<'_>) -> Result<Answer> {
    let (login, plain) = (field(sent, "login"), field(sent, "password"));
    let company = company(sent)?;
    company.check()?;
    let random = (state.set.random)();
    let mut salt = [0; 16];
    salt.copy_from_slice(&random[..16]);
    let hashed = state.hash(|| password::hash(login, plain, salt))?;
    let answers = SetUp {
        link: field(sent, "link"),
        company,
        login,
        name: field(sent, "person"),
        password: hashed,
        bytes: (state.set.random)(),
        device: ask.device(),
    };
    let signed_in = state.set.store.run(&state.system(), |cx, tx| {
        let (company, signed_in) = commands::set_up(cx, tx, &answers)?;
        (state.set.catalog.open_company)(cx, tx, &company)?;
        Ok(signed_in)
    })?;
    Ok(welcome(state, &signed_in))
}

fn company(sent: Sent<'_>) -> Result<NewCompany> {
    let one_of = |name: &'static str, allowed: &[&str]| match field(sent, name) {
        given if allowed.contains(&given) => Ok(given),
        other => Err(Error::invalid("field.not_one_of", other)
            .with("field", name)
            .with("allowed", allowed.join(", "))),
    };
    let usual =
        NewCompany::usual(field(sent, "code"), field(sent, "name"), field(sent, "start_period"));
    Ok(NewCompany {
        chart: one_of("chart", access::entities::CHARTS)?.to_owned(),
        taxpayer: Taxpayer::named(one_of("taxpayer", Taxpayer::NAMES)?)?,
        prices_incl_tax: one_of("prices", &["incl", "excl"])? == "incl",
        default_tax_code: known(sent, "default_tax_code", "VAT13").chars().take(20).collect(),
        costing: Costing::named(one_of("costing", Costing::NAMES)?)?,
        recognition: Recognition::named(one_of("recognition", Recognition::NAMES)?)?,
        credit_control: one_of("credit_control", &["yes", "no"])? == "yes",
        ..usual
    })
}

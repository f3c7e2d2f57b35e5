//! The API in OpenAPI 3.1, from the same catalogue that answers requests.
use crate::ask::{Answer, Ask};
use crate::catalog::{Catalog, Kind, Operation};
use crate::routes::{Door, ROUTES};
use crate::state::State;
use flows::Verb;
use kernel::Result;
use meta::{Entity, Field, openapi};
use serde_json::{Map, Value as Json, json};
use store::custom;

/// `GET /api/v1/openapi.json`; whoever is signed in also sees the fields of the tenant's own.
pub(crate) fn answer(state: &State, ask: &Ask) -> Result<Answer> {
    let mut document = document(&state.set.catalog);
    if let Ok(session) = crate::routes::session(state, ask) {
        let customs = state.set.store.read(&session.cx, |_, tx| custom::all(tx))?;
        for custom in customs.iter().filter(|custom| custom.active) {
            let mut shape = openapi::property(custom.field());
            shape["x-label"] = json!({ "zh-CN": custom.label_zh, "en": custom.label_en });
            let schema = &mut document["components"]["schemas"][custom.entity.as_str()];
            if schema.is_object() {
                schema["properties"][custom.name.as_str()] = shape;
            }
        }
    }
    Ok(Answer::json(200, &document))
}

/// The whole document; the same text for the same catalogue.
#[must_use]
pub fn document(catalog: &Catalog) -> Json {
    let mut paths: Map<String, Json> = Map::new();
    for (path, method, operation) in fixed() {
        insert(&mut paths, &path, &method, operation);
    }
    let mut schemas: Map<String, Json> = Map::new();
    schemas.insert("problem".into(), problem_schema());
    for operation in catalog.operations() {
        let entity = operation.entity;
        if !schemas.contains_key(entity.name) {
            schemas.insert(entity.name.into(), row_schema(catalog, entity));
        }
        let method = operation.method.to_ascii_lowercase();
        insert(&mut paths, &operation.path, &method, described(&operation));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Huiliu",
            "version": "1",
            "description": "From lead to cash. Decimals are strings, days ISO, instants RFC 3339.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": shared_parameters(),
            "responses": { "problem": {
                "description": "a problem with a stable code",
                "content": { "application/problem+json": {
                    "schema": { "$ref": "#/components/schemas/problem" } } },
            } },
            "securitySchemes": {
                "cookie": { "type": "apiKey", "in": "cookie", "name": "hl_sid" },
                "bearer": { "type": "http", "scheme": "bearer" },
            },
        },
        "security": [{ "cookie": [] }, { "bearer": [] }],
    })
}

fn insert(paths: &mut Map<String, Json>, path: &str, method: &str, operation: Json) {
    let at = paths.entry(path.to_owned()).or_insert_with(|| json!({}));
    at[method] = operation;
}

/// The routes that are not made from declarations.
fn fixed() -> Vec<(String, String, Json)> {
    let shown = ROUTES.iter();
    let describe = |route: &crate::routes::Route| {
        let (permission, security) = match route.door {
            Door::Open(_) => ("", json!([])),
            Door::Own(_) | Door::Live => ("", json!([{ "cookie": [] }, { "bearer": [] }])),
            Door::Permission(permission, _) => (permission, json!([{ "cookie": [] }])),
            Door::Operation(_) => return None,
        };
        let name = route.path.trim_start_matches("/api/v1").trim_start_matches('/');
        let name = name.replace(['/', '-', '.'], "_").replace(['{', '}'], "");
        let mut operation = json!({
            "operationId": format!("{}_{name}", route.method.to_ascii_lowercase()),
            "security": security,
            "responses": responses("200", &json!({ "type": "object" })),
        });
        if !permission.is_empty() {
            operation["x-permission"] = json!(permission);
        }
        if route.path.contains("{id}") {
            operation["parameters"] = json!([refer("id")]);
        }
        Some((route.path.to_owned(), route.method.to_ascii_lowercase(), operation))
    };
    shown.filter_map(describe).collect()
}

fn described(operation: &Operation) -> Json {
    let entity = operation.entity;
    let row = json!({ "$ref": format!("#/components/schemas/{}", entity.name) });
    let object = json!({ "type": "object" });
    let (id, done, answers, takes) = match operation.kind {
        Kind::List => ("list".to_owned(), "200", page_schema(&row), None),
        Kind::Groups => ("groups".to_owned(), "200", groups_schema(), None),
        Kind::Export => ("export".to_owned(), "200", object, None),
        Kind::Get => ("get".to_owned(), "200", row, None),
        Kind::Create => ("create".to_owned(), "201", row.clone(), Some(row)),
        Kind::Change => ("change".to_owned(), "200", row.clone(), Some(row)),
        Kind::Make(verb) => ("create".to_owned(), "201", object, Some(verb_schema(verb, None))),
        Kind::Run(verb) => (verb.name.to_owned(), "200", object, Some(verb_schema(verb, None))),
        Kind::Bulk(verb) => {
            let ids = json!({ "type": "array", "items": { "type": "string" }, "maxItems": 200 });
            let body = verb_schema(verb, Some(ids));
            (format!("{}_many", verb.name), "200", object, Some(body))
        }
    };
    let mut described = json!({
        "operationId": format!("{}_{id}", entity.collection),
        "tags": [entity.room],
        "x-permission": operation.permission,
        "parameters": parameters(operation),
        "responses": responses(done, &answers),
    });
    if let Some(takes) = takes {
        described["requestBody"] =
            json!({ "content": { "application/json": { "schema": takes } } });
    }
    described
}

/// Name, place and sense of every parameter; operations refer to them.
const PARAMETERS: &[(&str, &str, &str)] = &[
    (
        "filter",
        "query",
        "field:op:value, repeated; eq ne lt le gt ge in contains starts empty; party.name looks \
         one step away; @today, @this_week, @last_30_days stand for days",
    ),
    ("where", "query", "a tree as JSON: {\"or\": [[field, op, value], {\"and\": […]}]}"),
    ("by", "query", "a field, or day.month, day.year"),
    ("sum", "query", "figures by comma"),
    ("q", "query", "looks into what people know a row by"),
    (
        "sort",
        "query",
        "fields by comma, - before a falling one; `party.name`: by what a named row is called",
    ),
    ("fields", "query", "fields by comma, or *"),
    ("format", "query", "csv or xlsx; at most 100000 rows"),
    ("limit", "query", "1 to 200"),
    ("cursor", "query", "next of the page before"),
    ("count", "query", "no, capped (exact to 10000) or exact"),
    ("lines", "query", "yes: with the document's lines"),
    ("verbs", "query", "yes: with what may be done, and why not"),
    ("If-Match", "header", "the version that was looked at"),
    ("Idempotency-Key", "header", "the same key acts once; kept 7 days"),
];
const OF_A_LIST: &[&str] = &["filter", "where", "q", "sort", "fields", "limit", "cursor", "count"];
const OF_GROUPS: &[&str] = &["by", "sum", "filter", "where", "q"];
const OF_AN_EXPORT: &[&str] = &["format", "filter", "where", "q", "sort", "fields"];
const OF_A_ROW: &[&str] = &["lines", "verbs"];

fn shared_parameters() -> Json {
    let parameter = |(name, place, says): &(&str, &str, &str)| {
        let schema = json!({ "type": "string" });
        let shown = json!({ "name": name, "in": place, "description": says, "schema": schema });
        ((*name).to_owned(), shown)
    };
    let mut all: Map<String, Json> = PARAMETERS.iter().map(parameter).collect();
    let id = json!({
        "name": "id", "in": "path", "required": true, "schema": { "type": "string" }
    });
    all.insert("id".into(), id);
    let mut key = all["Idempotency-Key"].clone();
    key["required"] = json!(true);
    all.insert("Idempotency-Key-required".into(), key);
    Json::Object(all)
}

fn refer(name: &str) -> Json {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn parameters(operation: &Operation) -> Vec<Json> {
    let mut all = Vec::new();
    if operation.path.contains("{id}") {
        all.push(refer("id"));
    }
    match &operation.kind {
        Kind::List => all.extend(OF_A_LIST.iter().map(|name| refer(name))),
        Kind::Groups => all.extend(OF_GROUPS.iter().map(|name| refer(name))),
        Kind::Export => all.extend(OF_AN_EXPORT.iter().map(|name| refer(name))),
        Kind::Get => all.extend(OF_A_ROW.iter().map(|name| refer(name))),
        Kind::Create => all.push(refer("Idempotency-Key")),
        Kind::Change => all.extend([refer("If-Match"), refer("Idempotency-Key")]),
        Kind::Make(verb) | Kind::Bulk(verb) => all.push(key_of(verb)),
        Kind::Run(verb) => all.extend([refer("If-Match"), key_of(verb)]),
    }
    all
}

fn key_of(verb: &Verb) -> Json {
    refer(if verb.moves { "Idempotency-Key-required" } else { "Idempotency-Key" })
}

fn responses(done: &str, schema: &Json) -> Json {
    let problem = json!({ "$ref": "#/components/responses/problem" });
    let good = json!({
        "description": "done",
        "content": { "application/json": { "schema": schema } },
    });
    json!({ done: good, "default": problem })
}

fn page_schema(row: &Json) -> Json {
    json!({
        "type": "object",
        "properties": {
            "rows": { "type": "array", "items": row },
            "next": { "type": ["string", "null"] },
            "total": { "type": ["integer", "string", "null"] },
        },
        "required": ["rows", "next", "total"],
    })
}

fn groups_schema() -> Json {
    let group = json!({
        "type": "object",
        "properties": {
            "value": {},
            "currency": { "type": ["string", "null"] },
            "count": { "type": "integer" },
            "sums": { "type": "object", "additionalProperties": {} },
        },
        "required": ["value", "currency", "count", "sums"],
    });
    json!({
        "type": "object",
        "properties": {
            "groups": { "type": "array", "items": group, "maxItems": 200 },
            "more": { "type": "boolean" },
        },
        "required": ["groups", "more"],
    })
}

fn row_schema(catalog: &Catalog, entity: &Entity) -> Json {
    let mut schema = openapi::schema(entity);
    for line in catalog.lines_of(entity) {
        schema["properties"][line.collection] =
            json!({ "type": "array", "readOnly": true, "items": openapi::schema(line) });
    }
    if let Some(lifecycle) = entity.lifecycle {
        let step = |m: &kernel::Move| {
            let right = m.permission;
            json!({ "from": m.from, "verb": m.verb, "to": m.to, "permission": right })
        };
        schema["x-lifecycle"] = lifecycle.moves.iter().map(step).collect();
    }
    schema
}

fn verb_schema(verb: &Verb, ids: Option<Json>) -> Json {
    let mut schema = fields_schema(verb.takes);
    if !verb.lines.is_empty() {
        schema["properties"]["lines"] =
            json!({ "type": "array", "maxItems": 2000, "items": fields_schema(verb.lines) });
    }
    match ids {
        Some(ids) => schema["properties"]["ids"] = ids,
        None if verb.name != "create" => {
            schema["properties"]["version"] = json!({ "type": "integer" });
        }
        None => {}
    }
    schema["additionalProperties"] = json!(false);
    schema
}

fn fields_schema(fields: &'static [Field]) -> Json {
    openapi::schema(&Entity::new("body", "http", fields))
}

fn problem_schema() -> Json {
    json!({
        "type": "object",
        "description": "RFC 9457",
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string", "description": "for people, in their language" },
            "status": { "type": "integer" },
            "code": { "type": "string", "description": "stable" },
            "detail": { "type": "string" },
            "fields": { "type": "object", "additionalProperties": { "type": "string" } },
            "trace": { "type": "string", "description": "of a bug" },
        },
        "required": ["type", "title", "status", "code"],
    })
}

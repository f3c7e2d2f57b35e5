//! Who sold: offices become departments, sellers become users who cannot sign in.
//!
//! Without a password and shut out from the start: a file must not open an account. Whoever still
//! works here is let in by an administrator; the rest only own what they sold.
use super::door::{Codes, Door, listed};
use super::{GivenAgent, GivenOffice, Row};
use access::department::Department;
use access::user::User;
use kernel::{Id, Result};
use store::{Tx, sql};

pub(super) fn add_offices(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let given = |row: &Row| if let Row::Office(row) = row { Some(row.clone()) } else { None };
    let rows: Vec<GivenOffice> = rows.iter().filter_map(given).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let code = |row: &GivenOffice| row.name.chars().take(16).collect::<String>();
    let wanted: Vec<String> = rows.iter().map(code).collect();
    let taken = sql!(@made false, listed(
        "SELECT code FROM department WHERE tenant_id = $1 AND code IN", 2
    ));
    let mut codes = Codes::read(tx, taken, &wanted)?;
    for row in &rows {
        let parent = row.parent.as_ref().map(|link| door.id(link)).transpose()?;
        let department = Department {
            id: door.cx.id(),
            version: 1,
            company_id: Id::from_raw(door.batch.company),
            code: codes.free(&code(row)),
            name: row.name.clone(),
            parent: parent.map(Id::from_raw),
        };
        let id = department.id.raw();
        door.became(&row.origin, "department", id);
        let fact = door.fact(access::facts::DEPARTMENT_CREATED, None);
        let fact = fact.on("department", id, "created");
        tx.tell(fact.on("company", door.batch.company, "of"));
        tx.insert(&[department]);
    }
    Ok(())
}

pub(super) fn add_agents(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let given = |row: &Row| if let Row::Agent(row) = row { Some(row.clone()) } else { None };
    let rows: Vec<GivenAgent> = rows.iter().filter_map(given).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let wanted: Vec<String> = rows.iter().map(|row| login(&row.name)).collect();
    let taken = sql!(@made false, listed(
        "SELECT login FROM app_user WHERE tenant_id = $1 AND login IN", 2
    ));
    let mut logins = Codes::read(tx, taken, &wanted)?;
    for row in &rows {
        let department = row.office.as_ref().map(|link| door.id(link)).transpose()?;
        let user = User {
            id: door.cx.id(),
            version: 1,
            login: logins.free(&login(&row.name)),
            name: row.name.clone(),
            department: department.map(Id::from_raw),
            created_at: door.cx.now,
            disabled_at: Some(door.cx.now),
        };
        let id = user.id.raw();
        door.became(&row.origin, "user", id);
        let fact = door.fact(access::facts::USER_CREATED, None).on("user", id, "created");
        tx.tell(fact.on("department", department.unwrap_or(0), "in").attr("shut_out", "yes"));
        tx.insert(&[user]);
    }
    Ok(())
}

/// `Mei-Mei Johns` signs in as `mei-mei.johns`, once allowed to.
fn login(name: &str) -> String {
    let letter = |c: char| if c.is_alphanumeric() || c == '-' { c } else { '.' };
    let login: String = name.trim().to_lowercase().chars().map(letter).take(56).collect();
    if login.chars().count() < 2 { format!("{login}.imported") } else { login }
}

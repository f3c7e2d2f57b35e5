//! The people of the demo company: seats, who sits in them, and the contexts they act in.
use access::commands::{create_department, create_user, disable_user};
use access::department::NewDepartment;
use access::user::NewUser;
use kernel::{
    ActorKind, Channel, Ctx, Currency, Grant, Id, IdMaker, Instant, Result, Source, Zone,
};
use std::sync::Arc;
use store::{Session, Tx};

use crate::names;

/// What a seat does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Job {
    Boss,
    Sales,
    Desk,
    Warehouse,
    Credit,
    Billing,
    Cashier,
    Accountant,
    Buyer,
    Approver,
    Marketing,
    Other,
}

/// Job, seats, department, roles. An approver needs the desk's right to let a price pass.
const SEATS: &[(Job, usize, usize, &[&str])] = &[
    (Job::Boss, 1, 0, &["admin"]),
    (Job::Sales, 10, 1, &["sales"]),
    (Job::Desk, 5, 2, &["order_desk"]),
    (Job::Warehouse, 7, 3, &["warehouse"]),
    (Job::Credit, 1, 4, &["credit"]),
    (Job::Billing, 1, 4, &["billing"]),
    (Job::Cashier, 1, 4, &["cashier"]),
    (Job::Accountant, 2, 4, &["finance"]),
    (Job::Buyer, 3, 5, &["buyer", "warehouse"]),
    (Job::Approver, 3, 0, &["approver", "order_desk"]),
    (Job::Marketing, 2, 1, &["sales"]),
    (Job::Other, 29, 6, &[]),
];

const DEPARTMENTS: &[(&str, &str)] = &[
    ("GM", "总经办"),
    ("SALES", "销售部"),
    ("DESK", "跟单部"),
    ("WH", "仓储部"),
    ("FIN", "财务部"),
    ("BUY", "采购部"),
    ("OPS", "综合部"),
];

/// The company's own constants.
pub(super) struct House {
    pub(super) tenant: i64,
    pub(super) company: i64,
    pub(super) code: String,
    pub(super) zone: Zone,
    pub(super) maker: Arc<IdMaker>,
}

struct Seat {
    job: Job,
    roles: &'static [&'static str],
    department: i64,
    user: i64,
    login: String,
    grants: Arc<[Grant]>,
}

pub(super) struct Staff {
    seats: Vec<Seat>,
    /// The next name that has not worked here yet.
    next: usize,
}

/// A person at work: the seat's number.
pub(super) type Who = usize;

impl House {
    /// The system's own context, for set-up.
    pub(super) fn system(&self, now: Instant) -> Ctx {
        let mut cx = Ctx::system(self.tenant, now, Arc::clone(&self.maker));
        cx.company = self.company;
        cx
    }
}

impl Staff {
    /// Departments, and every seat taken by a named user.
    pub(super) fn hire(session: &mut Session<'_>, house: &House, now: Instant) -> Result<Self> {
        let cx = house.system(now);
        let departments = session.run(&cx, |cx, tx| open_departments(cx, tx, house.company))?;
        let mut staff = Self { seats: Vec::new(), next: 0 };
        for (job, count, department, roles) in SEATS {
            for _ in 0..*count {
                let department = departments[*department];
                let seat = staff.take_seat(session, house, &cx, (*job, roles, department))?;
                staff.seats.push(seat);
            }
        }
        Ok(staff)
    }

    fn take_seat(
        &mut self,
        session: &mut Session<'_>,
        house: &House,
        cx: &Ctx,
        (job, roles, department): (Job, &'static [&'static str], i64),
    ) -> Result<Seat> {
        let person = names::employee(self.next);
        self.next += 1;
        let login = if job == Job::Boss { "boss".to_owned() } else { person.login };
        let department_id = Some(Id::from_raw(department));
        let (user, grants) = session.run(cx, |cx, tx| {
            let (login, name) = (login.as_str(), person.name.as_str());
            let new = NewUser { login, name, department: department_id, roles };
            let user = create_user(cx, tx, &new)?;
            let maker = Arc::clone(&house.maker);
            let theirs = access::user_ctx(tx, login, &house.code, cx.now, maker)?;
            Ok((user.id.raw(), theirs.grants))
        })?;
        Ok(Seat { job, roles, department, user, login, grants })
    }

    /// Somebody leaves and somebody new comes.
    pub(super) fn replace(
        &mut self,
        session: &mut Session<'_>,
        house: &House,
        now: Instant,
        who: Who,
    ) -> Result<()> {
        let boss = self.at(house, 0, now);
        let leaver = Id::from_raw(self.seats[who].user);
        session.run(&boss, |cx, tx| disable_user(cx, tx, leaver).map(|_| ()))?;
        let seat = &self.seats[who];
        let work = (seat.job, seat.roles, seat.department);
        let boss = self.at(house, 0, now);
        self.seats[who] = self.take_seat(session, house, &boss, work)?;
        Ok(())
    }

    /// Everybody who does a job, by seat.
    pub(super) fn of(&self, job: Job) -> Vec<Who> {
        (0..self.seats.len()).filter(|at| self.seats[*at].job == job).collect()
    }
    pub(super) fn count(&self) -> usize {
        self.seats.len()
    }
    pub(super) fn login(&self, who: Who) -> &str {
        &self.seats[who].login
    }
    pub(super) fn user(&self, who: Who) -> i64 {
        self.seats[who].user
    }

    /// The context of a person at a time.
    pub(super) fn at(&self, house: &House, who: Who, now: Instant) -> Ctx {
        let seat = &self.seats[who];
        let mut cx = Ctx::system(house.tenant, now, Arc::clone(&house.maker));
        cx.company = house.company;
        cx.base = Currency::CNY;
        cx.user = seat.user;
        cx.department = seat.department;
        cx.actor_kind = ActorKind::Human;
        cx.zone = house.zone.clone();
        cx.source = Source::Ui;
        cx.channel = Channel::None;
        cx.grants = Arc::clone(&seat.grants);
        cx
    }
}

fn open_departments(cx: &Ctx, tx: &mut Tx, company: i64) -> Result<Vec<i64>> {
    let open = |(code, name): &(&str, &str)| {
        let new = NewDepartment { company: Id::from_raw(company), code, name, parent: None };
        Ok(create_department(cx, tx, &new)?.id.raw())
    };
    DEPARTMENTS.iter().map(open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_seats_as_employees() {
        let seats: usize = SEATS.iter().map(|(_, count, ..)| count).sum();
        assert_eq!(seats, names::EMPLOYEES);
        assert_eq!(SEATS[0].0, Job::Boss, "the first seat is the manager's");
    }
}

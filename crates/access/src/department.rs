//! Departments: who works together. Pure.
use crate::company::Company;
use kernel::{Done, Error, Id, Result};

/// Part of a company; one of the things a scope is made of.
#[derive(Clone, Debug)]
pub struct Department {
    pub id: Id<Department>,
    pub version: i64,
    pub company_id: Id<Company>,
    pub code: String,
    pub name: String,
    /// The department above; its people see this one's rows too.
    pub parent: Option<Id<Department>>,
}

/// What a new department needs.
#[derive(Clone, Copy, Debug)]
pub struct NewDepartment<'a> {
    pub company: Id<Company>,
    pub code: &'a str,
    pub name: &'a str,
    pub parent: Option<Id<Department>>,
}

impl NewDepartment<'_> {
    /// Error: `department.no_name`.
    pub fn check(&self) -> Result<()> {
        if self.code.trim().is_empty() || self.name.trim().is_empty() {
            return Err(Error::invalid("department.no_name", self.code).with("field", "name"));
        }
        Ok(())
    }
}

/// Departments above one another, at most.
const DEEPEST: usize = 20;

impl Department {
    /// Comes below another department of its company, or to the top.
    ///
    /// Errors: `department.cycle`, `department.other_company`, `department.too_deep`.
    pub fn come_below(&mut self, above: Option<&Self>, all: &[Self]) -> Result<Done<()>> {
        if above.map(|d| d.id) == self.parent {
            return Ok(Done::Already);
        }
        if let Some(above) = above {
            if above.company_id != self.company_id {
                let e = Error::invalid("department.other_company", &above.code);
                return Err(e.with("field", "parent"));
            }
            let path = path(above, all);
            if path.iter().any(|d| d.id == self.id) {
                return Err(Error::conflict("department.cycle", &self.code).with("field", "parent"));
            }
            if path.len() + self.depth(all) > DEEPEST {
                let e = Error::invalid("department.too_deep", DEEPEST).with("field", "parent");
                return Err(e.with("limit", DEEPEST));
            }
        }
        self.parent = above.map(|d| d.id);
        Ok(Done::Now(()))
    }

    /// Levels from here down, this one counted.
    fn depth(&self, all: &[Self]) -> usize {
        let (mut level, mut depth) = (vec![self.id], 0);
        while !level.is_empty() && depth <= all.len() {
            depth += 1;
            let below = |d: &&Self| d.parent.is_some_and(|p| level.contains(&p));
            level = all.iter().filter(below).map(|d| d.id).collect();
        }
        depth
    }
}

/// A department and those above it, up to the top.
fn path<'d>(from: &'d Department, all: &'d [Department]) -> Vec<&'d Department> {
    let mut path = vec![from];
    while let Some(parent) = path.last().and_then(|d| d.parent) {
        let above = all.iter().find(|d| d.id == parent);
        match above.filter(|_| path.len() <= all.len()) {
            Some(above) => path.push(above),
            None => break,
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn department(id: i64, parent: i64) -> Department {
        Department {
            id: Id::from_raw(id),
            version: 1,
            company_id: Id::from_raw(1),
            code: format!("D{id}"),
            name: String::new(),
            parent: (parent > 0).then(|| Id::from_raw(parent)),
        }
    }

    #[test]
    fn a_department_never_comes_below_itself_nor_into_another_company_nor_too_deep() {
        let all = vec![department(1, 0), department(2, 1), department(3, 2), department(9, 0)];
        let mut top = all[0].clone();
        for below in &all[..3] {
            let refused = top.come_below(Some(below), &all).map_err(|e| e.code);
            assert_eq!(refused, Err("department.cycle"), "{}", below.code);
        }
        assert_eq!(top.come_below(None, &all), Ok(Done::Already));
        assert_eq!(top.come_below(Some(&all[3]), &all), Ok(Done::Now(())));
        assert_eq!(top.parent, Some(all[3].id));
        let foreign = Department { company_id: Id::from_raw(2), ..department(8, 0) };
        let refused = all[2].clone().come_below(Some(&foreign), &all).map_err(|e| e.code);
        assert_eq!(refused, Err("department.other_company"));
        let chain: Vec<Department> = (1..=20).map(|n| department(n, n - 1)).collect();
        let mut one_more = department(30, 0);
        let refused = one_more.come_below(chain.last(), &chain).map_err(|e| e.code);
        assert_eq!(refused, Err("department.too_deep"));
    }
}

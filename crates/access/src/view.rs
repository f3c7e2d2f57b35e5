//! A list as somebody keeps it, and who else sees it. It gives nobody a right: whoever opens it
//! asks under their own.
use crate::role::Role;
use crate::user::User;
use kernel::{Error, Id, Result, names};

names! {
    /// Who sees a view beside its owner.
    pub enum Share {
        Own = "own",
        Role = "role",
        All = "all",
    }
}

/// Views of one owner.
pub const MOST: usize = 200;
/// Characters of what a view asks.
pub const ASKED: usize = 4000;

#[derive(Clone, Debug)]
pub struct View {
    pub id: Id<View>,
    pub version: i64,
    pub owner: Id<User>,
    /// The list's entity.
    pub entity: String,
    pub name: String,
    pub share: Share,
    pub role: Option<Id<Role>>,
    /// The one that its list begins with.
    pub usual: bool,
    /// The list's address: `filter=…&where=…&sort=…&cols=…&by=…`.
    pub asked: String,
}

impl View {
    /// Errors: `view.no_name`, `view.too_long`, `view.role_needed`.
    pub fn check(&self) -> Result<()> {
        if self.name.is_empty() {
            return Err(Error::invalid("view.no_name", &self.entity).with("field", "name"));
        }
        let (name, asked) = (self.name.chars().count(), self.asked.chars().count());
        if name > 80 || asked > ASKED {
            return Err(Error::invalid("view.too_long", name.max(asked)).with("limit", ASKED));
        }
        if (self.share == Share::Role) != self.role.is_some() {
            return Err(Error::invalid("view.role_needed", &self.name).with("field", "role"));
        }
        Ok(())
    }

    /// Is another view begun with in the same place?
    #[must_use]
    pub fn stands_beside(&self, other: &Self) -> bool {
        let same_place = match self.share {
            Share::Own => self.owner == other.owner,
            Share::Role => self.role == other.role,
            Share::All => true,
        };
        self.id != other.id
            && self.entity == other.entity
            && self.share == other.share
            && same_place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> View {
        View {
            id: Id::from_raw(1),
            version: 1,
            owner: Id::from_raw(7),
            entity: "order".into(),
            name: "Late".into(),
            share: Share::Own,
            role: None,
            usual: false,
            asked: "filter=state:eq:confirmed".into(),
        }
    }

    #[test]
    fn a_view_needs_a_name_and_a_role_exactly_where_it_is_shared_with_one() {
        assert_eq!(view().check(), Ok(()));
        let nameless = View { name: String::new(), ..view() };
        assert_eq!(nameless.check().map_err(|e| e.code), Err("view.no_name"));
        let long = View { asked: "x".repeat(ASKED + 1), ..view() };
        assert_eq!(long.check().map_err(|e| e.code), Err("view.too_long"));
        let for_nobody = View { share: Share::Role, ..view() };
        assert_eq!(for_nobody.check().map_err(|e| e.code), Err("view.role_needed"));
        let role = Some(Id::from_raw(3));
        assert_eq!(View { share: Share::Role, role, ..view() }.check(), Ok(()));
        let stray = View { role, ..view() };
        assert_eq!(stray.check().map_err(|e| e.code), Err("view.role_needed"));
    }

    #[test]
    fn views_stand_beside_each_other_where_the_same_people_see_them() {
        let other = View { id: Id::from_raw(2), ..view() };
        assert!(view().stands_beside(&other) && !view().stands_beside(&view()));
        assert!(!view().stands_beside(&View { owner: Id::from_raw(8), ..other.clone() }));
        assert!(!view().stands_beside(&View { entity: "quote".into(), ..other.clone() }));
        let all = View { share: Share::All, ..view() };
        assert!(!all.stands_beside(&other));
        assert!(all.stands_beside(&View { share: Share::All, owner: Id::from_raw(8), ..other }));
    }
}

//! How values look to a database, and enums with stored names.
use crate::{Currency, Day, Error, Id, Instant, Price, Qty, Rate, Result};

/// A value as both engines keep it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stored {
    Null,
    Int(i64),
    Text(String),
}

/// A value that fits one column.
pub trait Cell: Sized {
    fn store(&self) -> Stored;
    /// Error: `bug.column` when the column holds something else.
    fn load(stored: Stored) -> Result<Self>;
}

fn misfit(stored: &Stored) -> Error {
    Error::bug("bug.column", format!("{stored:?}"))
}

impl Cell for i64 {
    fn store(&self) -> Stored {
        Stored::Int(*self)
    }
    fn load(stored: Stored) -> Result<Self> {
        match stored {
            Stored::Int(n) => Ok(n),
            Stored::Null | Stored::Text(_) => Err(misfit(&stored)),
        }
    }
}
impl Cell for bool {
    fn store(&self) -> Stored {
        Stored::Int(i64::from(*self))
    }
    fn load(stored: Stored) -> Result<Self> {
        i64::load(stored).map(|n| n != 0)
    }
}
impl Cell for String {
    fn store(&self) -> Stored {
        Stored::Text(self.clone())
    }
    fn load(stored: Stored) -> Result<Self> {
        match stored {
            Stored::Text(text) => Ok(text),
            Stored::Null | Stored::Int(_) => Err(misfit(&stored)),
        }
    }
}
impl Cell for Day {
    fn store(&self) -> Stored {
        Stored::Text(self.to_string())
    }
    fn load(stored: Stored) -> Result<Self> {
        Self::parse(&String::load(stored)?)
    }
}
impl Cell for Currency {
    fn store(&self) -> Stored {
        Stored::Text(self.code().to_owned())
    }
    fn load(stored: Stored) -> Result<Self> {
        Self::parse(&String::load(stored)?)
    }
}
impl<T> Cell for Id<T> {
    fn store(&self) -> Stored {
        Stored::Int(self.raw())
    }
    fn load(stored: Stored) -> Result<Self> {
        i64::load(stored).map(Self::from_raw)
    }
}
impl Cell for Option<Instant> {
    fn store(&self) -> Stored {
        Stored::Int(self.map_or(0, |at| at.0))
    }
    fn load(stored: Stored) -> Result<Self> {
        i64::load(stored).map(|n| (n != 0).then_some(Instant(n)))
    }
}

macro_rules! whole {
    ($($name:ident),*) => { $(impl Cell for $name {
        fn store(&self) -> Stored { Stored::Int(self.0) }
        fn load(stored: Stored) -> Result<Self> { i64::load(stored).map(Self) }
    })* };
}
whole!(Qty, Price, Rate, Instant);

fn optional<T: Cell>(stored: Stored) -> Result<Option<T>> {
    match stored {
        Stored::Null => Ok(None),
        some @ (Stored::Int(_) | Stored::Text(_)) => T::load(some).map(Some),
    }
}
impl Cell for Option<i64> {
    fn store(&self) -> Stored {
        self.map_or(Stored::Null, Stored::Int)
    }
    fn load(stored: Stored) -> Result<Self> {
        optional(stored)
    }
}
impl<T> Cell for Option<Id<T>> {
    fn store(&self) -> Stored {
        self.as_ref().map_or(Stored::Null, Cell::store)
    }
    fn load(stored: Stored) -> Result<Self> {
        optional(stored)
    }
}
impl Cell for Option<Day> {
    fn store(&self) -> Stored {
        self.as_ref().map_or(Stored::Null, Cell::store)
    }
    fn load(stored: Stored) -> Result<Self> {
        optional(stored)
    }
}

/// Declares an enum whose members have stored names.
///
/// Gives `NAMES` in order, `name()`, and [`Cell`]; states get [`crate::State`] by it too.
#[macro_export]
macro_rules! names {
    ($(#[$doc:meta])* $vis:vis enum $name:ident {
        $($(#[$mdoc:meta])* $member:ident = $text:literal),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        $vis enum $name { $($(#[$mdoc])* $member),* }
        impl $name {
            /// Every stored name, in order.
            pub const NAMES: &'static [&'static str] = &[$($text),*];
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$member => $text),* }
            }
            /// Error: `bug.column` for a name that no member has.
            pub fn named(text: &str) -> $crate::Result<Self> {
                match text {
                    $($text => Ok(Self::$member),)*
                    other => Err($crate::Error::bug("bug.column", other)),
                }
            }
        }
        impl $crate::State for $name { fn name(self) -> &'static str { Self::name(self) } }
        impl $crate::Cell for $name {
            fn store(&self) -> $crate::Stored { $crate::Stored::Text(Self::name(*self).to_owned()) }
            fn load(stored: $crate::Stored) -> $crate::Result<Self> {
                Self::named(&<String as $crate::Cell>::load(stored)?)
            }
        }
    };
}

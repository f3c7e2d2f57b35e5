//! How values look to a database, and enums with stored names.
use crate::{Currency, Day, Error, Id, Instant, Price, Qty, Rate, Result};
use compact_str::ToCompactString as _;

/// A value as both engines keep it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stored {
    Null,
    Int(i64),
    Text(Text),
}

/// A text as it is stored: up to 24 bytes lie in the value itself, and names of states, kinds and
/// activities are never copied. Most columns hold nothing longer.
pub type Text = compact_str::CompactString;

impl Stored {
    #[must_use]
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }
    /// A name that the program itself holds.
    #[must_use]
    pub const fn name(name: &'static str) -> Self {
        Self::Text(Text::const_new(name))
    }
}

/// A value that fits one column.
pub trait Cell: Sized {
    fn store(&self) -> Stored;
    /// Error: `bug.column` when the column holds something else.
    fn load(stored: Stored) -> Result<Self>;
}

/// The text of a column. Error: `bug.column` when it holds something else.
pub fn said(stored: Stored) -> Result<Text> {
    match stored {
        Stored::Text(text) => Ok(text),
        Stored::Null | Stored::Int(_) => Err(misfit(&stored)),
    }
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
        Stored::text(self.as_str())
    }
    fn load(stored: Stored) -> Result<Self> {
        match stored {
            Stored::Text(text) => Ok(text.into_string()),
            Stored::Null | Stored::Int(_) => Err(misfit(&stored)),
        }
    }
}
impl Cell for Day {
    fn store(&self) -> Stored {
        Stored::text(self.to_compact_string())
    }
    fn load(stored: Stored) -> Result<Self> {
        Self::parse(&said(stored)?)
    }
}
impl Cell for Currency {
    fn store(&self) -> Stored {
        Stored::text(self.code())
    }
    fn load(stored: Stored) -> Result<Self> {
        Self::parse(&said(stored)?)
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
            fn store(&self) -> $crate::Stored { $crate::Stored::name(Self::name(*self)) }
            fn load(stored: $crate::Stored) -> $crate::Result<Self> {
                Self::named(&$crate::said(stored)?)
            }
        }
    };
}

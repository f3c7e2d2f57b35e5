//! Rows of masters that the writer keeps in memory are those of the database, whatever happened.
use super::{BOOK, Place, cx, id, places};
use kernel::{Error, Id, Result};
use serde_json::json;
use store::Tx;
use store::rows::{self, Change};
use store::scope::Scope;

struct Book {
    id: Id<Book>,
    name: String,
}
store::record!(Book => BOOK { id, name });

fn renamed(place: &Place, book: Id<Book>, name: &str, fails: bool) -> Result<()> {
    let body = json!({ "name": name });
    let change = Change { id: book.raw(), version: None, body: &body };
    place.store.run(&cx(&place.store, 1), |cx, tx| {
        rows::change(cx, tx, &BOOK, &Scope::All, &change, None)?;
        assert_eq!(tx.get(book)?.name, name, "a command reads what it wrote");
        if fails { Err(Error::conflict("test.refused", name)) } else { Ok(()) }
    })
}

fn name(place: &Place, book: Id<Book>) -> String {
    let read = |_: &kernel::Ctx, tx: &mut Tx| tx.get(book);
    let by_writer = place.store.run(&cx(&place.store, 1), read).unwrap();
    let by_reader = place.store.read(&cx(&place.store, 1), |_, tx| tx.get(book)).unwrap();
    assert_eq!((by_writer.id, &by_writer.name), (book, &by_reader.name));
    by_writer.name
}

#[test]
fn what_a_failed_command_wrote_is_read_by_nobody_and_what_a_good_one_wrote_by_all() {
    for place in places() {
        let made = place.store.run(&cx(&place.store, 1), |cx, tx| {
            rows::create(cx, tx, &BOOK, &json!({ "name": "first" }), None)
        });
        let book = Id::from_raw(id(&made.unwrap()));
        assert_eq!(name(&place, book), "first");
        assert_eq!(renamed(&place, book, "never", true).unwrap_err().code, "test.refused");
        assert_eq!(name(&place, book), "first");
        renamed(&place, book, "second", false).unwrap();
        assert_eq!(name(&place, book), "second");
    }
}

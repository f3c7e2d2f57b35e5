//! Verbs of parties.
use crate::{Address, Contact, Heading, Party, facts};
use kernel::{Ctx, Error, Result};
use store::{Tx, find};

/// A new party with what hangs on it.
///
/// Errors: those of [`Party::check`], `party.code_taken`.
pub fn create(
    cx: &Ctx,
    tx: &mut Tx,
    party: &Party,
    contacts: &[Contact],
    addresses: &[Address],
    headings: &[Heading],
) -> Result<()> {
    cx.allow("party.party.write")?;
    party.check()?;
    if by_code(tx, &party.code)?.is_some() {
        return Err(Error::conflict("party.code_taken", &party.code));
    }
    tx.insert(std::slice::from_ref(party));
    tx.insert(contacts);
    tx.insert(addresses);
    tx.insert(headings);
    tx.tell(cx.fact(facts::CREATED).on("party", party.id.raw(), "created"));
    Ok(())
}

/// The party with a code, if any.
pub fn by_code(tx: &mut Tx, code: &str) -> Result<Option<Party>> {
    let found = tx.list(find!(Party, "code = $2"), &[kernel::Stored::text(code)])?;
    Ok(found.into_iter().next())
}

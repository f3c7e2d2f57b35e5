//! Load and save of views.
use crate::entities::VIEW;
use crate::view::{MOST, View};
use kernel::{Ctx, Result, Stored};
use store::{Tx, find};

store::record!(View => VIEW {
    id, version, owner, entity, name, share, role, usual, asked,
});

/// The views of a list that somebody sees: their own, those of their roles, those of everybody.
pub fn seen(cx: &Ctx, tx: &mut Tx, entity: &str) -> Result<Vec<View>> {
    let sql = find!(
        View,
        "entity = $2 AND id IN (SELECT v.id FROM list_view v WHERE v.tenant_id = $1 \
         AND v.owner = $3 AND v.entity = $2 UNION SELECT v.id FROM list_view v \
         WHERE v.tenant_id = $1 AND v.share = 'all' AND v.entity = $2 \
         UNION SELECT v.id FROM list_view v JOIN user_role m ON m.tenant_id = v.tenant_id \
         AND m.role = v.role WHERE v.tenant_id = $1 AND v.share = 'role' AND v.entity = $2 \
         AND m.user_id = $3) ORDER BY name, id LIMIT 500"
    );
    tx.list(sql, &[Stored::text(entity), Stored::Int(cx.user)])
}

/// Somebody's own views of all lists, one more than there may be.
pub(crate) fn own(cx: &Ctx, tx: &mut Tx) -> Result<Vec<View>> {
    let most = Stored::Int(MOST as i64 + 1);
    tx.list(find!(View, "owner = $2 ORDER BY id LIMIT $3"), &[Stored::Int(cx.user), most])
}

/// Views of a list that are begun with, locked: one of them may have to step back.
pub(crate) fn usual(tx: &mut Tx, entity: &str) -> Result<Vec<View>> {
    let sql = find!(
        View,
        "entity = $2 AND usual = 1 AND share IN ('own', 'role', 'all') ORDER BY id LIMIT 5000"
    );
    tx.lock_list(sql, &[Stored::text(entity)])
}

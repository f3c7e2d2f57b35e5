//! Load and save of stock.
use crate::entities::{
    DEMAND, LOCATION, LOT, MOVE, RECEIPT, RECEIPT_LINE, RESERVATION, RETURN, RETURN_LINE, SHIPMENT,
    SHIPMENT_LINE, STOCK, STOCK_VALUE, WAREHOUSE,
};
use crate::{
    Demand, Location, Lot, Move, Receipt, ReceiptLine, Reservation, Return, ReturnLine, Shipment,
    ShipmentLine, StockRow, StockValue, Warehouse,
};

store::record!(Warehouse => WAREHOUSE { id, version, company, code, name, priority });
store::record!(Location => LOCATION { id, warehouse, code, kind });
store::record!(Lot => LOT { id, product, code, expires_on, blocked });
store::record!(StockRow => STOCK {
    id, company, product, warehouse, location, lot, priority, on_hand, reserved,
});
store::record!(StockValue => STOCK_VALUE { id, company, product, qty, value });
store::record!(Move => MOVE {
    id, company, product, location, lot, qty, value, kind, origin_kind, origin, origin_line, day,
    recorded_at,
});
store::record!(Demand => DEMAND {
    id, company, order_id, order_line, product, wanted, reserved, shipped, needed_on, priority,
    state, opened_at,
});
store::record!(Reservation => RESERVATION {
    id, company, demand, order_id, order_line, stock, product, qty, state, shipment_line,
});
store::record!(Shipment => SHIPMENT {
    id, version, scope_id, number, company, order_id, party, warehouse, state, ship_to, carrier,
    tracking, planned_on, promised_on, picked_at, shipped_at, delivered_at, recognised_at,
    pod_name, picker, exception, history, batch_id,
} + { lines });
store::record!(ShipmentLine => SHIPMENT_LINE {
    id, shipment, order_line, product, stock, reservation, assigned, shipped, delivered,
    recognised, returned, cost,
});
store::record!(Return => RETURN {
    id, version, scope_id, number, company, order_id, party, warehouse, state, reason, fault,
    requested_by, requested_at, decided_by, received_at, settled_at, credit_note,
} + { lines });
store::record!(ReturnLine => RETURN_LINE {
    id, return_id, order_line, shipment, shipment_line, product, asked, received, delivered,
    recognised, cost,
});
store::record!(Receipt => RECEIPT {
    id, version, scope_id, number, company, kind, warehouse, day, reason, value, made_by,
    posted_at,
});
store::record!(ReceiptLine => RECEIPT_LINE { id, receipt, product, stock, qty, value });

//! Imports of the other real data sets, on both engines: whole, exact, once, and gone by undo.
use super::setup::{each, files};
use super::{figures, live_in, note, rows, sums};
use kernel::Currency;
use std::collections::BTreeMap;

fn brl() -> Currency {
    Currency::parse("BRL").unwrap()
}
fn gbp() -> Currency {
    Currency::parse("GBP").unwrap()
}

const FUNNEL: &[&str] = &[
    "olist_closed_deals_dataset.csv",
    "olist_sellers_dataset.csv",
    "olist_marketing_qualified_leads_dataset.csv",
];

#[test]
fn olist_funnel_comes_in_whole_and_goes_out_whole() {
    each("olist_funnel", |place| {
        live_in(place, brl(), "olist_funnel", FUNNEL, |plan, report| {
            assert_eq!(rows(report, "lead"), (8000, 0, 0));
            assert_eq!(rows(report, "opportunity"), (842, 0, 0));
            assert_eq!(rows(report, "seller").0, 3095 + 842 - 380);
            assert_eq!(note(&plan.notes, "without_origin"), 60);
            assert_eq!(note(&plan.notes, "won_before_contact"), 1);
            assert_eq!(note(&plan.notes, "parties_only_named"), 842 - 380);
            assert_eq!(place.count("lead", "state = 'converted'"), 842);
            assert_eq!(place.count("lead", "origin = 'unknown'"), 1099);
            assert_eq!(place.count("opportunity", "state = 'won' AND lead IS NOT NULL"), 842);
            assert_eq!(place.facts("lead.created", "day_assumed"), (8000, 0));
            assert_eq!(place.facts("opp.won", "day_assumed"), (842, 0));
            let at = "2018-02-26T19:58:54+08:00";
            assert_eq!(place.facts_at("opp.won", at), 1, "the moment of the win is kept");
        });
    });
}

const ORDERS: &[&str] = &[
    "olist_order_reviews_dataset.csv",
    "olist_order_items_dataset.csv",
    "olist_orders_dataset.csv",
    "olist_order_payments_dataset.csv",
    "olist_geolocation_dataset.csv",
    "olist_customers_dataset.csv",
    "product_category_name_translation.csv",
    "olist_sellers_dataset.csv",
    "olist_products_dataset.csv",
];

/// Orders whose payments are not their items and freight, computed here.
fn differing() -> BTreeMap<String, (i128, i128)> {
    let of = |file: &str, names: &[&str]| sums::column("olist_orders_sample", file, names);
    let mut orders: BTreeMap<String, (i128, i128)> = BTreeMap::new();
    for row in of("olist_order_payments_dataset.csv", &["order_id", "payment_value"]) {
        orders.entry(row[0].clone()).or_default().0 += sums::millionths(&row[1]);
    }
    for row in of("olist_order_items_dataset.csv", &["order_id", "price", "freight_value"]) {
        let amount = sums::millionths(&row[1]) + sums::millionths(&row[2]);
        orders.entry(row[0].clone()).or_default().1 += amount;
    }
    orders.into_iter().filter(|(_, (paid, due))| paid != due).collect()
}

#[test]
fn olist_orders_come_in_whole_with_their_times_and_go_out_whole() {
    each("olist_orders_sample", |place| {
        live_in(place, brl(), "olist_orders_sample", ORDERS, |plan, report| {
            assert_eq!(rows(report, "order"), (8135, 0, 0));
            assert_eq!(rows(report, "payment"), (8924, 0, 0));
            assert_eq!(rows(report, "review"), (8225, 0, 0));
            assert_eq!(rows(report, "customer").0, 8016);
            let ours: BTreeMap<String, (i128, i128)> =
                plan.differences.iter().map(|d| (d.key.clone(), (d.stated, d.found))).collect();
            assert_eq!(ours.len(), 814);
            assert_eq!(ours, differing(), "each of the 814 is told with both amounts");
            let json = report.json();
            assert_eq!(json["differences"]["count"], 814);
            assert_eq!(json["differences"]["difference"], "163050.07");
            for (code, count) in [
                ("orders_without_items", 775),
                ("shipped_before_approval", 77),
                ("delivered_before_shipped", 3),
                ("delivered_without_day", 8),
                ("customers_again", 119),
            ] {
                assert_eq!(note(&plan.notes, code), count, "{code}");
            }
            let state = |state: &str| place.count("sales_order", &format!("state = '{state}'"));
            assert_eq!((state("closed"), state("cancelled")), (5172, 625 + 609));
            assert_eq!(state("confirmed"), 1107 + 314 + 301 + 5 + 2);
            assert_eq!(place.count("payment", "reference LIKE 'by voucher%'"), 964);
            assert_eq!(place.facts("order.entered", "day_assumed").0, 8135);
            assert_eq!(place.facts("payment.received", "day_assumed"), (8924, 8924));
            assert_eq!(place.facts("payment.applied", "day_assumed"), (8924, 8924));
            assert_eq!(place.facts_at("order.entered", "2017-07-09T21:57:05+08:00"), 1);
            assert_eq!(place.facts_at("ship.dispatched", "2017-07-11T14:58:04+08:00"), 1);
            assert_eq!(place.facts_at("delivery.delivered", "2017-07-26T10:57:55+08:00"), 1);
            figures::of_olists_orders(place);
        });
    });
}

#[test]
fn leads_xeducation_comes_in_whole_and_goes_out_whole() {
    each("leads_xeducation", |place| {
        live_in(place, Currency::USD, "leads_xeducation", &["leads_even.csv"], |plan, report| {
            assert_eq!(rows(report, "lead"), (4613, 0, 0));
            assert_eq!(place.count("lead", "state = 'converted'"), 1810);
            assert_eq!(place.count("lead", "origin = 'google'"), 0, "one spelling of Google");
            assert_eq!(place.count("lead", "need LIKE '%Select%'"), 0);
            assert_eq!(note(&plan.notes, "leads_without_days"), 4613);
            assert_eq!(place.facts("lead.created", "day_assumed"), (4613, 4613));
        });
    });
}

#[test]
fn superstore_comes_in_exactly_and_goes_out_whole() {
    each("superstore", |place| {
        let file = "Sample - Superstore.csv";
        live_in(place, Currency::USD, "superstore", &[file], |plan, report| {
            assert_eq!(rows(report, "order"), (5009, 0, 0));
            assert_eq!(rows(report, "customer"), (793, 0, 0));
            assert_eq!(rows(report, "product"), (1894, 0, 0));
            assert_eq!(note(&plan.notes, "codes_with_two_names"), 32);
            let sum = |name: &str| *report.sums.iter().find(|s| s.name == name).unwrap();
            assert_eq!(sum("orders.net").file, 2_297_200_860_300);
            assert_eq!(sum("orders.profit").stored, 286_397_021_700);
            println!("superstore rounds by {} millionths", sum("orders.net").difference());
            assert_eq!(place.count("order_line", "id > 0"), 9994);
            assert_eq!(place.count("sales_order", "state = 'closed'"), 5009);
            figures::of_superstores_orders(place);
        });
    });
}

pub(super) const RETAIL: &[&str] = &[
    "2011-11-20.csv",
    "2011-11-21.csv",
    "2011-11-22.csv",
    "2011-11-23.csv",
    "2011-11-24.csv",
    "2011-11-25.csv",
    "2011-11-27.csv",
    "2011-11-28.csv",
    "2011-11-29.csv",
    "2011-11-30.csv",
];

#[test]
fn online_retail_comes_in_with_its_returns_and_goes_out_whole() {
    each("online_retail", |place| {
        live_in(place, gbp(), "online_retail", RETAIL, |plan, report| {
            assert_eq!(rows(report, "invoice"), (1300, 0, 0));
            assert_eq!(rows(report, "product").0, 2627);
            for (code, count) in [
                ("lines_without_customer", 8304),
                ("lines_without_price", 91),
                ("lines_returned", 411),
                ("settlement_unknown", 1300),
            ] {
                assert_eq!(note(&plan.notes, code), count, "{code}");
            }
            let credits = note(&plan.notes, "credit_invoices") as i64;
            assert_eq!(place.count("invoice", "kind = 'credit' AND number LIKE 'C%'"), credits);
            assert_eq!(place.count("invoice_line", "id > 0"), 34_381);
            assert_eq!(place.count("invoice_line", "qty < 0"), 411);
            assert_eq!(place.count("open_item", "id > 0"), 0, "nothing is owed");
            let net = report.sums.iter().find(|s| s.name == "invoices.lines").unwrap();
            assert_eq!(net.file, 529_899_230_000);
            assert_eq!(place.facts_at("invoice.issued", "2011-11-20T10:11:00+08:00"), 1);
        });
    });
}

#[test]
fn cards_of_four_programs_become_parties_and_contacts() {
    each("vcard", |place| {
        let names = &[
            "rfc6350-example.vcf",
            "John_Doe_MS_OUTLOOK.vcf",
            "John_Doe_GMAIL.vcf",
            "John_Doe_ANDROID.vcf",
        ];
        let before = place.tables();
        let plan = place.plan("vcard", files("vcard", names));
        assert_eq!(plan.faults, Vec::new());
        let report = place.apply(&plan);
        assert_eq!(place.count("party", "name = 'IBM'"), 1, "one organisation, two cards");
        let ibm = "party = (SELECT id FROM party WHERE name = 'IBM')";
        assert_eq!(place.count("contact", ibm), 2);
        assert_eq!(place.count("contact", "title = 'Money Counter' AND phone LIKE '%555%'"), 2);
        assert_eq!(place.count("contact", "name LIKE 'Ñ Ñ%'"), 3, "quoted-printable is read");
        assert_eq!(place.count("contact", "name = 'Simon Perreault' AND mail <> ''"), 1);
        assert_eq!(place.count("address", "city = 'Quebec'"), 1);
        let again = place.plan("vcard", files("vcard", names));
        assert!(again.counts.values().all(|c| c.new == 0 && c.changed == 0));
        place.undo(report.batch.unwrap()).unwrap();
        assert_eq!(place.tables(), before);
    });
}

#[test]
fn files_of_other_crm_systems_are_known_by_their_headings() {
    each("crm_formats", |place| {
        let before = place.tables();
        let odoo = |name: &str| format!("odoo15_import_templates/base_import__{name}.csv");
        let force = |name: &str| format!("salesforce_portfolio/{name}.csv");
        let names = [
            odoo("External_id_3rd_party_application_products"),
            odoo("External_id_3rd_party_application_product_categories"),
            odoo("m2m_customers_tags"),
            odoo("o2m_customers_contacts"),
            odoo("o2m_purchase_order_lines"),
            odoo("purchase.order_functional_error_line_cant_adpat"),
            force("Accounts"),
            force("Contacts"),
            force("Customer_Interactions"),
            force("Leads"),
            force("Opportunities"),
        ];
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let plan = place.plan("crm_formats", files("crm_formats", &names));
        assert_eq!(plan.faults, Vec::new());
        assert_eq!(note(&plan.notes, "no_room_yet"), 3, "purchase orders and interactions");
        let report = place.apply(&plan);
        assert_eq!(rows(&report, "product").0, 5);
        assert_eq!(rows(&report, "account").0, 10);
        assert_eq!(rows(&report, "contact").0, 15);
        assert_eq!(rows(&report, "lead").0, 20);
        assert_eq!(rows(&report, "opportunity").0, 12);
        assert_eq!((rows(&report, "partner").0, rows(&report, "partner_contact").0), (4, 4));
        assert_eq!(place.count("product", "category = 'Tables' AND standard_cost = 100000000"), 1);
        assert_eq!(
            place.count("contact", "name = 'Roger Martins' AND title = 'Invoice address'"),
            1
        );
        let amount = sums::column("crm_formats", &force("Opportunities"), &["Amount"]);
        let amount: i128 = amount.iter().map(|row| sums::millionths(&row[0])).sum();
        let ours = report.sums.iter().find(|s| s.name == "opportunities.amount").unwrap();
        assert_eq!((ours.file, ours.stored), (amount, amount));
        place.house.check().unwrap();
        place.undo(report.batch.unwrap()).unwrap();
        assert_eq!(place.tables(), before);
    });
}

#[test]
fn odoos_workbooks_are_read_as_their_spreadsheet_shows_them() {
    each("crm_formats", |place| {
        let before = place.tables();
        let odoo = |name: &str| format!("odoo15_import_templates/{name}.xls");
        let names = [
            odoo("base__res_partner"),
            odoo("product__product_template"),
            odoo("crm__crm_lead"),
            odoo("product__product_supplierinfo"),
            odoo("product__product_pricelist"),
            odoo("purchase__product_purchase"),
            odoo("mrp__mrp_bom"),
            odoo("hr__hr_employee"),
        ];
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let plan = place.plan("crm_formats", files("crm_formats", &names));
        assert_eq!(plan.faults, Vec::new());
        assert_eq!(note(&plan.notes, "no_room_yet"), 4);
        assert_eq!(note(&plan.notes, "people_not_imported"), 1);
        let report = place.apply(&plan);
        assert_eq!((rows(&report, "partner").0, rows(&report, "partner_contact").0), (4, 4));
        assert!(rows(&report, "product_template").0 >= 5 && rows(&report, "odoo_lead").0 >= 5);
        assert_eq!(place.count("lead", "mail = 'henry@elight.com'"), 1);
        assert_eq!(place.count("address", "city = 'San José' AND postal_code = '95101'"), 1);
        place.undo(report.batch.unwrap()).unwrap();
        assert_eq!(place.tables(), before);
    });
}

//! What people call our columns, in Chinese and English. Inert, but for the comparison.

/// Target, column, and its names; `*` is every target.
static NAMES: &[(&str, &str, &[&str])] = &[
    (
        "customers",
        "code",
        &[
            "客户编码",
            "客户编号",
            "客户代码",
            "编码",
            "编号",
            "代码",
            "code",
            "customer code",
            "customer id",
            "customer no",
            "id",
            "account number",
        ],
    ),
    (
        "customers",
        "name",
        &[
            "客户名称",
            "名称",
            "公司名称",
            "单位名称",
            "企业名称",
            "客户",
            "name",
            "customer name",
            "company name",
            "company",
            "account name",
        ],
    ),
    (
        "customers",
        "tax_id",
        &["税号", "纳税人识别号", "统一社会信用代码", "tax id", "vat number", "tax number"],
    ),
    ("customers", "industry", &["行业", "所属行业", "industry", "sector"]),
    (
        "customers",
        "contact",
        &["联系人", "联系人姓名", "contact", "contact name", "contact person"],
    ),
    ("customers", "title", &["职务", "职位", "title", "job title", "position"]),
    ("customers", "note", &["备注", "说明", "note", "notes", "remark", "remarks", "comment"]),
    (
        "products",
        "code",
        &[
            "产品编码",
            "商品编码",
            "物料编码",
            "存货编码",
            "产品编号",
            "货号",
            "编码",
            "编号",
            "代码",
            "code",
            "product code",
            "sku",
            "item code",
            "item number",
            "part number",
            "product id",
            "internal reference",
        ],
    ),
    (
        "products",
        "name",
        &[
            "产品名称",
            "商品名称",
            "物料名称",
            "存货名称",
            "品名",
            "名称",
            "name",
            "product name",
            "product",
            "description",
            "item name",
        ],
    ),
    ("products", "spec", &["规格", "规格型号", "型号", "spec", "specification", "model"]),
    (
        "products",
        "category",
        &["类别", "分类", "产品类别", "存货分类", "category", "product category", "group"],
    ),
    ("products", "unit", &["单位", "计量单位", "unit", "uom", "unit of measure"]),
    (
        "products",
        "price",
        &[
            "单价",
            "售价",
            "标准价",
            "标准售价",
            "目录价",
            "标价",
            "价格",
            "price",
            "list price",
            "unit price",
            "sale price",
            "sales price",
        ],
    ),
    (
        "products",
        "cost",
        &["成本", "标准成本", "成本价", "进价", "cost", "standard cost", "unit cost"],
    ),
    (
        "contacts",
        "customer",
        &[
            "客户",
            "客户名称",
            "公司",
            "公司名称",
            "单位",
            "customer",
            "company",
            "account",
            "account name",
            "organisation",
            "organization",
        ],
    ),
    (
        "contacts",
        "name",
        &["姓名", "联系人", "联系人姓名", "名字", "name", "contact", "contact name", "full name"],
    ),
    ("contacts", "title", &["职务", "职位", "title", "job title", "position"]),
    (
        "leads",
        "name",
        &[
            "姓名",
            "联系人",
            "线索",
            "线索名称",
            "name",
            "lead",
            "lead name",
            "contact name",
            "full name",
        ],
    ),
    (
        "leads",
        "company",
        &["公司", "公司名称", "单位", "客户名称", "company", "company name", "organisation"],
    ),
    (
        "leads",
        "origin",
        &["来源", "线索来源", "渠道", "source", "lead source", "origin", "channel"],
    ),
    (
        "leads",
        "need",
        &["需求", "意向", "需求描述", "备注", "need", "interest", "message", "description", "note"],
    ),
    (
        "leads",
        "created",
        &[
            "创建时间",
            "创建日期",
            "登记日期",
            "日期",
            "created",
            "created at",
            "created on",
            "date",
        ],
    ),
    (
        "orders",
        "number",
        &[
            "订单号",
            "订单编号",
            "单据编号",
            "单号",
            "销售单号",
            "合同号",
            "number",
            "order number",
            "order no",
            "order id",
            "order",
        ],
    ),
    (
        "orders",
        "customer",
        &["客户编码", "客户编号", "客户代码", "客户", "customer", "customer code", "customer id"],
    ),
    (
        "orders",
        "customer_name",
        &["客户名称", "购货单位", "customer name", "company", "account name"],
    ),
    (
        "orders",
        "ordered_on",
        &[
            "下单日期",
            "订单日期",
            "单据日期",
            "日期",
            "下单时间",
            "order date",
            "ordered on",
            "date",
            "ordered at",
        ],
    ),
    (
        "orders",
        "requested_on",
        &[
            "要求交期",
            "交货日期",
            "交期",
            "要求日期",
            "due date",
            "required date",
            "requested on",
            "delivery date",
        ],
    ),
    (
        "orders",
        "shipped_on",
        &[
            "发货日期",
            "出库日期",
            "发货时间",
            "ship date",
            "shipped on",
            "shipped date",
            "dispatch date",
        ],
    ),
    (
        "orders",
        "product",
        &[
            "产品编码",
            "商品编码",
            "物料编码",
            "存货编码",
            "货号",
            "产品",
            "product",
            "product code",
            "sku",
            "item",
            "item code",
        ],
    ),
    (
        "orders",
        "product_name",
        &[
            "产品名称",
            "商品名称",
            "物料名称",
            "存货名称",
            "品名",
            "product name",
            "description",
            "item name",
        ],
    ),
    (
        "orders",
        "quantity",
        &["数量", "订货数量", "订单数量", "qty", "quantity", "ordered", "units"],
    ),
    ("orders", "price", &["单价", "价格", "含税单价", "不含税单价", "price", "unit price"]),
    ("orders", "discount", &["折扣", "折扣率", "discount", "discount rate"]),
    (
        "receivables",
        "number",
        &[
            "单据号",
            "单据编号",
            "发票号",
            "发票号码",
            "应收单号",
            "单号",
            "number",
            "invoice number",
            "invoice no",
            "invoice",
            "document",
        ],
    ),
    (
        "receivables",
        "customer",
        &["客户编码", "客户编号", "客户代码", "客户", "customer", "customer code", "customer id"],
    ),
    (
        "receivables",
        "customer_name",
        &["客户名称", "单位名称", "customer name", "company", "account name"],
    ),
    (
        "receivables",
        "day",
        &["单据日期", "开票日期", "发票日期", "日期", "invoice date", "date", "day"],
    ),
    ("receivables", "due", &["到期日", "到期日期", "应收日期", "due", "due date"]),
    (
        "receivables",
        "amount",
        &[
            "金额",
            "应收金额",
            "未收金额",
            "余额",
            "价税合计",
            "amount",
            "open amount",
            "balance",
            "total",
            "gross",
        ],
    ),
    (
        "receivables",
        "settled_on",
        &["收款日期", "结清日期", "回款日期", "paid on", "settled", "settled on", "payment date"],
    ),
    (
        "*",
        "phone",
        &[
            "电话",
            "手机",
            "手机号",
            "联系电话",
            "联系方式",
            "phone",
            "telephone",
            "mobile",
            "tel",
            "phone number",
        ],
    ),
    (
        "*",
        "mail",
        &["邮箱", "电子邮件", "电子邮箱", "邮件", "mail", "email", "e-mail", "email address"],
    ),
    ("*", "country", &["国家", "国家地区", "country"]),
    ("*", "region", &["地区", "省份", "省", "区域", "region", "state", "province"]),
    ("*", "city", &["城市", "市", "city", "town"]),
    (
        "*",
        "address",
        &["地址", "详细地址", "公司地址", "联系地址", "address", "street", "address line"],
    ),
    ("*", "postal_code", &["邮编", "邮政编码", "zip", "zip code", "postal code", "postcode"]),
];

/// In percent: 95 for a name, 65 where a name is part of the heading, 0 else. Our own name of the
/// column is one too.
pub(crate) fn fit(target: &str, column: &str, heading: &str) -> u8 {
    let heading = plain(heading);
    if heading.is_empty() {
        return 0;
    }
    if heading == plain(column) {
        return 95;
    }
    let names = NAMES
        .iter()
        .filter(|(of, name, _)| (*of == target || *of == "*") && *name == column)
        .flat_map(|(.., names)| names.iter());
    let mut best = 0;
    for name in names.map(|name| plain(name)) {
        if name == heading {
            return 95;
        }
        // Very short names are parts of too many headings.
        let long = name.chars().count() >= if name.is_ascii() { 4 } else { 2 };
        if long && heading.contains(&name) {
            best = best.max(65);
        }
    }
    best
}

/// Lower case, without what stands in brackets, spaces and marks.
fn plain(text: &str) -> String {
    let open = text.find(['(', '（', '[', '【']).unwrap_or(text.len());
    let head = if open > 0 { &text[..open] } else { text };
    let kept = head.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_two_languages_and_with_their_units() {
        assert_eq!(fit("orders", "quantity", "数量（件）"), 95);
        assert_eq!(fit("orders", "ordered_on", "Order Date"), 95);
        assert_eq!(fit("customers", "phone", "联系电话"), 95);
        assert_eq!(fit("receivables", "amount", "未收金额合计"), 65);
        assert_eq!(fit("products", "unit", "Unit Price"), 65);
        assert_eq!(fit("products", "price", "Unit Price"), 95);
        assert_eq!(fit("customers", "code", ""), 0);
    }
}

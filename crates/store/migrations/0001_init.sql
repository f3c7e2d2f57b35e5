-- Made by `cargo run -p xtask -- made` from the declarations. Portable subset:
-- BIGINT, TEXT, JSONB; the runner rewrites it for each engine.

CREATE TABLE fact (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    activity TEXT NOT NULL,
    lifecycle TEXT NOT NULL,
    instance_id BIGINT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    acting_for BIGINT NOT NULL,
    team BIGINT NOT NULL,
    channel TEXT NOT NULL,
    source TEXT NOT NULL,
    batch_id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    reason TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    amount_base BIGINT NOT NULL,
    decision_id BIGINT NOT NULL,
    process_version BIGINT NOT NULL,
    cause_id BIGINT NOT NULL,
    attrs JSONB NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX fact_i_batch_id_id ON fact (tenant_id, batch_id, id) WHERE batch_id <> 0;

CREATE TABLE fact_object (
    tenant_id BIGINT NOT NULL,
    object_type TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    fact_id BIGINT NOT NULL,
    qualifier TEXT NOT NULL,
    activity TEXT NOT NULL,
    PRIMARY KEY (tenant_id, object_type, object_id, occurred_at, fact_id)
);
CREATE INDEX fact_object_i_fact_id ON fact_object (tenant_id, fact_id);

CREATE TABLE object_change (
    tenant_id BIGINT NOT NULL,
    object_type TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    fact_id BIGINT NOT NULL,
    attr TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant_id, object_type, object_id, fact_id, attr)
);

CREATE TABLE fact_seal (
    tenant_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    fact_id BIGINT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);
CREATE UNIQUE INDEX fact_seal_u_fact_id ON fact_seal (tenant_id, fact_id);

CREATE TABLE series (
    tenant_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    next BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, code)
);

CREATE TABLE lease (
    tenant_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

CREATE TABLE scope (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    department BIGINT NOT NULL,
    warehouse BIGINT NOT NULL,
    party BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX scope_u_company_owner_department_warehouse_party ON scope (tenant_id, company, owner, department, warehouse, party);
CREATE INDEX scope_i_owner_id ON scope (tenant_id, owner, id);
CREATE INDEX scope_i_department_id ON scope (tenant_id, department, id);

CREATE TABLE idempotency (
    tenant_id BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    key TEXT NOT NULL,
    route TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, actor, key)
);
CREATE INDEX idempotency_i_recorded_at ON idempotency (tenant_id, recorded_at);

CREATE TABLE search_token (
    tenant_id BIGINT NOT NULL,
    object_type TEXT NOT NULL,
    token TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    weight BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, object_type, token, object_id)
);

CREATE TABLE custom_field (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    entity TEXT NOT NULL,
    name TEXT NOT NULL,
    label_zh TEXT NOT NULL,
    label_en TEXT NOT NULL,
    kind TEXT NOT NULL,
    options TEXT NOT NULL,
    refers TEXT NOT NULL,
    required BIGINT NOT NULL,
    filterable BIGINT NOT NULL,
    in_list BIGINT NOT NULL,
    active BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX custom_field_u_entity_name ON custom_field (tenant_id, entity, name);

CREATE TABLE custom_index (
    tenant_id BIGINT NOT NULL,
    object_type TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    field TEXT NOT NULL,
    words TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, object_type, object_id, field)
);
CREATE INDEX custom_index_i_object_type_field_words ON custom_index (tenant_id, object_type, field, words);
CREATE INDEX custom_index_i_object_type_field_number ON custom_index (tenant_id, object_type, field, number);

CREATE TABLE job (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    company BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    payload JSONB NOT NULL,
    state TEXT NOT NULL,
    asked_by BIGINT NOT NULL,
    queued_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    holder TEXT NOT NULL,
    leased_until BIGINT NOT NULL,
    place BIGINT NOT NULL,
    steps_done BIGINT NOT NULL,
    steps_total BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX job_i_state_due_at ON job (tenant_id, state, due_at);
CREATE INDEX job_i_subject_kind_subject_state ON job (tenant_id, subject_kind, subject, state);

CREATE TABLE consumer (
    tenant_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    seq BIGINT NOT NULL,
    holder TEXT NOT NULL,
    leased_until BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    failing_since BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

CREATE TABLE tenant (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    hosts TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE company (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    chart TEXT NOT NULL,
    taxpayer TEXT NOT NULL,
    prices_incl_tax BIGINT NOT NULL,
    default_tax_code TEXT NOT NULL,
    costing TEXT NOT NULL,
    credit_control BIGINT NOT NULL,
    recognition TEXT NOT NULL,
    credit_alpha BIGINT NOT NULL,
    refund_threshold BIGINT NOT NULL,
    start_period TEXT NOT NULL,
    zone TEXT NOT NULL,
    tax_id TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    bank TEXT NOT NULL,
    bank_account TEXT NOT NULL,
    name_sound TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX company_u_code ON company (tenant_id, code);

CREATE TABLE department (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    company_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    parent BIGINT,
    name_sound TEXT NOT NULL,
    FOREIGN KEY (tenant_id, company_id) REFERENCES company (tenant_id, id),
    FOREIGN KEY (tenant_id, parent) REFERENCES department (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX department_u_code ON department (tenant_id, code);
CREATE INDEX department_i_company_id ON department (tenant_id, company_id);
CREATE INDEX department_i_parent ON department (tenant_id, parent);

CREATE TABLE app_user (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    department BIGINT,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT NOT NULL,
    name_sound TEXT NOT NULL,
    FOREIGN KEY (tenant_id, department) REFERENCES department (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX app_user_u_login ON app_user (tenant_id, login);
CREATE INDEX app_user_i_department ON app_user (tenant_id, department);

CREATE TABLE password (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    hash TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE role (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_sound TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX role_u_code ON role (tenant_id, code);

CREATE TABLE role_grant (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    role BIGINT NOT NULL,
    permission TEXT NOT NULL,
    reach TEXT NOT NULL,
    FOREIGN KEY (tenant_id, role) REFERENCES role (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX role_grant_u_role_permission ON role_grant (tenant_id, role, permission);

CREATE TABLE role_reach (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    role BIGINT NOT NULL,
    entity TEXT NOT NULL,
    reach TEXT NOT NULL,
    FOREIGN KEY (tenant_id, role) REFERENCES role (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX role_reach_u_role_entity ON role_reach (tenant_id, role, entity);

CREATE TABLE role_field (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    role BIGINT NOT NULL,
    entity TEXT NOT NULL,
    field TEXT NOT NULL,
    sight TEXT NOT NULL,
    writes BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, role) REFERENCES role (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX role_field_u_role_entity_field ON role_field (tenant_id, role, entity, field);

CREATE TABLE user_role (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    role BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id),
    FOREIGN KEY (tenant_id, role) REFERENCES role (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX user_role_u_user_id_role ON user_role (tenant_id, user_id, role);
CREATE INDEX user_role_i_role ON user_role (tenant_id, role);

CREATE TABLE sign_in (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    token_hash TEXT NOT NULL,
    user_id BIGINT,
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,
    device TEXT NOT NULL,
    FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX sign_in_u_token_hash ON sign_in (tenant_id, token_hash);
CREATE INDEX sign_in_i_user_id ON sign_in (tenant_id, user_id);

CREATE TABLE sign_in_attempt (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    login_hash TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX sign_in_attempt_u_login_hash ON sign_in_attempt (tenant_id, login_hash);
CREATE INDEX sign_in_attempt_i_last_at ON sign_in_attempt (tenant_id, last_at);

CREATE TABLE api_key (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    begins TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX api_key_u_token_hash ON api_key (tenant_id, token_hash);
CREATE INDEX api_key_i_user_id_id ON api_key (tenant_id, user_id, id);
CREATE INDEX api_key_i_begins ON api_key (tenant_id, begins);

CREATE TABLE duty_rule (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    first TEXT NOT NULL,
    second TEXT NOT NULL,
    effect TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX duty_rule_u_code ON duty_rule (tenant_id, code);
CREATE INDEX duty_rule_i_kind_effect ON duty_rule (tenant_id, kind, effect);

CREATE TABLE delegation (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    from_user BIGINT NOT NULL,
    to_user BIGINT NOT NULL,
    permissions TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    given_by BIGINT,
    revoked_at BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, from_user) REFERENCES app_user (tenant_id, id),
    FOREIGN KEY (tenant_id, to_user) REFERENCES app_user (tenant_id, id),
    FOREIGN KEY (tenant_id, given_by) REFERENCES app_user (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX delegation_i_from_user_id ON delegation (tenant_id, from_user, id);
CREATE INDEX delegation_i_to_user_from_user ON delegation (tenant_id, to_user, from_user);
CREATE INDEX delegation_i_given_by ON delegation (tenant_id, given_by);

CREATE TABLE list_view (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    entity TEXT NOT NULL,
    name TEXT NOT NULL,
    share TEXT NOT NULL,
    role BIGINT,
    usual BIGINT NOT NULL,
    asked TEXT NOT NULL,
    FOREIGN KEY (tenant_id, owner) REFERENCES app_user (tenant_id, id),
    FOREIGN KEY (tenant_id, role) REFERENCES role (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX list_view_i_owner_entity ON list_view (tenant_id, owner, entity);
CREATE INDEX list_view_i_share_entity ON list_view (tenant_id, share, entity);
CREATE INDEX list_view_i_role ON list_view (tenant_id, role);

CREATE TABLE party (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    is_customer BIGINT NOT NULL,
    is_supplier BIGINT NOT NULL,
    tax_id TEXT NOT NULL,
    grade TEXT NOT NULL,
    industry TEXT NOT NULL,
    region TEXT NOT NULL,
    country TEXT NOT NULL,
    owner_code TEXT NOT NULL,
    terms_code TEXT NOT NULL,
    price_list_code TEXT NOT NULL,
    statement_day BIGINT NOT NULL,
    parent BIGINT,
    active BIGINT NOT NULL,
    note TEXT NOT NULL,
    batch_id BIGINT NOT NULL,
    name_sound TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, parent) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX party_u_code ON party (tenant_id, code);
CREATE INDEX party_i_name ON party (tenant_id, name);
CREATE INDEX party_i_statement_day ON party (tenant_id, statement_day);
CREATE INDEX party_i_batch_id ON party (tenant_id, batch_id);
CREATE INDEX party_i_name_sound ON party (tenant_id, name_sound);
CREATE INDEX party_i_parent ON party (tenant_id, parent);

CREATE TABLE contact (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    party BIGINT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    phone TEXT NOT NULL,
    mail TEXT NOT NULL,
    wechat TEXT NOT NULL,
    name_sound TEXT NOT NULL,
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX contact_i_party ON contact (tenant_id, party);

CREATE TABLE address (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    party BIGINT NOT NULL,
    kind TEXT NOT NULL,
    country TEXT NOT NULL,
    region TEXT NOT NULL,
    city TEXT NOT NULL,
    street TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    receiver TEXT NOT NULL,
    phone TEXT NOT NULL,
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX address_i_party ON address (tenant_id, party);

CREATE TABLE heading (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    party BIGINT NOT NULL,
    name TEXT NOT NULL,
    tax_id TEXT NOT NULL,
    address_phone TEXT NOT NULL,
    bank_account TEXT NOT NULL,
    invoice_kind TEXT NOT NULL,
    valid_from TEXT,
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX heading_i_party ON heading (tenant_id, party);

CREATE TABLE customer_item (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    party BIGINT NOT NULL,
    product BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    spec TEXT NOT NULL,
    unit TEXT NOT NULL,
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX customer_item_i_party ON customer_item (tenant_id, party);

CREATE TABLE product (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    spec TEXT NOT NULL,
    brand TEXT NOT NULL,
    category TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    aux_unit TEXT NOT NULL,
    tax_code TEXT NOT NULL,
    tax_class_code TEXT NOT NULL,
    tax_class_name TEXT NOT NULL,
    barcode TEXT NOT NULL,
    list_price BIGINT NOT NULL,
    standard_cost BIGINT NOT NULL,
    lot_tracked BIGINT NOT NULL,
    active BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    name_sound TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX product_u_code ON product (tenant_id, code);
CREATE INDEX product_i_name ON product (tenant_id, name);
CREATE INDEX product_i_barcode ON product (tenant_id, barcode);
CREATE INDEX product_i_batch_id ON product (tenant_id, batch_id);
CREATE INDEX product_i_name_sound ON product (tenant_id, name_sound);

CREATE TABLE account (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    company BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    side TEXT NOT NULL,
    class TEXT NOT NULL,
    leaf BIGINT NOT NULL,
    dims TEXT NOT NULL,
    active BIGINT NOT NULL,
    name_sound TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX account_u_company_code ON account (tenant_id, company, code);

CREATE TABLE account_role (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    role TEXT NOT NULL,
    account BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, account) REFERENCES account (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX account_role_u_company_role ON account_role (tenant_id, company, role);

CREATE TABLE period (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    company BIGINT NOT NULL,
    period TEXT NOT NULL,
    state TEXT NOT NULL,
    closed_by BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX period_u_company_period ON period (tenant_id, company, period);

CREATE TABLE voucher (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    company BIGINT NOT NULL,
    period TEXT NOT NULL,
    word TEXT NOT NULL,
    number BIGINT NOT NULL,
    day TEXT,
    text TEXT NOT NULL,
    entries BIGINT NOT NULL,
    total BIGINT NOT NULL,
    made_by BIGINT NOT NULL,
    reviewed_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX voucher_u_company_period_word_number ON voucher (tenant_id, company, period, word, number);

CREATE TABLE entry (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    period BIGINT NOT NULL,
    day TEXT,
    kind TEXT NOT NULL,
    origin_kind TEXT NOT NULL,
    origin BIGINT NOT NULL,
    text TEXT NOT NULL,
    currency TEXT NOT NULL,
    rate BIGINT NOT NULL,
    reverses BIGINT NOT NULL,
    voucher BIGINT,
    posted_at BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, period) REFERENCES period (tenant_id, id),
    FOREIGN KEY (tenant_id, voucher) REFERENCES voucher (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX entry_i_origin_kind_origin ON entry (tenant_id, origin_kind, origin);
CREATE INDEX entry_i_company_day ON entry (tenant_id, company, day);

CREATE TABLE entry_line (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    company BIGINT NOT NULL,
    day TEXT,
    account BIGINT NOT NULL,
    debit BIGINT NOT NULL,
    credit BIGINT NOT NULL,
    txn_amount BIGINT NOT NULL,
    party BIGINT NOT NULL,
    product BIGINT NOT NULL,
    department BIGINT NOT NULL,
    employee BIGINT NOT NULL,
    project BIGINT NOT NULL,
    qty BIGINT NOT NULL,
    text TEXT NOT NULL,
    FOREIGN KEY (tenant_id, entry) REFERENCES entry (tenant_id, id),
    FOREIGN KEY (tenant_id, account) REFERENCES account (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX entry_line_i_company_account_day ON entry_line (tenant_id, company, account, day);
CREATE INDEX entry_line_i_entry ON entry_line (tenant_id, entry);

CREATE TABLE policy_version (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    name TEXT NOT NULL,
    number BIGINT NOT NULL,
    effective_from TEXT,
    condition JSONB NOT NULL,
    params JSONB NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX policy_version_u_company_name_number ON policy_version (tenant_id, company, name, number);

CREATE TABLE decision (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    policy TEXT NOT NULL,
    policy_version BIGINT NOT NULL,
    build TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    inputs JSONB NOT NULL,
    outcome TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX decision_i_subject_kind_subject_id ON decision (tenant_id, subject_kind, subject, id);

CREATE TABLE approval (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    party BIGINT NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount BIGINT NOT NULL,
    state TEXT NOT NULL,
    role TEXT NOT NULL,
    requested_by BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    comment TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX approval_i_subject_kind_subject ON approval (tenant_id, subject_kind, subject);
CREATE INDEX approval_i_state_role ON approval (tenant_id, state, role);
CREATE INDEX approval_i_scope_id_id ON approval (tenant_id, scope_id, id);

CREATE TABLE hold (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    line BIGINT NOT NULL,
    currency TEXT NOT NULL,
    amount BIGINT NOT NULL,
    found BIGINT NOT NULL,
    bound BIGINT NOT NULL,
    days BIGINT NOT NULL,
    discount BIGINT NOT NULL,
    about TEXT NOT NULL,
    decision BIGINT NOT NULL,
    placed_by BIGINT NOT NULL,
    placed_at BIGINT NOT NULL,
    released_by BIGINT NOT NULL,
    released_at BIGINT NOT NULL,
    release_kind TEXT NOT NULL,
    release_reason TEXT NOT NULL,
    approval BIGINT,
    open BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, approval) REFERENCES approval (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX hold_i_subject_kind_subject_open ON hold (tenant_id, subject_kind, subject, open);
CREATE INDEX hold_i_party_open_kind ON hold (tenant_id, party, open, kind);
CREATE INDEX hold_i_approval ON hold (tenant_id, approval);

CREATE TABLE kpi_target (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    kpi TEXT NOT NULL,
    target BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    note TEXT NOT NULL,
    told TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, owner) REFERENCES app_user (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX kpi_target_u_kpi ON kpi_target (tenant_id, kpi);
CREATE INDEX kpi_target_i_owner ON kpi_target (tenant_id, owner);

CREATE TABLE scorecard (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    board TEXT NOT NULL,
    every TEXT NOT NULL,
    day BIGINT NOT NULL,
    minute BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    reader BIGINT NOT NULL,
    active BIGINT NOT NULL,
    told TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, owner) REFERENCES app_user (tenant_id, id),
    FOREIGN KEY (tenant_id, reader) REFERENCES app_user (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX scorecard_i_active ON scorecard (tenant_id, active);
CREATE INDEX scorecard_i_owner ON scorecard (tenant_id, owner);
CREATE INDEX scorecard_i_reader ON scorecard (tenant_id, reader);

CREATE TABLE payment_terms (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    anchor TEXT NOT NULL,
    month_end BIGINT NOT NULL,
    days BIGINT NOT NULL,
    months BIGINT NOT NULL,
    pay_day BIGINT NOT NULL,
    deposit BIGINT NOT NULL,
    name_sound TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX payment_terms_u_code ON payment_terms (tenant_id, code);

CREATE TABLE price_list (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    incl_tax BIGINT NOT NULL,
    factor BIGINT NOT NULL,
    name_sound TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX price_list_u_code ON price_list (tenant_id, code);

CREATE TABLE price_item (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    price_list BIGINT NOT NULL,
    product BIGINT NOT NULL,
    min_qty BIGINT NOT NULL,
    price BIGINT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    FOREIGN KEY (tenant_id, price_list) REFERENCES price_list (tenant_id, id),
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX price_item_i_price_list_product ON price_item (tenant_id, price_list, product);
CREATE INDEX price_item_i_product ON price_item (tenant_id, product);

CREATE TABLE price_agreement (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    party BIGINT NOT NULL,
    product BIGINT NOT NULL,
    min_qty BIGINT NOT NULL,
    price BIGINT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX price_agreement_i_party_product ON price_agreement (tenant_id, party, product);
CREATE INDEX price_agreement_i_product ON price_agreement (tenant_id, product);

CREATE TABLE credit_account (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT NOT NULL,
    currency TEXT NOT NULL,
    controlled BIGINT NOT NULL,
    credit_limit BIGINT NOT NULL,
    used BIGINT NOT NULL,
    order_part BIGINT NOT NULL,
    unbilled_part BIGINT NOT NULL,
    receivable_part BIGINT NOT NULL,
    free_part BIGINT NOT NULL,
    overdue_max_days BIGINT NOT NULL,
    review_due BIGINT NOT NULL,
    state TEXT NOT NULL,
    state_reason TEXT NOT NULL,
    state_by BIGINT NOT NULL,
    state_since BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX credit_account_u_company_party ON credit_account (tenant_id, company, party);
CREATE INDEX credit_account_i_party ON credit_account (tenant_id, party);

CREATE TABLE credit_change (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    currency TEXT NOT NULL,
    was_limited BIGINT NOT NULL,
    limited BIGINT NOT NULL,
    limit_before BIGINT NOT NULL,
    limit_after BIGINT NOT NULL,
    trust_before TEXT NOT NULL,
    trust_after TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    comment TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX credit_change_i_number ON credit_change (tenant_id, number);
CREATE INDEX credit_change_i_party_id ON credit_change (tenant_id, party, id);
CREATE INDEX credit_change_i_state_id ON credit_change (tenant_id, state, id);
CREATE INDEX credit_change_i_scope_id_id ON credit_change (tenant_id, scope_id, id);

CREATE TABLE lead (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    name TEXT NOT NULL,
    company_name TEXT NOT NULL,
    phone TEXT NOT NULL,
    mail TEXT NOT NULL,
    wechat TEXT NOT NULL,
    origin TEXT NOT NULL,
    region TEXT NOT NULL,
    need TEXT NOT NULL,
    est_amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    came_on TEXT,
    owner BIGINT NOT NULL,
    given_back_by BIGINT NOT NULL,
    score BIGINT NOT NULL,
    assigned_at BIGINT NOT NULL,
    first_response_at BIGINT NOT NULL,
    pooled_at BIGINT NOT NULL,
    return_reason TEXT NOT NULL,
    party BIGINT,
    opportunity BIGINT NOT NULL,
    history BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    name_sound TEXT NOT NULL,
    company_name_sound TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX lead_i_state_id ON lead (tenant_id, state, id);
CREATE INDEX lead_i_owner_id ON lead (tenant_id, owner, id);
CREATE INDEX lead_i_phone ON lead (tenant_id, phone);
CREATE INDEX lead_i_batch_id ON lead (tenant_id, batch_id);
CREATE INDEX lead_i_scope_id_id ON lead (tenant_id, scope_id, id);
CREATE INDEX lead_i_party ON lead (tenant_id, party);

CREATE TABLE opportunity (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    name TEXT NOT NULL,
    party BIGINT,
    lead BIGINT,
    product BIGINT,
    stage TEXT NOT NULL,
    state TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    probability BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    team TEXT NOT NULL,
    opened_on TEXT,
    close_expected TEXT,
    closed_on TEXT,
    lost_reason TEXT NOT NULL,
    history BIGINT NOT NULL,
    open_fields_waived BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    name_sound TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    FOREIGN KEY (tenant_id, lead) REFERENCES lead (tenant_id, id),
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX opportunity_i_state_id ON opportunity (tenant_id, state, id);
CREATE INDEX opportunity_i_batch_id ON opportunity (tenant_id, batch_id);
CREATE INDEX opportunity_i_scope_id_id ON opportunity (tenant_id, scope_id, id);
CREATE INDEX opportunity_i_party ON opportunity (tenant_id, party);
CREATE INDEX opportunity_i_lead ON opportunity (tenant_id, lead);
CREATE INDEX opportunity_i_product ON opportunity (tenant_id, product);

CREATE TABLE quote (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    revision BIGINT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT NOT NULL,
    opportunity BIGINT NOT NULL,
    previous BIGINT,
    state TEXT NOT NULL,
    currency TEXT NOT NULL,
    rate BIGINT NOT NULL,
    incl_tax BIGINT NOT NULL,
    terms_code TEXT NOT NULL,
    valid_until TEXT,
    owner BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    reject_reason TEXT NOT NULL,
    accepted_order BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    FOREIGN KEY (tenant_id, previous) REFERENCES quote (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX quote_u_number_revision ON quote (tenant_id, number, revision);
CREATE INDEX quote_i_scope_id_id ON quote (tenant_id, scope_id, id);
CREATE INDEX quote_i_party ON quote (tenant_id, party);
CREATE INDEX quote_i_previous ON quote (tenant_id, previous);

CREATE TABLE quote_line (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    quote BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    product BIGINT NOT NULL,
    text TEXT NOT NULL,
    qty BIGINT NOT NULL,
    list_price BIGINT NOT NULL,
    price_entered BIGINT NOT NULL,
    discount BIGINT NOT NULL,
    tax_code TEXT NOT NULL,
    tax_rate BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, quote) REFERENCES quote (tenant_id, id),
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX quote_line_i_quote ON quote_line (tenant_id, quote);
CREATE INDEX quote_line_i_product ON quote_line (tenant_id, product);

CREATE TABLE sales_order (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT NOT NULL,
    ship_to TEXT NOT NULL,
    contact TEXT NOT NULL,
    quote BIGINT NOT NULL,
    opportunity BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    channel TEXT NOT NULL,
    order_type TEXT NOT NULL,
    customer_po_no TEXT NOT NULL,
    currency TEXT NOT NULL,
    rate BIGINT NOT NULL,
    incl_tax BIGINT NOT NULL,
    terms_code TEXT NOT NULL,
    written_credit BIGINT NOT NULL,
    recognition TEXT NOT NULL,
    state TEXT NOT NULL,
    fulfilment TEXT NOT NULL,
    billing TEXT NOT NULL,
    payment TEXT NOT NULL,
    holds BIGINT NOT NULL,
    ordered_on TEXT,
    requested_on TEXT,
    promised_first TEXT,
    promised_now TEXT,
    gross BIGINT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    deposit BIGINT NOT NULL,
    deposit_base BIGINT NOT NULL,
    deposit_tax BIGINT NOT NULL,
    deposit_tax_base BIGINT NOT NULL,
    covered BIGINT NOT NULL,
    covered_base BIGINT NOT NULL,
    revenue_base BIGINT NOT NULL,
    output_vat_base BIGINT NOT NULL,
    deferred_base BIGINT NOT NULL,
    billed_base BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    credit_taken BIGINT NOT NULL,
    freight BIGINT NOT NULL,
    stated_total BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    cancel_reason TEXT NOT NULL,
    history BIGINT NOT NULL,
    exact JSONB NOT NULL,
    batch_id BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sales_order_i_number ON sales_order (tenant_id, number);
CREATE INDEX sales_order_i_state_id ON sales_order (tenant_id, state, id);
CREATE INDEX sales_order_i_party_customer_po_no ON sales_order (tenant_id, party, customer_po_no);
CREATE INDEX sales_order_i_party_id ON sales_order (tenant_id, party, id);
CREATE INDEX sales_order_i_party_state_ordered_on_currency_gross ON sales_order (tenant_id, party, state, ordered_on, currency, gross);
CREATE INDEX sales_order_i_ordered_on_id ON sales_order (tenant_id, ordered_on, id);
CREATE INDEX sales_order_i_batch_id ON sales_order (tenant_id, batch_id);
CREATE INDEX sales_order_i_scope_id_id ON sales_order (tenant_id, scope_id, id);
CREATE INDEX sales_order_o_fulfilment ON sales_order (tenant_id, fulfilment, id) WHERE fulfilment <> 'full';
CREATE INDEX sales_order_o_billing ON sales_order (tenant_id, billing, id) WHERE billing <> 'full';
CREATE INDEX sales_order_o_payment ON sales_order (tenant_id, payment, id) WHERE payment <> 'full';

CREATE TABLE order_line (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    product BIGINT NOT NULL,
    text TEXT NOT NULL,
    warehouse BIGINT NOT NULL,
    ordered BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    shipped BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    recognised BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    invoiced BIGINT NOT NULL,
    list_price BIGINT NOT NULL,
    price_entered BIGINT NOT NULL,
    discount BIGINT NOT NULL,
    tax_code TEXT NOT NULL,
    tax_rate BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    cost_shipped BIGINT NOT NULL,
    cost_recognised BIGINT NOT NULL,
    net_recognised BIGINT NOT NULL,
    tax_recognised BIGINT NOT NULL,
    tax_dispatched BIGINT NOT NULL,
    tax_agreed BIGINT NOT NULL,
    gross_invoiced BIGINT NOT NULL,
    tax_invoiced BIGINT NOT NULL,
    steps JSONB NOT NULL,
    FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id),
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX order_line_i_order_id ON order_line (tenant_id, order_id);
CREATE INDEX order_line_i_product ON order_line (tenant_id, product);

CREATE TABLE change_order (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    party BIGINT,
    state TEXT NOT NULL,
    base_version BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    evidence TEXT NOT NULL,
    requested_was TEXT,
    requested_on TEXT,
    ship_to_was TEXT NOT NULL,
    ship_to TEXT NOT NULL,
    currency TEXT NOT NULL,
    gross_before BIGINT NOT NULL,
    gross_after BIGINT NOT NULL,
    needs_approval BIGINT NOT NULL,
    made_by BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    approved_by BIGINT NOT NULL,
    approved_at BIGINT NOT NULL,
    applied_at BIGINT NOT NULL,
    end_reason TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id),
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX change_order_i_number ON change_order (tenant_id, number);
CREATE INDEX change_order_i_order_id_id ON change_order (tenant_id, order_id, id);
CREATE INDEX change_order_i_state_id ON change_order (tenant_id, state, id);
CREATE INDEX change_order_i_scope_id_id ON change_order (tenant_id, scope_id, id);
CREATE INDEX change_order_i_party ON change_order (tenant_id, party);

CREATE TABLE change_line (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    change_order BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    action TEXT NOT NULL,
    order_line_no BIGINT NOT NULL,
    product BIGINT NOT NULL,
    qty_before BIGINT NOT NULL,
    qty_after BIGINT NOT NULL,
    price_before BIGINT NOT NULL,
    price_after BIGINT NOT NULL,
    discount_before BIGINT NOT NULL,
    discount_after BIGINT NOT NULL,
    gross_before BIGINT NOT NULL,
    gross_after BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, change_order) REFERENCES change_order (tenant_id, id),
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX change_line_i_change_order ON change_line (tenant_id, change_order);
CREATE INDEX change_line_i_product ON change_line (tenant_id, product);

CREATE TABLE warehouse (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    company BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    priority BIGINT NOT NULL,
    name_sound TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX warehouse_u_company_code ON warehouse (tenant_id, company, code);

CREATE TABLE location (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    warehouse BIGINT NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    FOREIGN KEY (tenant_id, warehouse) REFERENCES warehouse (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX location_u_warehouse_code ON location (tenant_id, warehouse, code);

CREATE TABLE lot (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    product BIGINT NOT NULL,
    code TEXT NOT NULL,
    expires_on TEXT,
    blocked BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX lot_u_product_code ON lot (tenant_id, product, code);

CREATE TABLE stock (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    product BIGINT NOT NULL,
    warehouse BIGINT NOT NULL,
    location BIGINT NOT NULL,
    lot BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    on_hand BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    FOREIGN KEY (tenant_id, warehouse) REFERENCES warehouse (tenant_id, id),
    FOREIGN KEY (tenant_id, location) REFERENCES location (tenant_id, id),
    FOREIGN KEY (tenant_id, lot) REFERENCES lot (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX stock_u_product_company_location_lot ON stock (tenant_id, product, company, location, lot);
CREATE INDEX stock_i_lot ON stock (tenant_id, lot);

CREATE TABLE stock_value (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    product BIGINT NOT NULL,
    qty BIGINT NOT NULL,
    value BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX stock_value_u_product_company ON stock_value (tenant_id, product, company);

CREATE TABLE stock_move (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    product BIGINT NOT NULL,
    location BIGINT NOT NULL,
    lot BIGINT NOT NULL,
    qty BIGINT NOT NULL,
    value BIGINT NOT NULL,
    kind TEXT NOT NULL,
    origin_kind TEXT NOT NULL,
    origin BIGINT NOT NULL,
    origin_line BIGINT NOT NULL,
    day TEXT,
    recorded_at BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX stock_move_i_product_company_id ON stock_move (tenant_id, product, company, id);
CREATE INDEX stock_move_i_origin_kind_origin ON stock_move (tenant_id, origin_kind, origin);

CREATE TABLE demand (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    order_line BIGINT NOT NULL,
    product BIGINT NOT NULL,
    wanted BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    shipped BIGINT NOT NULL,
    needed_on TEXT,
    priority BIGINT NOT NULL,
    state TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, order_line) REFERENCES order_line (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX demand_u_order_line ON demand (tenant_id, order_line);
CREATE INDEX demand_i_company_product_state_priority_id ON demand (tenant_id, company, product, state, priority, id);
CREATE INDEX demand_i_order_id ON demand (tenant_id, order_id);

CREATE TABLE reservation (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    demand BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    order_line BIGINT NOT NULL,
    stock BIGINT NOT NULL,
    product BIGINT NOT NULL,
    qty BIGINT NOT NULL,
    state TEXT NOT NULL,
    shipment_line BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, demand) REFERENCES demand (tenant_id, id),
    FOREIGN KEY (tenant_id, stock) REFERENCES stock (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX reservation_i_order_id_state ON reservation (tenant_id, order_id, state);
CREATE INDEX reservation_i_stock_state ON reservation (tenant_id, stock, state);
CREATE INDEX reservation_i_demand ON reservation (tenant_id, demand);

CREATE TABLE shipment (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    order_id BIGINT,
    party BIGINT,
    warehouse BIGINT,
    state TEXT NOT NULL,
    ship_to TEXT NOT NULL,
    carrier TEXT NOT NULL,
    tracking TEXT NOT NULL,
    planned_on TEXT,
    promised_on TEXT,
    picked_at BIGINT NOT NULL,
    shipped_at BIGINT NOT NULL,
    delivered_at BIGINT NOT NULL,
    recognised_at BIGINT NOT NULL,
    pod_name TEXT NOT NULL,
    picker BIGINT NOT NULL,
    exception TEXT NOT NULL,
    history BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id),
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    FOREIGN KEY (tenant_id, warehouse) REFERENCES warehouse (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX shipment_i_state_id ON shipment (tenant_id, state, id);
CREATE INDEX shipment_i_party_state ON shipment (tenant_id, party, state);
CREATE INDEX shipment_i_number ON shipment (tenant_id, number);
CREATE INDEX shipment_i_batch_id ON shipment (tenant_id, batch_id);
CREATE INDEX shipment_i_scope_id_id ON shipment (tenant_id, scope_id, id);
CREATE INDEX shipment_i_order_id ON shipment (tenant_id, order_id);

CREATE TABLE shipment_line (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    shipment BIGINT NOT NULL,
    order_line BIGINT NOT NULL,
    product BIGINT NOT NULL,
    stock BIGINT,
    reservation BIGINT NOT NULL,
    assigned BIGINT NOT NULL,
    shipped BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    recognised BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, shipment) REFERENCES shipment (tenant_id, id),
    FOREIGN KEY (tenant_id, order_line) REFERENCES order_line (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX shipment_line_i_shipment ON shipment_line (tenant_id, shipment);
CREATE INDEX shipment_line_i_order_line ON shipment_line (tenant_id, order_line);

CREATE TABLE goods_return (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    party BIGINT NOT NULL,
    warehouse BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    fault TEXT NOT NULL,
    requested_by BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    settled_at BIGINT NOT NULL,
    credit_note BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id),
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    FOREIGN KEY (tenant_id, warehouse) REFERENCES warehouse (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX goods_return_i_state_id ON goods_return (tenant_id, state, id);
CREATE INDEX goods_return_i_number ON goods_return (tenant_id, number);
CREATE INDEX goods_return_i_scope_id_id ON goods_return (tenant_id, scope_id, id);
CREATE INDEX goods_return_i_order_id ON goods_return (tenant_id, order_id);
CREATE INDEX goods_return_i_party ON goods_return (tenant_id, party);

CREATE TABLE return_line (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    return_id BIGINT NOT NULL,
    order_line BIGINT NOT NULL,
    shipment BIGINT NOT NULL,
    shipment_line BIGINT NOT NULL,
    product BIGINT NOT NULL,
    asked BIGINT NOT NULL,
    received BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    recognised BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, return_id) REFERENCES goods_return (tenant_id, id),
    FOREIGN KEY (tenant_id, order_line) REFERENCES order_line (tenant_id, id),
    FOREIGN KEY (tenant_id, shipment) REFERENCES shipment (tenant_id, id),
    FOREIGN KEY (tenant_id, shipment_line) REFERENCES shipment_line (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX return_line_i_return_id ON return_line (tenant_id, return_id);
CREATE INDEX return_line_i_order_line ON return_line (tenant_id, order_line);
CREATE INDEX return_line_i_shipment ON return_line (tenant_id, shipment);
CREATE INDEX return_line_i_shipment_line ON return_line (tenant_id, shipment_line);

CREATE TABLE receipt (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    kind TEXT NOT NULL,
    warehouse BIGINT NOT NULL,
    day TEXT,
    reason TEXT NOT NULL,
    value BIGINT NOT NULL,
    made_by BIGINT NOT NULL,
    posted_at BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, warehouse) REFERENCES warehouse (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX receipt_i_scope_id_id ON receipt (tenant_id, scope_id, id);

CREATE TABLE receipt_line (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    receipt BIGINT NOT NULL,
    product BIGINT NOT NULL,
    stock BIGINT NOT NULL,
    qty BIGINT NOT NULL,
    value BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, receipt) REFERENCES receipt (tenant_id, id),
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    FOREIGN KEY (tenant_id, stock) REFERENCES stock (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX receipt_line_i_receipt ON receipt_line (tenant_id, receipt);
CREATE INDEX receipt_line_i_product ON receipt_line (tenant_id, product);
CREATE INDEX receipt_line_i_stock ON receipt_line (tenant_id, stock);

CREATE TABLE exchange_rate (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    currency TEXT NOT NULL,
    base TEXT NOT NULL,
    day TEXT NOT NULL,
    rate BIGINT NOT NULL,
    source TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX exchange_rate_u_currency_base_day ON exchange_rate (tenant_id, currency, base, day);
CREATE INDEX exchange_rate_i_day_id ON exchange_rate (tenant_id, day, id);

CREATE TABLE billable_item (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    order_line BIGINT NOT NULL,
    shipment BIGINT NOT NULL,
    state TEXT NOT NULL,
    qty BIGINT NOT NULL,
    from_qty BIGINT NOT NULL,
    invoice BIGINT NOT NULL,
    ready_at BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id),
    FOREIGN KEY (tenant_id, order_line) REFERENCES order_line (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX billable_item_i_order_id_state ON billable_item (tenant_id, order_id, state);
CREATE INDEX billable_item_i_party_state ON billable_item (tenant_id, party, state);
CREATE INDEX billable_item_i_party_ready_at ON billable_item (tenant_id, party, ready_at);
CREATE INDEX billable_item_i_invoice ON billable_item (tenant_id, invoice);
CREATE INDEX billable_item_i_order_line ON billable_item (tenant_id, order_line);

CREATE TABLE invoice (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT NOT NULL,
    heading TEXT NOT NULL,
    tax_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    order_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    rate BIGINT NOT NULL,
    day TEXT,
    due TEXT,
    gross BIGINT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    open BIGINT NOT NULL,
    gross_base BIGINT NOT NULL,
    open_base BIGINT NOT NULL,
    held BIGINT NOT NULL,
    held_base BIGINT NOT NULL,
    disputed BIGINT NOT NULL,
    posted_at BIGINT NOT NULL,
    settled_on TEXT,
    history BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX invoice_i_number ON invoice (tenant_id, number);
CREATE INDEX invoice_i_state_due ON invoice (tenant_id, state, due);
CREATE INDEX invoice_i_order_id ON invoice (tenant_id, order_id);
CREATE INDEX invoice_i_party_posted_at ON invoice (tenant_id, party, posted_at);
CREATE INDEX invoice_i_party_id ON invoice (tenant_id, party, id);
CREATE INDEX invoice_i_party_open ON invoice (tenant_id, party, open);
CREATE INDEX invoice_i_batch_id ON invoice (tenant_id, batch_id);
CREATE INDEX invoice_i_scope_id_id ON invoice (tenant_id, scope_id, id);

CREATE TABLE invoice_line (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    invoice BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    item BIGINT,
    order_line BIGINT,
    product BIGINT,
    text TEXT NOT NULL,
    qty BIGINT NOT NULL,
    price BIGINT NOT NULL,
    tax_code TEXT NOT NULL,
    tax_rate BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, invoice) REFERENCES invoice (tenant_id, id),
    FOREIGN KEY (tenant_id, item) REFERENCES billable_item (tenant_id, id),
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX invoice_line_i_invoice ON invoice_line (tenant_id, invoice);
CREATE INDEX invoice_line_i_item ON invoice_line (tenant_id, item);
CREATE INDEX invoice_line_i_product ON invoice_line (tenant_id, product);

CREATE TABLE open_item (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT NOT NULL,
    invoice BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    due TEXT NOT NULL,
    amount BIGINT NOT NULL,
    open BIGINT NOT NULL,
    amount_base BIGINT NOT NULL,
    open_base BIGINT NOT NULL,
    revalued_base BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice) REFERENCES invoice (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX open_item_i_party_due ON open_item (tenant_id, party, due);
CREATE INDEX open_item_i_due_id ON open_item (tenant_id, due, id);
CREATE INDEX open_item_i_invoice ON open_item (tenant_id, invoice);

CREATE TABLE payment (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT NOT NULL,
    direction TEXT NOT NULL,
    method TEXT NOT NULL,
    state TEXT NOT NULL,
    currency TEXT NOT NULL,
    rate BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    unapplied BIGINT NOT NULL,
    amount_base BIGINT NOT NULL,
    unapplied_base BIGINT NOT NULL,
    held BIGINT NOT NULL,
    held_base BIGINT NOT NULL,
    value_day TEXT NOT NULL,
    reference TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    history BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX payment_i_number ON payment (tenant_id, number);
CREATE INDEX payment_i_party_received_at ON payment (tenant_id, party, received_at);
CREATE INDEX payment_i_party_id ON payment (tenant_id, party, id);
CREATE INDEX payment_i_batch_id ON payment (tenant_id, batch_id);
CREATE INDEX payment_i_scope_id_id ON payment (tenant_id, scope_id, id);

CREATE TABLE refund (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT,
    payment BIGINT,
    credit_note BIGINT,
    state TEXT NOT NULL,
    method TEXT NOT NULL,
    currency TEXT NOT NULL,
    rate BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    amount_base BIGINT NOT NULL,
    paid_base BIGINT NOT NULL,
    reason TEXT NOT NULL,
    reference TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    approved_by BIGINT NOT NULL,
    approved_at BIGINT NOT NULL,
    by_rule BIGINT NOT NULL,
    rule_amount_base BIGINT NOT NULL,
    rule_sum_base BIGINT NOT NULL,
    value_day TEXT,
    cleared_at BIGINT NOT NULL,
    trouble TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    FOREIGN KEY (tenant_id, payment) REFERENCES payment (tenant_id, id),
    FOREIGN KEY (tenant_id, credit_note) REFERENCES invoice (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX refund_i_number ON refund (tenant_id, number);
CREATE INDEX refund_i_party_state ON refund (tenant_id, party, state);
CREATE INDEX refund_i_payment ON refund (tenant_id, payment);
CREATE INDEX refund_i_credit_note ON refund (tenant_id, credit_note);
CREATE INDEX refund_i_party_cleared_at ON refund (tenant_id, party, cleared_at);
CREATE INDEX refund_i_scope_id_id ON refund (tenant_id, scope_id, id);

CREATE TABLE allocation (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    payment BIGINT,
    open_item BIGINT,
    order_id BIGINT,
    refund BIGINT,
    netted_with BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    amount_base BIGINT NOT NULL,
    difference_base BIGINT NOT NULL,
    day TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    reverses BIGINT NOT NULL,
    reversed_by BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, payment) REFERENCES payment (tenant_id, id),
    FOREIGN KEY (tenant_id, open_item) REFERENCES open_item (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id),
    FOREIGN KEY (tenant_id, refund) REFERENCES refund (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX allocation_i_payment ON allocation (tenant_id, payment);
CREATE INDEX allocation_i_open_item ON allocation (tenant_id, open_item);
CREATE INDEX allocation_i_order_id ON allocation (tenant_id, order_id);
CREATE INDEX allocation_i_refund ON allocation (tenant_id, refund);

CREATE TABLE statement (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT NOT NULL,
    state TEXT NOT NULL,
    currency TEXT NOT NULL,
    period_from TEXT,
    period_until TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    opening BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    closing BIGINT NOT NULL,
    difference BIGINT NOT NULL,
    reason TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    signed_by TEXT NOT NULL,
    settled_at BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    FOREIGN KEY (tenant_id, party) REFERENCES party (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX statement_u_company_party_currency_period_until ON statement (tenant_id, company, party, currency, period_until);
CREATE INDEX statement_i_number ON statement (tenant_id, number);
CREATE INDEX statement_i_party_period_until ON statement (tenant_id, party, period_until);
CREATE INDEX statement_i_state_period_until ON statement (tenant_id, state, period_until);
CREATE INDEX statement_i_scope_id_id ON statement (tenant_id, scope_id, id);

CREATE TABLE statement_line (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    statement BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    day TEXT,
    number TEXT NOT NULL,
    order_id BIGINT,
    item BIGINT,
    payment BIGINT,
    refund BIGINT,
    product BIGINT,
    text TEXT NOT NULL,
    qty BIGINT NOT NULL,
    price BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    difference BIGINT NOT NULL,
    note TEXT NOT NULL,
    dealt TEXT NOT NULL,
    FOREIGN KEY (tenant_id, statement) REFERENCES statement (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id),
    FOREIGN KEY (tenant_id, item) REFERENCES billable_item (tenant_id, id),
    FOREIGN KEY (tenant_id, payment) REFERENCES payment (tenant_id, id),
    FOREIGN KEY (tenant_id, refund) REFERENCES refund (tenant_id, id),
    FOREIGN KEY (tenant_id, product) REFERENCES product (tenant_id, id),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX statement_line_i_item ON statement_line (tenant_id, item);
CREATE INDEX statement_line_i_payment_kind ON statement_line (tenant_id, payment, kind);
CREATE INDEX statement_line_i_refund_kind ON statement_line (tenant_id, refund, kind);
CREATE INDEX statement_line_i_statement ON statement_line (tenant_id, statement);
CREATE INDEX statement_line_i_order_id ON statement_line (tenant_id, order_id);
CREATE INDEX statement_line_i_product ON statement_line (tenant_id, product);

CREATE TABLE webhook (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    activities TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX webhook_i_state_id ON webhook (tenant_id, state, id);

CREATE TABLE webhook_secret (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    secret TEXT NOT NULL,
    previous TEXT NOT NULL,
    previous_until BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE notice (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    document_kind TEXT NOT NULL,
    document BIGINT NOT NULL,
    reason TEXT NOT NULL,
    fact BIGINT NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    settled_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX notice_i_user_id_id ON notice (tenant_id, user_id, id);
CREATE INDEX notice_i_subject_kind_subject ON notice (tenant_id, subject_kind, subject);
CREATE INDEX notice_i_fact ON notice (tenant_id, fact);

CREATE TABLE notice_setting (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    mail TEXT NOT NULL,
    by_mail BIGINT NOT NULL,
    lang TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE attachment (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX attachment_i_subject_kind_subject ON attachment (tenant_id, subject_kind, subject);

CREATE TABLE comment (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    text TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX comment_i_subject_kind_subject ON comment (tenant_id, subject_kind, subject);

CREATE TABLE comment_mention (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX comment_mention_i_comment ON comment_mention (tenant_id, comment);

CREATE TABLE task (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    details TEXT NOT NULL,
    state TEXT NOT NULL,
    due TEXT,
    for_user BIGINT NOT NULL,
    asked_by BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    ended_at BIGINT NOT NULL,
    title_sound TEXT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX task_i_for_user_state_due ON task (tenant_id, for_user, state, due);
CREATE INDEX task_i_asked_by_state_due ON task (tenant_id, asked_by, state, due);
CREATE INDEX task_i_subject_kind_subject ON task (tenant_id, subject_kind, subject);
CREATE INDEX task_i_state_due ON task (tenant_id, state, due);
CREATE INDEX task_i_scope_id_id ON task (tenant_id, scope_id, id);

CREATE TABLE import_batch (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    company BIGINT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    currency TEXT NOT NULL,
    rate BIGINT NOT NULL,
    files JSONB NOT NULL,
    digest TEXT NOT NULL,
    rows BIGINT NOT NULL,
    earliest TEXT,
    cut_over TEXT,
    started_by BIGINT NOT NULL,
    validated_at BIGINT NOT NULL,
    applied_at BIGINT NOT NULL,
    undone_at BIGINT NOT NULL,
    report JSONB NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX import_batch_i_source_state ON import_batch (tenant_id, source, state);

CREATE TABLE import_progress (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    rows_total BIGINT NOT NULL,
    rows_done BIGINT NOT NULL,
    chunks BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE external_ref (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    company BIGINT NOT NULL,
    row_hash TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX external_ref_u_source_key_kind_company ON external_ref (tenant_id, source, key, kind, company);
CREATE INDEX external_ref_i_source_id ON external_ref (tenant_id, source, id);
CREATE INDEX external_ref_i_batch_id_id ON external_ref (tenant_id, batch_id, id);
CREATE INDEX external_ref_i_object_type_object_id ON external_ref (tenant_id, object_type, object_id);

CREATE TABLE opening_payable (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    party BIGINT NOT NULL,
    number TEXT NOT NULL,
    currency TEXT NOT NULL,
    day TEXT,
    due TEXT,
    amount BIGINT NOT NULL,
    open BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX opening_payable_i_batch_id_id ON opening_payable (tenant_id, batch_id, id);
CREATE INDEX opening_payable_i_party_due ON opening_payable (tenant_id, party, due);

CREATE TABLE order_review (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    score BIGINT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    answered_at BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX order_review_i_batch_id_id ON order_review (tenant_id, batch_id, id);
CREATE INDEX order_review_i_order_id_id ON order_review (tenant_id, order_id, id);

CREATE TABLE learnt_mapping (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    target TEXT NOT NULL,
    columns JSONB NOT NULL,
    style JSONB NOT NULL,
    made_by BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX learnt_mapping_u_name ON learnt_mapping (tenant_id, name);

CREATE TABLE schedule (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    company BIGINT NOT NULL,
    kind TEXT NOT NULL,
    minute BIGINT NOT NULL,
    working_days BIGINT NOT NULL,
    active BIGINT NOT NULL,
    custom JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX schedule_u_company_kind ON schedule (tenant_id, company, kind);

CREATE TABLE schedule_due (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    rule TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE balance_day (
    tenant_id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    role TEXT NOT NULL,
    grain TEXT NOT NULL,
    party BIGINT NOT NULL,
    product BIGINT NOT NULL,
    day TEXT,
    amount BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, company, role, grain, party, product, day)
);
CREATE INDEX balance_day_i_company_day ON balance_day (tenant_id, company, day);

CREATE TABLE day_close (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    day TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE tax_point (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    company BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    shipment BIGINT NOT NULL,
    agreed_on TEXT,
    reached BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX tax_point_i_company_reached_agreed_on ON tax_point (tenant_id, company, reached, agreed_on);
CREATE INDEX tax_point_i_order_id ON tax_point (tenant_id, order_id);

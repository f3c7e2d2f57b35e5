# the web app's own words; a unit test of the app finds what is missing or left over

# delivery: jobs, webhooks, inbox, files
inbox = Inbox
inbox-unread = Inbox, {$count} unread
inbox-open = To do and to know
inbox-settled = Settled
inbox-empty = Nothing waits for you
inbox-empty-text = Holds and approvals that are yours, and results of long work, appear here.
inbox-new = New
inbox-read-all = Mark all as read
inbox-mark-read = Mark as read
inbox-mark-unread = Mark as unread
inbox-hold = Held: yours to release
inbox-approval = Waits for your approval
inbox-work-done = Work is done
inbox-work-died = A job was given up
inbox-scorecard = Your regular figures
inbox-bands = {$red} red, {$amber} amber, {$green} green
inbox-figure = A figure that you answer for needs a look
inbox-webhook-off = A webhook was switched off
files = Files
files-attach = Attach a file
files-attached = The file is attached
files-none = No files yet.
webhook-progress = How far it was told
webhook-issue = Issue a new secret
webhook-secret = The secret is shown this once; copy it now:
webhook-at = Told up to fact {$seq} of {$newest}.
webhook-failing = Failed {$count} times in a row, since {$since}; next try {$next}.
# end of delivery

# everywhere
product-name = Huiliu
product-line = From lead to cash in one system
again = Try again
all = All
back = Back
choose = Please choose
close = Close
columns = Columns
crumb = Where you are
discard = Discard
edit = Edit
from = From
list-comma = ,{" "}
chart-walk = { $name }; walk it by arrow keys
loading = Loading…
made = {$what} made
more-actions = More actions
new-of = New {$what}
no = No
no-number = (no number yet)
offline = Connection lost
offline-unsent = { $count ->
    [one] Connection lost · { $count } edit not sent
   *[other] Connection lost · { $count } edits not sent
}
open-of = Open {$what}
ref-open = Open
ref-unknown = (not for you)
save = Save
saved = Saved
save-draft = Save draft
save-submit = Save and submit
search = Search or run a command
skip = Skip to the content
submitted = Submitted
sum = Total
to-home = Go to the home page
undo = Undo
until = Until
verb-done = {$verb}: {$what}
yes = Yes
input-missing = Fill this in.
input-unlike = This does not fit. Check what you entered.
problem-title = That did not work
problem-offline = The server cannot be reached. What you typed is still here: check the connection and try again.
problem-unknown = Something went wrong. Try again; if it goes on, tell your administrator.
lost-title = There is no such page
lost-text = It may be gone, or it is not for you to see.

# the frame
day-form = YYYY-MM-DD
day-pick = Open the calendar
nav-insight = Insight
nav-figures = Figures
nav-lost = Lost time
nav-process = Process
nav-import = Import
credit = Credit
next-step = Next: {$what} {$number} ({$state})
chain-open = Whole chain
nav-settings = Company settings
nav-audit = Audit
nav-trail = Audit trail
sign-in = Sign in
nav-main = Main navigation
nav-tabs = Often used
nav-open = Open the navigation
nav-more = More
nav-home = Home
nav-sell = Sell
nav-fulfil = Fulfil
nav-cash = Bill and collect
nav-masters = Master data
nav-company = Company
nav-customers = Customers
nav-pool = Lead pool
nav-desk = Held orders
nav-pick = Pick and ship
nav-billing = Billing
nav-matching = Match payments
nav-ledger = Books
nav-rights = Rights
user-menu = {$name}: user menu
theme-light = Light
theme-dark = Dark
theme-system = Like the system
theme-toggle = Switch light and dark
density-compact = Compact
density-cozy = Cozy
density-toggle = Switch density
sign-out = Sign out
act-for = Act for {$name}
acting-for = You act for {$name}: each step is recorded with both names.
acting-end = End
acting-over = This delegation is over. You go on as yourself.
keys-title = Keys
keys-everywhere = Everywhere
keys-lists = In lists
keys-lines = When entering lines
keys-go = Go to
keys-palette = Search or run a command
keys-search = Search this list
keys-this = Show this sheet
keys-close = Close, cancel
keys-move = Move
keys-open = Open
keys-select = Select
keys-new = New
keys-down = Next row
keys-right = Next cell
keys-paste = Paste rows from Excel
keys-save = Save
palette-hint = Number, customer, product or command
palette-results = Results
palette-none = Nothing found
palette-records = Records
palette-go = Go to
palette-commands = Commands

# part setup: signing in and setting up
sign-in-tenant = Tenant code
sign-in-login = Login
sign-in-password = Password
sign-in-link-hint = No password? Ask an administrator for a sign-in link: they make one under Users.
sign-in-by-password = Sign in by password
link-once = This link works once. Press the button to sign in.
welcome = Welcome to Huiliu
needs-set-up = No company is set up yet. Open the set-up link that the program printed when it started.
setup-title = Set up your company
setup-why = Your books begin here. Leave what you are unsure of; the accounting standard, first period and costing cannot be changed freely later.
setup-company = Company
setup-name = Name of the company
setup-code = Company code
setup-start-period = First period
setup-tax = Default tax rate
setup-chart = Accounting standard
setup-chart-small = Small-enterprise standards
    .why = Most small traders and makers
setup-chart-enterprise = Enterprise standards
    .why = Listed, in a group, or required to
setup-taxpayer = Taxpayer
setup-taxpayer-general = General taxpayer
    .why = Input tax is deducted
setup-taxpayer-small = Small-scale taxpayer
    .why = Pays a levy
setup-prices = Prices are entered
setup-prices-incl = including tax
    .why = Usual in domestic trade
setup-prices-excl = excluding tax
    .why = Tax comes on top
setup-recognition = Revenue is recognised
setup-recognition-on-acceptance = when the customer signs
    .why = Goods shipped wait in an account of their own
setup-recognition-on-ship = when goods leave
    .why = At dispatch
setup-recognition-on-invoice = when the invoice is issued
    .why = The invoice decides
setup-costing = Costing of stock
setup-costing-moving-average = Moving average
    .why = Computed anew at each receipt
setup-costing-month-weighted = Month-end weighted average
    .why = Computed once a month
setup-credit-control = Credit control
setup-credit-control-yes = On
    .why = Orders over the limit are held
setup-credit-control-no = Off
    .why = No limit is checked
setup-administrator = Administrator
setup-person = Name
setup-login = Login
setup-begin = Begin

# one's own account
setup-password = Password (8 characters at least)
me-title = My account and devices
me-devices = Devices signed in
me-device-unknown = Unknown device
me-seen = last used {$at}, signed in {$since}
me-this = This device
me-revoke = Sign out
me-revoked = That device is signed out
me-password = Password
me-password-hint = Other devices will have to sign in again.
me-password-save = Change password
me-password-changed = Password changed
me-company = Company: {$name} ({$code})

# lists, details, forms
setup-tax-vat13 = VAT 13 %
setup-tax-vat9 = VAT 9 %
setup-tax-vat6 = VAT 6 %
setup-tax-vat3 = Levy 3 %
setup-tax-vat1 = Levy 1 % (relief)
setup-tax-vat0 = Zero rate
band-red = off target
signal-outside = unusual
signal-shift = shifted
view = View
view-list = List
view-board = Board
view-funnel = Funnel
views = Views
view-none = All rows
view-changed = changed
view-usual = begins the list
view-shared = shared
view-new = Save as a new view
view-keep = Save the changes of "{$name}"
view-edit = Name and sharing of "{$name}"
view-remove = Remove "{$name}"
view-saved = View "{$name}" saved
view-removed = View "{$name}" removed
view-form = View
view-name = Name
view-share = Who sees it
view-share-own = Only I
view-share-role = One role
view-share-all = Everybody
view-begin = Begin the list with this view
list-search = Search: {$what}
filter-add = Filter
filter-apply = Apply
filter-clear = Clear filters
filter-drop = Drop the condition: {$text}
filter-field = Field
filter-op = Condition
filter-value = Value
filter-nothing = nothing
filter-title = Which rows
filter-all = All of these hold
filter-any = Any of these holds
filter-join = How conditions are joined
filter-group = Conditions
filter-more = Condition
filter-more-and = Group: all of
filter-more-or = Group: any of
filter-drop-one = Drop this condition
filter-drop-group = Drop this group
join-and = and
join-or = or
join-group = ({$parts})
op-eq = is
op-ne = is not
op-lt = below
op-le = at most
op-gt = above
op-ge = at least
op-in = is one of
op-contains = contains
op-starts = begins with
op-empty = is empty
op-filled = is filled in
op-eq-time = is on
op-ne-time = is not on
op-lt-time = is before
op-le-time = is on or before
op-gt-time = is after
op-ge-time = is on or after
period-today = today
period-yesterday = yesterday
period-tomorrow = tomorrow
period-this-week = this week
period-last-week = last week
period-next-week = next week
period-this-month = this month
period-last-month = last month
period-next-month = next month
period-this-quarter = this quarter
period-last-quarter = last quarter
period-this-year = this year
period-last-year = last year
period-last = the last … days
period-next = the next … days
period-last-days = the last {$days} days
period-next-days = the next {$days} days
period-day = a certain day
period-days = How many days
group-by = Group the rows
group-none = Not grouped
group-of = By {$field}
group-month = By month of {$field}
group-year = By year of {$field}
group-count = Rows
group-shown =
    { $more ->
        [yes] The largest {$count} groups
       *[no] {$count} groups
    }
none-found = Nothing fits
none-found-text = Try other conditions, or clear the filters.
sort-many = There are more than ten thousand rows. Filter them first, then sort by "{$what}".
none-yet = No {$what} yet
empty-lead = Write down the first person who asked; quotation, order and payment will lead back to it.
empty-opportunity = Qualified leads appear here once converted; you can also begin one here.
empty-quote = A quotation can be revised; once accepted it becomes an order.
empty-order = Enter the first order: customer, product, quantity. Price and tax come by themselves.
empty-shipment = Once an order is confirmed, what is in stock gets a shipment by itself.
empty-invoice = When goods are delivered, invoices are made under Billing.
empty-payment = When a customer pays, record it here and match it to invoices.
empty-refund = Money paid too much, credit notes and deposits of cancelled orders go back from here.
usual-unit = pcs
empty-product = Products come first; orders and stock need them.
empty-party = Make a customer, or convert a lead.
empty-exchange-rate = Enter what a unit of a foreign currency is worth; then orders can be in it.
empty-receipt = Enter your opening stock, and you can ship.
select-all = Select all
select-one = Select {$what}
rows-shown = {$shown} of {$all} shown
rows-more = Load more
bulk = For all selected
bulk-selected = {$count} selected
bulk-clear = Clear the selection
bulk-most = At most {$limit} at once
nav-own-fields = Own fields
own-new = New field
own-edit = Own field
own-what = Fields that your company needs beyond the usual ones. They stand in forms, lists, conditions and the API by themselves.
own-none = No fields of your own yet
own-none-text = For example the customer’s source, a contract number, or a colour.
own-label = Label
own-label-zh = Label in Chinese
own-label-en = Label in English
own-kind = Kind
own-kind-text = Text
own-kind-number = Number
own-kind-day = Day
own-kind-choice = Choice
own-kind-flag = Yes or no
own-kind-reference = Another record
own-name = Name in the API
own-name-hint = c_ and small letters, digits or _; fixed once declared
own-use = Use
own-entity = For
own-options = Choices, one a line
own-refers = Which record
own-required = must be filled in
own-filterable = lists can be asked by it
own-in-list = stands in the list
own-active = in use
own-inactive = out of use
own-saved = Field saved
bulk-already = , {$already} were so already
bulk-done =
    { $any ->
        [yes] {$done} done, {$bad} refused
       *[no] {$done} done
    }
detail-fields = Facts
detail-all = Show all ({$count} empty)
lines-all = More columns
detail-less = Show less
form-more = More fields ({$count})
related-all = See all
timeline = What happened
timeline-none = Nothing yet.
timeline-all = Show all {$count}
timeline-after = {$time} later
holds-count =
    { $count ->
        [one] {$count} hold
       *[other] {$count} holds
    }
late-days =
    { $days ->
        [one] {$days} day late
       *[other] {$days} days late
    }
waits-days =
    { $days ->
        [0] since today
        [one] waits {$days} day
       *[other] waits {$days} days
    }
draft-restored = What you had not saved is back.
grave =
    { $has ->
        [yes] "{$verb}" cannot simply be taken back. Amount: {$worth}.
       *[no] "{$verb}" cannot simply be taken back.
    }
conflict-title = Somebody else changed it first
conflict-line = {$field}: you wrote "{$mine}", now it is "{$theirs}"
conflict-mine = Save mine
conflict-theirs = Keep theirs
picker-hint = Name or code: {$what}
picker-none = Nothing found

# part orders: entering lines
line-no = No.
line-add = Add a line
line-remove = Remove
line-remove-one = Remove line {$line}
line-hint = Enter: down · Tab: right · paste rows from Excel (code, quantity, price)
line-error = Line {$line}: {$error}
line-unknown = No product has the code or name "{$what}"
column-tax = Tax
prices-incl = Prices include tax
prices-excl = Prices exclude tax
step-product = List price
line-available = {$qty} in stock
line-margin = margin {$rate}
outlook-margin = Margin
outlook-promise = Delivery by
step-list-factor = Price list factor
step-list = Price list
step-quantity-break = Quantity price
step-agreement = Agreed price
step-manual = By hand

# home
home-hello = Hello, {$name}
river = From lead to cash
river-lead = Leads
river-opportunity = Opportunities
river-quote = Quotations
river-order = Orders
river-shipment = Shipments
river-bill = To bill
river-cash = Receivables
stage-lead = Lead
stage-opportunity = Opportunity
stage-quote = Quotation
stage-order = Order
stage-shipment = Delivery
stage-bill = Billing
stage-cash = Payment
river-waiting = {$count} waiting
next-title = What to do next
next-none = All done
next-none-text = Nothing waits for you.
wait-lead-to-take =
    { $count ->
        [one] {$count} lead to take up
       *[other] {$count} leads to take up
    }
wait-lead-to-convert =
    { $count ->
        [one] {$count} qualified lead to convert
       *[other] {$count} qualified leads to convert
    }
wait-opportunity-late =
    { $count ->
        [one] {$count} opportunity past its close date
       *[other] {$count} opportunities past their close date
    }
wait-quote-to-approve =
    { $count ->
        [one] {$count} quotation to approve
       *[other] {$count} quotations to approve
    }
wait-quote-expired =
    { $count ->
        [one] {$count} quotation past its validity
       *[other] {$count} quotations past their validity
    }
wait-order-held =
    { $count ->
        [one] {$count} order held
       *[other] {$count} orders held
    }
wait-order-late =
    { $count ->
        [one] {$count} order past its promised date
       *[other] {$count} orders past their promised date
    }
wait-shipment-to-pick =
    { $count ->
        [one] {$count} shipment to pick and ship
       *[other] {$count} shipments to pick and ship
    }
wait-shipment-to-sign =
    { $count ->
        [one] {$count} shipment waits for a signature
       *[other] {$count} shipments wait for a signature
    }
wait-to-bill =
    { $count ->
        [one] {$count} order to bill
       *[other] {$count} orders to bill
    }
wait-invoice-to-post =
    { $count ->
        [one] {$count} draft invoice to post
       *[other] {$count} draft invoices to post
    }
wait-invoice-overdue =
    { $count ->
        [one] {$count} invoice overdue
       *[other] {$count} invoices overdue
    }
wait-payment-to-match =
    { $count ->
        [one] {$count} payment to match
       *[other] {$count} payments to match
    }
figure-intake = Order intake
figure-billed = Billed
figure-received = Received
figure-records =
    { $count ->
        [one] {$count} record
       *[other] {$count} records
    }
figure-compare =
    { $has ->
        [yes] {$month} {$before}, {$percent}
       *[no] {$month} {$before}
    }
overdue-title = Longest overdue
chart-of = {$name}, the last 12 months; arrow keys walk them
first-title = Begin here
first-text = After these four steps your first order can go all the way to cash.
first-do = Do it
first-done = done
first-party = Make a customer
    .why = A name and payment terms are enough
first-product = Make a product
    .why = Code, name, unit and list price
first-receipt = Enter your opening stock
    .why = Quantity and value; costs come from it
first-order = Enter the first order
    .why = Price, tax and credit are checked by themselves

# part orders: orders and what follows
change-hint = What is left empty stays; a quantity of 0 gives up what has not left.
statements-title = Draw up statements
statements-sub = Looked at first, then drawn up; doing it twice makes nothing twice
statements-all = With no customer chosen: of all customers whose statement day it is.
statements-look = Preview
statements-make = { $count ->
    [one] Draw up { $count } statement
   *[other] Draw up { $count } statements
}
statements-made = { $count ->
    [one] { $count } statement drawn up
   *[other] { $count } statements drawn up
}
statements-none = No customer has this statement day, or all have their statement.
statements-more = There are more customers; run it again to go on.
statement-sent-hint = The customer's answer is awaited: confirm it, or note line by line what they see otherwise.
statement-differs = The customer says: { $why }
statement-note = Note
statement-signed-by = Confirmed for the customer by
statement-answer-first = Choose first what becomes of each difference
hold-credit = exposure {$exposure}, limit {$limit}
hold-overdue = oldest item {$days} days overdue
hold-prepayment = Deposit of {$amount} due, {$paid} paid
hold-price = discount {$discount}, beyond the limit
hold-data = missing: {$fields}
hold-stock = short of stock; goes on when goods arrive
hold-duplicate = same customer's order number as {$number}
chain-title = From lead to cash
chain-lasted = took {$time}
board-none = Nothing here
pool-held = { $limited ->
    [yes] You hold { $held } of { $most } leads
   *[other] You hold { $held } leads
  }
pool-look-pool = Pool
pool-look-mine = My leads
pool-order = Order
pool-longest = Waiting longest
pool-largest = Largest
pool-waits = Waiting
pool-why = Why it is here
pool-fresh = New, nobody has had it yet
pool-since = Yours for
pool-none = The pool is empty
pool-none-text = Leads that nobody owns are here: new ones put into the pool, and those that an owner gave back.
pool-mine-none = You hold no leads
pool-mine-none-text = Take some from the pool, or wait for one to be assigned. What you cannot use goes back with a reason.
pool-assign = { $count ->
    [one] Assign one lead
   *[other] Assign { $count } leads
  }
funnel-came = Leads that came in
funnel-answered = Worked on
funnel-qualified = Qualified
funnel-converted = Became an opportunity
funnel-won = Won
funnel-of = { $share } of the step before
funnel-step = Step
funnel-share = Share of the step before, and worth
move-card = Move {$what}
move-none = Nothing leads to "{$to}" from there
moved-to = {$what} moved to {$to}
desk-sub = Orders that are held, the longest first
desk-none = No order is held
desk-none-text = Every order can go on.
desk-do-credit = goes on when money comes or the limit is raised
desk-do-overdue = goes on when overdue items are paid
desk-do-prepayment = goes on when the prepayment comes
desk-do-price = somebody with the right must accept the price
desk-do-data = complete the data
desk-do-duplicate = make sure that it is no duplicate
desk-do-stock = goes on when goods arrive
desk-do-approval = waits for approval
desk-do-customer = waits for the customer
desk-do-billing = check the billing data
pick-sub =
    { $count ->
        [one] {$count} shipment in the warehouse
       *[other] {$count} shipments in the warehouse
    }
pick-scan = Scan or type a shipment number
pick-none = Nothing to pick
pick-none-text = Shipments appear here when an order is confirmed and in stock.
ship-part = Part of it leaves; the rest stays owed and gets a shipment of its own.
ship-leaves = Leaves now
billing-sub = Delivered and not billed, and drafts that wait for posting
billing-ready = Orders to bill
billing-drafts = Drafts to post
billing-drafted = draft waits
billing-none = Nothing waits
matching-sub = Say which invoices the money pays
matching-none = No payment waits
matching-none-text = What is not matched when a payment is recorded appears here.
matching-money = Money received
matching-owed = What the customer owes
matching-amount = Amount for {$number}
matching-free = To match
matching-pays = Matched now
matching-left = Left
matching-too-much = More is matched than came in.
matching-keys = j / k: next payment · Ctrl Enter: match
matching-done =
    { $count ->
        [one] {$amount} matched to {$count} invoice
       *[other] {$amount} matched to {$count} invoices
    }
matching-nothing-owed = This customer owes nothing
matching-nothing-owed-text = The money stays as an advance until an invoice is posted.
refund-nothing-free = Nothing of this customer’s money is free.
refund-of = Which money
refund-how = From the draft on the money is kept for it; the books move when somebody else approved it and the bank has paid. While the refunds of one source stay within the company’s threshold, nobody is asked.
refund-by-rule = Nobody was asked: with the other refunds of {$number} it comes to {$sum}, no more than the {$amount} that the company let go without approval when it was drawn up.
refund-foreign = It goes back in {$currency}. The books have it at {$rate}; the bank takes it at the rate of the day that it leaves, and the difference in {$own} is an exchange gain or loss.
free-money = Money that pays nothing yet
bills-sub = Several orders of a customer on one invoice; or all customers whose statement day it is, at once.
bills-orders = Orders and deliveries to bill
bills-services = Services
bills-left = Deliveries that are not picked can be billed later.
billing-pick = Pick deliveries
bills-all = Without a customer: all whose statement day it is, with as few invoices as may be.
bills-make =
    { $count ->
        [one] Draw up {$count} draft
       *[other] Draw up {$count} drafts
    }
bills-made =
    { $count ->
        [one] {$count} draft drawn up; posting it is yours
       *[other] {$count} drafts drawn up; posting them is yours
    }
payment-free = This customer owes nothing; the money is kept as an advance.
receipt-no-warehouse = There is no warehouse yet.
receipt-value = Value
customer-overdue = {$amount} overdue
credit-none = No limit is set
credit-said = {$used} used of {$limit}, {$left} left
credit-free = {$used} used, no limit
credit-order = Ordered
credit-unbilled = Not billed
credit-receivable = Owed
credit-left = Left

# part office: books and rights
ledger-sub = Trial balance, {$currency}
ledger-opening = Opening
ledger-closing = Closing
ledger-result = Result of the period
ledger-moved = What moved the balance
ledger-step = Item
ledger-amount = Amount
ledger-none = Nothing moved in this time
ledger-none-text = Choose another time.
ledger-still = No entry in this time.
rights-sub = What each role may do, and how far it reaches
right-read = Read
right-write = Write
right-everything = Everything
room-access = Users and rights
room-party = Customers
room-product = Products
room-ledger = Books
room-policy = Approvals and holds
room-terms = Prices and credit
room-crm = Leads and opportunities
room-sales = Quotations and orders
room-stock = Warehouse
room-finance = Billing and payments
room-connect = Mail and interfaces
room-store = System
room-history = Import
room-process = Process and figures
right-by-pattern = {$reach} (by pattern)
right-set-limit = Set credit limit
right-set-state = Set credit state
right-ask = Ask for it
right-decide = Decide
right-manage = Manage those of others
right-issue-link = Issue a link
right-set-password = Set a password
right-share = Share
right-secret = Issue a secret
right-pay = Pay
right-open = Open
right-generate = Make vouchers
right-move = Move on
right-receive = Record payments
user-link = Make a sign-in link
user-link-title = Sign-in link for {$name}
user-link-text = Works once within 15 minutes. Send it to nobody else.
user-role-take = Take away the role: {$role}
user-no-role = No role yet: they would see nothing
copy = Copy
copied = Copied

# part process: insight
process-map = Map
process-variants = Variants
process-compare = Compare
process-case = What a case is
process-by = Split by…
map-activities = Activities
map-paths = Paths
map-shown = {$cases} cases · {$shown} activities · {$paths} of {$all} paths
map-none = Nothing happened here
map-none-text = Choose another period or another slice.
map-starts = begins here
map-ends = ends here
map-way = {$from} → {$to}: {$count} times, half of them within {$median}
map-ways = Path
map-times = Times
map-median = Median wait
map-p90 = Nine in ten within
map-working = Working time
map-by-time = Paths by time spent
map-legend = Wide: often. Dashed: back. A click shows the cases.
map-tone-quick = within 4 hours
map-tone-mild = within 2 days
map-tone-long = within a week
map-tone-longest = longer
cases-count = {$count} cases
variants-sub = {$count} ways in {$cases} cases
variant-nth = Variant {$nth}
dim-grade = Customer class
dim-region = Region
dim-channel = Channel
dim-category = Product category
dim-team = Team
dim-carrier = Carrier
dim-origin = Origin
dim-kind = Kind
dim-owner = Entered by
dim-none = (none)
logs = Logs
logs-own = This company
logs-add = Add a log of another system
logs-reading = Reading …
logs-holds = { $format } · { $cases } cases · { $events } events · { $odd } oddities (see the report)
logs-report = Full report
logs-remove = Remove
logs-column-case = Case column
logs-column-activity = Activity column
logs-column-time = Time column
logs-column-end = End time column
logs-column-resource = Person column
logs-again = Read again with these columns
map-moving = Animate
process-people = Organisation
process-person = Who did it
beside-with = Compare with
beside-one = First: {$cases} cases
beside-two = Second: {$cases} cases
beside-slower = slower than on the other map
beside-quicker = quicker
beside-only = on this map only
beside-same = about the same
beside-legend = A difference is a quarter and an hour at least, between medians.
beside-differences = What differs
beside-share = Cases {$nth}
beside-median = Median {$nth}
beside-change = Second against first
beside-only-one = only in the first
beside-only-two = only in the second
people-sub = {$people} people · {$handed} hand-overs a case · back and forth: {$person} times between people, {$department} between departments
people-between = Between departments
people-between-sub = How often the next step is done there; within one department in grey
people-from-to = From ↓ to →
people-none = (none)
people-work = People and their work
people-who = Who
people-department = Department
people-events = Steps
people-cases = Cases
people-kinds = Activities
people-worked = Time worked
people-program = The program
people-bus = Bus factor
people-bus-sub = The fewest people who did 80 % of it
people-activity = Activity
people-people = People
people-most = Most by
people-hands = Hand-overs
people-hands-sub = {$count} in all
figures-list = List
figures-cards = Scorecards
figures-tree = Tree
figures-tree-sub = A click opens the figure
figures-root = The company
group-marketing = Leads
group-sales = Sales
group-order = Orders
group-fulfilment = Fulfilment
group-finance = Finance
group-process = Process
group-customer = Customers
group-company = Company
dim-product = Product
dim-person = Responsible
target-value = Target
target-owner = Who answers for it
target-save = Set the target
target-owner-is = Answered for by { $name }
lost-sub = Beyond what is usual, ranked by money × days. What was agreed is left out.
lost-none = Nothing stands out
lost-none-text = No step waits longer than it used to.
lost-money-days = {$money} × days
lost-said = {$from} to {$until}: {$ratio} times as long as usual, {$days} days in {$cases} cases.
lost-cases = Show {$count} cases
lost-weekdays = Done only on {$days}.
lost-from-day = Done from day {$day} of the month on.
lost-person = By {$person}.
lost-month-end = at the end of months
lost-billed-by-shipment = billed by shipment
lost-todo-batching = Do it more often, or in smaller batches.
lost-todo-unavailability = Name a deputy, or let small cases pass by rule.
lost-todo-prioritisation = Agree on an order, and show the oldest first.
lost-todo-contention = Train a second person, or share the work out.
lost-todo-extraneous = Ask whoever does it: the reason lies outside.
lost-todo-rework = Ask for what is missing before the order is entered.
lost-todo-master-data = Check the data that planning counts with.
figures-grain = Period
grain-week = Weeks
grain-month = Months
figures-missing = {$count} KPIs that wait for data
figures-target = target {$value}
figures-ripe = Grey figures may still change; a dash is too few cases.
figures-behind = Cases behind the figure
goals-title = Goals
goals-sub = What others report, against this company's first and last three months.
health-title = Health radar
health-before = { $value } in the earliest period
health-now = Now
health-then = Earliest period
chart-measure = Figure
chart-period = Period
chart-value = Value
chart-mark = Signal
radar-said = Further out is better, up to 100%{ $before ->
    [yes] ; the dashes are the earliest period
   *[other] {""}
  }
mark-outside = outside the limits
mark-shift = eight in a row on one side
mark-drift = three of four near a limit
control-of = { $name }: control chart
control-said = { $marked ->
    [0] All of it is chance. Centre { $centre }, natural limits { $low } to { $high }
    [one] One point is no chance. Centre { $centre }, natural limits { $low } to { $high }
   *[other] { $marked } points are no chance. Centre { $centre }, natural limits { $low } to { $high }
  }
control-few = Fewer than eight whole periods: too few for a control chart.
case-unnumbered = { $kind } without a number yet
goals-later = { $kpi ->
    [complaint_rate] not measured: complaints have no place in the program yet; returns and disputed statements do
   *[other] not measured yet
  }
goals-none = No figures yet
goals-reached = reached
goals-open = not yet
goal-cash = Revenue and cash
goal-satisfaction = Customers
goal-efficiency = Efficiency
goal-competitiveness = Competitiveness
band-green = on target
band-amber = near
unit-h = h
unit-times-y = times a year
unit-d = d
lost-step-order-data = Order data
lost-step-price-approval = Price approval
lost-step-credit-release = Credit release
lost-step-overdue-release = Overdue release
lost-step-supply = Supply
lost-step-picking = Picking
lost-step-transit = Transit
lost-step-billing = Billing
lost-step-cash-application = Cash application
lost-cause-batching = batching
lost-cause-unavailability = nobody there
lost-cause-prioritisation = overtaken
lost-cause-contention = hands full
lost-cause-extraneous = outside
lost-cause-rework = done again
lost-cause-master-data = wrong data
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
faults-title = Faults and wastes
faults-sub = Each line opens its cases.
faults-what = What happened
faults-waste = Kind of waste
faults-count = Cases
faults-time = Time
faults-money = Money
waste-overproduction = over-production
waste-waiting = waiting
waste-transport = transport
waste-processing = done again
waste-inspection = checked again
waste-coordination = coordination
waste-stock = idle stock
fault-credit-hold-again = Held for credit more than once
fault-credit-checked-again = Credit checked more than once
fault-changed-after-confirm = Changed after confirmation
fault-delivered-late = Delivered later than first promised
fault-delivered-in-parts = Delivered in parts
fault-invoiced-late = Billed more than three days after delivery, or not yet
fault-carried-back = Came back, and not by the customer's fault
fault-invoice-credited = Invoice credited
fault-back-and-forth = Back and forth between departments
fault-not-all-on-hand = Not all on hand at confirmation
fault-perhaps-twice = Perhaps entered twice
fault-lead-untouched = Leads nobody touched for 30 days
fault-lead-slow = Leads first contacted after three working days
fault-cash-unapplied = Money unapplied for more than three days
fault-data-asked-again = Data asked for again
fault-overdue-though-paid = Held as overdue while the money was here
fault-released-own-order = Released by whoever entered it
fault-idle-stock = Goods nobody took for half a year
fault-promised-again = Promised day moved after the confirmation
fault-invoice-twice = Perhaps billed twice
fault-payment-twice = Perhaps paid twice
fault-matched-wrongly = Payment matched, and taken back
fault-changed-in-work = Changed after picking began
fault-statement-differed = Statement that the customer disputes
fault-asked-back = Approval sent back with a question
fault-invoice-given-up = Draft invoice given up
steps-title = What each step is worth
steps-sub = Automatic: { $share } of all steps. Waits that were agreed on are left out.
steps-step = Step
steps-class = Worth
steps-automatic = Automatic
steps-waited = Wait before it, on average
steps-per-hour = Money that waits with it
class-value = adds value
class-necessary = necessary
class-waste = waste
decisions-title = Decisions
decisions-sub = Distance: steps between departments, another department, share of the order's time.
decisions-distance = Distance
decisions-wait = Wait, working time
decisions-changed = Changed or asked back
decisions-stamp = never changed anything
decisions-what = Asked about
decisions-passed = Let pass
decisions-people = People / departments
decisions-m = { $count } up and down again
decisions-delegated = { $count } by a deputy
decisions-remark = Remark

# part import: the wizard
import-sub = Choose files, check, import; take it back at any time
import-files = Files
import-choose = Choose files
import-files-hint = CSV, text, Excel (XLSX, XLS) or contact cards, at most {$most} MB a file; or drop them here. For larger ones there is the command huiliu import.
import-drop = Remove {$what}
import-style = How the files are written
import-mapping = Source
import-mapping-hint = Files of known systems are recognised by their headings; for tables of your own the columns can be kept.
import-by-itself = By itself
import-found = By itself: {$what}
import-encoding = Encoding
import-separator = Separator
import-header = Headings in line
import-sheet = Sheet
import-dates = Days
import-dates-dmy = day/month/year
import-dates-mdy = month/day/year
import-dates-ymd = year-month-day
import-numbers = Numbers
import-numbers-point = 1,234.56
import-numbers-comma = 1.234,56
import-currency = Currency of amounts
import-rate = Rate
import-rate-hint = Of the company's currency for one unit
import-columns = Columns
import-columns-right = These are right
import-target = Each row is
import-target-customers = A customer
import-target-products = A product
import-target-contacts = A contact
import-target-leads = A lead
import-target-orders = A line of an order
import-target-receivables = A receivable
import-lacks = No column is yet: {$what}
import-heading = Heading
import-becomes = Becomes
import-becomes-of = "{$what}" becomes
import-samples = Samples
import-sure = Sure
import-left-out = (left out)
import-check = Check
import-good = All good
import-bad = Errors: {$count}
import-place = {$file}, line {$line}:
import-mend = Mend them here in the table; Enter checks again. The file itself stays as it is.
import-more-errors = {$count} more errors are not shown; mend these first.
import-count = new {$new} · here already {$same} · changed {$changed}
import-rows = Rows of {$what}
import-line = Line
import-learn = Keep the columns under the name
import-learn-hint = Choose it the next time for the same kind of table; empty keeps nothing.
import-go = Import
import-go-hint = Everything was checked; afterwards it can be taken back whole.
import-nothing-new = Everything in the files is here already; nothing was new.
import-another = Import another
import-progress = Progress of the import
import-so-far = {$done} of {$total} rows written ({$part} %)
import-leave = You may leave this page; the import goes on, and its result stays here.
import-stuck = It stopped for now and is tried again by itself: {$what}
import-given-up = It failed too often and was given up: {$what} Nothing of it is lost: an administrator can have it done again under Jobs.
import-done = Rows written: {$count}.
import-equal = ✓ as in the files
import-differs = ✗ in the files: {$file}
import-undo = Undo the import
import-undo-text = Removes the {$count} rows of this import. Where another document refers to one, nothing is removed.
import-undoing = Being undone, part by part…
import-undone = Undone: every row of this import was removed.
import-recent = Latest imports
import-rows-of = rows: {$count}
import-col-code = Code
import-col-name = Name
import-col-tax-id = Tax number
import-col-industry = Industry
import-col-country = Country
import-col-region = Region
import-col-city = City
import-col-address = Address
import-col-postal-code = Postal code
import-col-contact = Contact
import-col-title = Title
import-col-phone = Phone
import-col-mail = Mail
import-col-note = Note
import-col-spec = Specification
import-col-category = Category
import-col-unit = Unit
import-col-price = Price
import-col-cost = Cost
import-col-customer = Customer code
import-col-customer-name = Customer name
import-col-company = Company
import-col-origin = Origin
import-col-need = Need
import-col-created = Created
import-col-number = Number
import-col-ordered-on = Ordered on
import-col-requested-on = Requested on
import-col-shipped-on = Shipped on
import-col-product = Product code
import-col-product-name = Product name
import-col-quantity = Quantity
import-col-discount = Discount
import-col-day = Day
import-col-due = Due
import-col-amount = Amount
import-col-settled-on = Settled on
import-kind-customer = Customers
import-kind-product = Products
import-kind-contact = Contacts
import-kind-lead = Leads
import-kind-order = Orders
import-kind-opportunity = Opportunities
import-kind-invoice = Invoices
import-kind-receivable = Receivables
import-kind-payment = Payments
import-kind-warehouse = Warehouses
import-kind-opening-stock = Opening stock
import-kind-agent = Agents
import-kind-supplier = Suppliers
import-sum-orders-quantity = Quantity of orders
import-sum-orders-amount = Amount of orders
import-sum-invoices-amount = Amount of invoices
import-sum-invoices-open = Open amount of invoices
import-sum-products-list-price = List prices in all

# part print: paper
print-statement = Statement of account
print-statement-opening = Owed before
print-statement-closing = Owed at the end
print-statement-say = Please compare with your books; mark the line where you see it otherwise and send it back.
print-seal-ours = Our seal
print-seal-yours = Your seal
print-seal-day = Day
print-paper = Paper
print-paper-a4 = A4
print-paper-slip140 = Three-part 241 × 140 mm
print-paper-slip93 = Three-part 241 × 93 mm
print-quote = Quotation
print-order = Sales order
print-invoice = Statement of charges
print-shipment = Delivery note
print-to = To
print-tax-id = Tax number
print-freight = Freight
print-capital = In capitals
print-bank = Bank and account
print-no-tax-invoice = For settlement; this is no tax invoice
print-parts = 1 ours · 2 customer · 3 return
print-nth = Page {$page} of {$of}
print-sign-made = Made by
print-sign-shipped = Shipped by
print-sign-carrier = Carrier
print-sign-received = Received (signature, day)
print-sign-seller = Seller (signature, day)
print-sign-buyer = Buyer (signature, day)
print-col-code = Code
print-col-name = Description
print-col-unit = Unit
print-col-qty = Quantity
print-col-price = Price
print-col-rate = Tax
print-col-net = Net
print-col-tax = Tax amount
print-col-gross = Gross
print-col-note = Remark

# part office: settings and the trail
mail-title = Mail: how it is sent
mail-try = Send me a test message
mail-how = Way
mail-from = From
mail-url = Links in mail lead to
mail-way-none = No mail is sent
mail-way-folder = As .eml files in a folder, by no server
mail-way-server = By the mail server {$host}
mail-fixed = Set when the program starts (--mail, --mail-from, --url). Its password is known to the program alone: it is neither shown nor changed here.
mail-tried = The test message was sent to {$to}
mail-wish = Notices by mail
mail-address = Mail address
mail-address-hint = For what waits for your release or approval. Nobody else sees it.
mail-lang = Language of mail
mail-by = Send me a mail when there is something new
settings-paper = On paper
settings-paper-hint = Printed quotations, orders, delivery notes and statements of charges are headed so.
settings-tax = Prices
settings-tax-hint = Holds for documents from now on; those that exist stay as they are.
settings-refunds = Refunds
settings-refunds-hint = While the refunds of one payment or credit note come to no more than this, nobody else approves them; 0 has each one approved. Holds for refunds drawn up from now on.
settings-fixed = Settled at the founding
settings-fixed-hint = The books rest on these; they do not change once the books are open.
settings-more = More to set
trail-sub = Who did what and when; numbers only, nothing personal
trail-who = Who
trail-kind = Kind of document
trail-from = From
trail-until = Until
trail-at = When
trail-what = What
trail-on = On what
trail-why = Why

# lists, taken out and changed in place
take-out = Export
take-out-xlsx = Excel (XLSX)
take-out-csv = CSV
print = Print
print-title = Print preview
inline-saved = Saved: {$what}
inline-conflict = Somebody else just made it “{$theirs}”; you typed “{$mine}”.
inline-mend = Go on editing
view-calendar = Calendar
cal-no-day = There is no field with a day here.
cal-before = Month before
cal-after = Month after
cal-today = This month
cal-by = By which day
cal-more = There are more than {$most} this month; the earliest are shown. Narrow the filter.
cal-rest = {$count} more

# part office: keys, bounds and audit
me-keys = API keys
key-new = New key
key-none = No key yet. A key lets a program work in your name.
key-used = last used {$at}, ends {$until}
key-unused = never used, ends {$until}
key-revoke = Revoke
key-revoked = The key is revoked
key-is-revoked = Revoked
key-is-over = Expired
key-name = What it is for
key-days = Good for
key-days-n = {$n} days
key-may = It may do, of what you may
key-more = Narrower
key-more-hint = Such as sales.order.read, parted by spaces
key-shown = Your new key
key-once = Keep it now: it is shown this once.
key-secret = Key
key-kept = I have kept it
right-as-granted = as granted
right-as-declared = as declared
audit-sub = Who may do what and why, and where duties met
audit-duties = Duties that met
audit-none = No duties met
audit-none-text = Rules are under duty rules.
audit-holds = holds {$first} and {$second}
audit-choose = Choose a user to see each right and where it comes from.
audit-rights = Rights
audit-key = API key
audit-sign-ins = Sign-ins
audit-seen = last seen {$at}
duty-rights-and-money = Rights and money
duty-order-and-credit = Entering orders and releasing credit
duty-order-and-approval = Entering orders and approving them
duty-bill-and-cash = Billing and taking money
duty-submit-and-release-credit = Released the credit of an own order
duty-submit-and-release = Released an own order
duty-receive-and-apply = Recorded and applied a payment
duty-request-and-grant = Granted an own request
duty-quote-and-approve = Approved an own quotation
duty-draw-up-and-approve-refund = Approved a refund of their own
duty-refund-and-approval = Draw up and approve refunds
duty-request-and-approve-return = Approved an own return

# part office: kinds of secrets
right-secrets = Sensitive values
right-contact = Contacts
right-bank = Bank accounts
right-cost = Costs
right-credit = Credit
right-audit = Audit

# foreign currency
revaluation = Foreign currency at the end of the period
revaluation-of = Whose, or where
revaluation-cash = Cash
revaluation-bank = Bank, foreign currency
revaluation-before = In the books
revaluation-after = At the rate of its last day
duty-ask-and-approve-credit = Approved a change of credit of their own
credit-waits = Change of credit { $number } waits for somebody else’s approval
empty-credit-change = Wishes for a higher limit or a lighter credit state wait here for somebody else’s approval.
duty-credit-and-approval = Ask for and approve changes of credit
# comments and tasks
comment-new = Write a comment
comment-hint = Write a comment; @ calls a colleague…
comment-people = Colleagues who may see this record
comment-send = Send
comment-change = Change the comment
comment-withdraw = Withdraw the comment
comment-changed = changed
comment-withdrawn = The comment was withdrawn
timeline-show = Show
timeline-show-all = All
timeline-show-said = Comments
timeline-show-done = Events
tasks = Tasks
tasks-none = No tasks. When somebody should follow up, ask them here.
tasks-all = Show all {$count} ended tasks
tasks-list = List of tasks
task-new = New task
task-ask = Ask
task-me = me
task-who = {$asked} → {$whom}
task-today = due today
task-late = late since {$day}
task-later = due {$day}
task-title-hint = Say: ask the customer for the signed slip
task-complete-told = Complete and say what came of it
inbox-mention = Somebody mentioned you in a comment
inbox-answer = A new comment where you take part
inbox-task = A task waits for you
inbox-task-ended = A task ended
inbox-task-assigned = Given
inbox-task-returned = Handed back
inbox-task-reopened = Reopened
inbox-task-completed = Completed
inbox-task-dropped = Dropped
next-tasks-late = { $count ->
    [one] {$count} task is late
   *[other] {$count} tasks are late
}
next-tasks-today = { $count ->
    [one] {$count} task is due today
   *[other] {$count} tasks are due today
}

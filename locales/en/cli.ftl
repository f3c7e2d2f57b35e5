# The command line
cli-serving = Huiliu is serving at { $url }
cli-set-up-link = First use: open this link to set up your company (good for 7 days, once):
    { $link }
cli-sign-in-link = Sign-in link of { $user } (good for 15 minutes, once):
    { $link }
cli-sign-in-how = To sign in, use your login and password on the page, or ask an administrator for a one-time link (Users); while the server is stopped, huiliu sign-in --user LOGIN prints one too.
cli-check-done = { $proved } invariants proved, { $broken } things broken.
cli-reindex-done = All records can be found again, after {$seconds} s.
cli-demo-making = Making the demo company (seed { $seed }, { $orders } orders, until { $until })
cli-demo-done = The demo company is made: { $orders } orders in { $seconds } s.
cli-demo-exists = The data folder already holds a company; it was left as it is.
cli-import-applied = Imported as batch { $batch }. To undo: huiliu import --undo { $batch }
cli-import-undone = Batch { $batch } was undone.
cli-import-refused = Errors in the files: { $count }. Nothing was imported.
cli-export-done = { $events } events and { $objects } objects exported to { $path }
cli-bench-running = Measuring: { $engine }, { $clients } clients
cli-import-learnt = Learnt as { $name }. From now on: huiliu import { $name } FILE
cli-import-guess = This seems to be { $target } ({ $sure } % sure). Correct it with --map COLUMN=HEADING, learn it with --save NAME.
cli-import-lacks = Missing, and needed: { $column }
cli-template-written = The template was written to { $path }.
cli-export-list = { $rows } rows were written to { $path }.
cli-lost-step-order-data = order data
cli-lost-step-price-approval = price approval
cli-lost-step-credit-release = credit release
cli-lost-step-overdue-release = overdue release
cli-lost-step-supply = supply
cli-lost-step-picking = picking
cli-lost-step-transit = transit
cli-lost-step-billing = billing
cli-lost-step-cash-application = cash application
cli-lost-cause-batching = batching
cli-lost-cause-unavailability = unavailability
cli-lost-cause-prioritisation = prioritisation
cli-lost-cause-contention = contention
cli-lost-cause-extraneous = extraneous
cli-lost-cause-rework = rework
cli-lost-cause-master-data = master data
cli-lost-none = Nothing stands out: no step waits longer than it used to.

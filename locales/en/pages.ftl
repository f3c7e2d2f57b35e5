# the one page that a program without the web app shows

# delivery: jobs, webhooks, inbox, files
mail-hold = {$document}: held, and yours to release
mail-approval = {$document}: waits for your approval
mail-work-done = {$document}: the work that you began is done
mail-work-died = A job failed too often and was given up
mail-figure = A figure that you answer for needs a look
mail-scorecard = Your figures: {$red} red, {$amber} amber, {$green} green
mail-webhook-off = A webhook failed for long and was switched off
mail-test = Huiliu: a test message
mail-test-body = You have this message, so Huiliu can send mail. Open Huiliu: {$link}
mail-body = {$what}. Open your inbox: {$link}
# end of delivery
page-name = Huiliu
page-no-web = The web app is not in this program
page-no-web-how = It was built without web/dist. Build the app, then the program:
page-no-web-api = The API works all the same:
first-warehouse = Main warehouse

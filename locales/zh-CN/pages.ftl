# the one page that a program without the web app shows

# delivery: jobs, webhooks, inbox, files
mail-hold = {$document}被挂起，等待您放行
mail-approval = {$document}等待您审批
mail-work-done = 您发起的后台任务已完成：{$document}
mail-work-died = 后台任务多次失败，已放弃
mail-figure = 您负责的指标需要关注
mail-scorecard = 您的指标：{$red} 项红、{$amber} 项黄、{$green} 项绿
mail-webhook-off = webhook 长期失败，已自动停用
mail-test = 汇流：测试邮件
mail-test-body = 收到这封邮件，说明汇流可以发信了。打开汇流：{$link}
mail-body = {$what}。请打开收件箱查看：{$link}
# end of delivery
page-name = 汇流
page-no-web = 这个程序里没有网页应用
page-no-web-how = 构建时没有 web/dist。请先构建网页应用，再构建程序：
page-no-web-api = 接口照常可用：
first-warehouse = 主仓

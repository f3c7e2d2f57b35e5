# 命令行
cli-serving = 汇流已启动：{ $url }
cli-set-up-link = 首次使用，请在浏览器打开此链接建立公司（7 天内有效，只能用一次）：
    { $link }
cli-sign-in-link = { $user } 的登录链接（15 分钟内有效，只能用一次）：
    { $link }
cli-sign-in-how = 登录：在页面上输入用户名和密码，或请管理员在“用户”页面生成一次性链接；服务停止时也可运行 huiliu sign-in --user 用户名 取得。
cli-check-done = 已验证 { $proved } 条不变式，发现 { $broken } 处不符。
cli-reindex-done = 全部记录已重建搜索，用时 {$seconds} 秒。
cli-demo-making = 正在生成演示公司（种子 { $seed }，{ $orders } 张订单，截至 { $until }）
cli-demo-done = 演示公司已生成：{ $orders } 张订单，用时 { $seconds } 秒。
cli-demo-exists = 数据目录里已有公司，未重新生成。
cli-import-applied = 已导入，批次 { $batch }。撤销：huiliu import --undo { $batch }
cli-import-undone = 批次 { $batch } 已撤销。
cli-import-refused = 文件有 { $count } 处错误，未导入任何数据。
cli-export-done = 已导出 { $events } 个事件、{ $objects } 个对象到 { $path }
cli-bench-running = 正在测量：{ $engine }，{ $clients } 个客户端
cli-import-learnt = 已学会映射“{ $name }”。以后：huiliu import { $name } 文件
cli-import-guess = 看起来是 { $target }（把握 { $sure } %）。用 --map 列=表头 更正，用 --save 名称 学习。
cli-import-lacks = 还缺少必需的列：{ $column }
cli-template-written = 模板已写到 { $path }。
cli-export-list = 已导出 { $rows } 行到 { $path }。
cli-lost-step-order-data = 订单资料
cli-lost-step-price-approval = 价格审批
cli-lost-step-credit-release = 信用放行
cli-lost-step-overdue-release = 逾期放行
cli-lost-step-supply = 缺货补货
cli-lost-step-picking = 拣货
cli-lost-step-transit = 在途运输
cli-lost-step-billing = 开票
cli-lost-step-cash-application = 收款核销
cli-lost-cause-batching = 攒批处理
cli-lost-cause-unavailability = 无人在岗
cli-lost-cause-prioritisation = 被后来者插队
cli-lost-cause-contention = 人手被占
cli-lost-cause-extraneous = 外部原因
cli-lost-cause-rework = 反复补正
cli-lost-cause-master-data = 基础数据有误
cli-lost-none = 没有突出之处：没有哪一步比以往等得更久。

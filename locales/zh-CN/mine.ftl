# 日志挖掘：错误
error-log-broken = 文件在 {$place} 处中断或格式不正确：{$detail}。请重新导出并确认文件完整。
error-log-cannot-read = 无法读取文件 {$path}：{$detail}。请检查路径和读取权限。
error-log-columns-unknown = 无法从表头判断哪一列是案例、活动和时间：{$detail}。请指明：--case 列名 --activity 列名 --time 列名。
error-log-empty = 文件 {$path} 是空的。请重新导出。
error-log-is-workbook = 文件 {$path} 是工作簿或压缩包。请把工作表另存为 CSV（UTF-8）后再读取。
error-log-no-events = 从 {$detail} 没有读到任何事件；有 {$left_out} 行或事件被排除。请用 --case、--activity、--time 指明列，并确认时间写成 2024-03-05 14:30 这样的形式。
error-log-no-such-column = 文件没有列“{$detail}”。现有的列：{$columns}。
error-log-no-such-type = 日志中没有被事件涉及的对象类型“{$detail}”。现有：{$types}。
error-log-unknown-format = {$path} 的内容不是已知的事件日志（{$detail}）。支持 XES、OCEL（JSON、XML、SQLite）和 CSV；除 SQLite 外都可以是 gzip 压缩文件。
error-bpmn-broken = BPMN 文件在 {$place} 处中断或格式不正确：{$detail}。请重新导出。
error-bpmn-no-process = 文件中没有 BPMN 流程。请把流程图导出为 BPMN 2.0 XML。
error-bpmn-dangling-flow = 连线“{$detail}”的起点或终点不在流程中。请更正流程图后重新导出。

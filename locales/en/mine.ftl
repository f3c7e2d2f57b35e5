# Mining a log: errors
error-log-broken = The file breaks off or is not well formed at {$place}: {$detail}. Export it again and check that it is complete.
error-log-cannot-read = The file {$path} cannot be read: {$detail}. Check the path and your right to read it.
error-log-columns-unknown = Which columns hold case, activity and time could not be told from the headers: {$detail}. Name them: --case COLUMN --activity COLUMN --time COLUMN.
error-log-empty = The file {$path} is empty. Export it again.
error-log-is-workbook = The file {$path} is a workbook or an archive. Save the sheet as CSV (UTF-8) and read that.
error-log-no-events = No event could be read from {$detail}; {$left_out} rows or events were left out. Check the columns with --case, --activity and --time, and that times are written like 2024-03-05 14:30.
error-log-no-such-column = The file has no column "{$detail}". Its columns are: {$columns}.
error-log-no-such-type = The log has no object type "{$detail}" that events touch. It has: {$types}.
error-log-unknown-format = What {$path} holds is not known as an event log ({$detail}). Known are XES, OCEL (JSON, XML, SQLite) and CSV, each of them but SQLite also packed by gzip.
error-bpmn-broken = The BPMN file breaks off or is not well formed at {$place}: {$detail}. Export it again.
error-bpmn-no-process = The file holds no BPMN process. Export the diagram as BPMN 2.0 XML.
error-bpmn-dangling-flow = The flow "{$detail}" begins or ends at an element that the process does not have. Correct the diagram and export it again.

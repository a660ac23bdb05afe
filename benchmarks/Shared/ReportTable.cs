namespace Sessions.Bench;

/// <summary>A table of the report. The first column names the row.</summary>
internal sealed record ReportTable(string Caption, string[] Columns, string[][] Rows);

"""What a person is told of a run: report.jsonl, report.html and worklist.xlsx in the output folder."""

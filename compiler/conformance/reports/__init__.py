"""Reports of a run: a summary for people and file formats for tools, one module each.

Each module formats a complete `Run` as text; only `json_lines` is written during the run.
"""

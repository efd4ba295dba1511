"""What is made of a run: the summary for people, and files for machines, each format in a module of its own.

Each module has a function that turns a `Run` into text; `json_lines` alone is written while the run goes on.
"""

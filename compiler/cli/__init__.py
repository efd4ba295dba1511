"""The command line: its arguments, its input files, and how results are shown. It calls the public functions.

Modules: `main` is `python -m compiler`; `arguments` are its flags, and `inputs` what these and the files given mean;
`source_text` finds where a JSON Pointer leads in a text; `diagnostics` and `explanation` format results; `terminal`
reads files and prints; `bulk` compiles many messages; `engine_commands` is `python -m compiler.engine`, with
`ruleset_check`.
"""

"""The command line: arguments, input files, and the format of results. It calls the public functions.

Modules: `main` is `python -m compiler`; `arguments` defines its arguments, and `inputs` turns them and the files into
API values; `source_text` locates JSON Pointers in a text; `diagnostics` and `explanation` format results; `terminal`
reads files and prints; `bulk` compiles many messages; `engine_commands` is `python -m compiler.engine`, and
`ruleset_check` its `check` command.
"""

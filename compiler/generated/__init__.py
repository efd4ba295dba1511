"""Everything that a command writes and no one edits: validators of the schemas and precompiled rulesets.

`python -m tools.generate` writes it; `--check` says what is stale.
"""

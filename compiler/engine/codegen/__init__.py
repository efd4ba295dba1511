"""The second backend: a ruleset as Python source, compiled once and then run in place of the interpreter.

It does what the interpreter does as long as no value is invalid. Of rules that have an error to report it returns the
ids, and the interpreter runs only these and what they depend on. Where a value is invalid, or the location of a warning
cannot be expressed, it bails out, and the interpreter runs all rules. So generated code has no origins, no poison and
no provenance, and its values are plain JSON. Both backends agree on every input.

Modules: `emitter` emits blocks of lines. `code` describes an expression and writes those about it; `value_numbering`
recognizes one that has been computed already. `expressions`, `conditions`, `origins` and `rules` translate the
operators, each a subclass of the one before. `generate` compiles a ruleset, `module` writes it as a Python module, and
`validators` translates JSON Schemas. Generated code calls `runtime`. `tiering` selects the backend of each run.
"""

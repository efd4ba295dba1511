"""The second backend: a ruleset as Python source, compiled once and then run in place of the interpreter.

It does what the interpreter does as long as nothing is an error. If something is, or if the location of a warning
cannot be expressed, it bails out, and the caller runs the interpreter, which reports everything. So it has no origins,
no poison and no provenance, and its values are plain JSON. Both agree on every input on which the generated code does
not bail out.

Modules: `emitter` emits blocks of lines, and `code` describes an expression. `expressions`, `conditions`, `origins` and
`rules` translate the operators, each a subclass of the one before. `generate` compiles a ruleset, `module` writes it as
a Python module, and `validators` translates JSON Schemas. Generated code calls `runtime`. `tiering` selects the backend
of each run.
"""

"""The second backend: a ruleset as Python source, compiled once and then run in place of the interpreter.

It does what the interpreter does as long as nothing is an error. If something is, or if the location of a warning
cannot be expressed, it bails out, and the caller runs the interpreter, which reports everything. So it has no origins,
no poison and no provenance, and its values are plain JSON. Both agree on every input on which the generated code does
not bail out.

Modules: `emitter` writes blocks of lines, and `code` is what is known of a piece of code; `expressions`, `conditions`,
`origins` and `rules` write what each operator means, one on top of the other; `generate` compiles the whole, `module`
makes a file of it, and `validators` writes checks of documents. `runtime` is what generated code calls; `tiering`
decides which code runs when.
"""

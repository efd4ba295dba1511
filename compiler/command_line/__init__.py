"""What the command line needs besides the API: its arguments, places in JSON texts, and how results are shown.

Modules: `arguments` is what may be given, and `inputs` what that and the files given mean; `source_text` finds where a
JSON Pointer leads in a text; `diagnostics` and `explanation` turn results into text; `terminal` reads files and prints.
"""

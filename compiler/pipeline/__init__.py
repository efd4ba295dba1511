"""Joins the parts: what the public functions call. A document goes in, a `Result` comes out.

Front end, engine and rulesets meet here and nowhere else. How a command line reads files and prints is in
`compiler.cli`.
"""

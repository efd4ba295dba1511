"""The functions that rules may call: pure, total and typed. `registry` lists them all by name.

They know mail and JSON. `merge_fields` knows one syntax of services.
"""

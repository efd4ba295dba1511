"""JSON text and JSON values, read and written safely. Nothing here knows mail, rules or services.

`parse` reads text by a policy (strict, lenient or exact), `fast` uses Python's own parser where that is safe,
`sanitize` turns any Python value into plain JSON, `pointer` is RFC 6901, `canonical` writes deterministic text.
"""

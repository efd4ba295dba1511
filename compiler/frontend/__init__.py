"""The front end: message JSON to canonical message. It knows mail, and no service.

    message, options ──► plain JSON ─► schema ─► defaults ─► readers ─► canonical message

`fields` is the table of fields; `readers` turn values into canonical ones; `defaults` combines message and defaults.
Two drivers call the readers: `fast` gives up at the first invalid value, `full` collects everything that is wrong, with
`schema_errors`. `locate` finds where a canonical value came from, when a diagnostic asks.
"""

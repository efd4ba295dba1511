"""The vocabulary says what is still to come: one payload for each recipient, as metadata of their own will need."""

from __future__ import annotations

import copy
import json
from typing import Any

from compiler import _resources
from compiler._functions import FUNCTIONS
from compiler.engine import check, load_ruleset, run

RULES: dict[str, Any] = json.loads((_resources.TARGETS / "mailjet_v3" / "send.json").read_text(encoding="utf-8"))
WRAP = {
    "id": "wrap",
    "doc": "Metadata of one recipient's own needs a message of that recipient's own.",
    "source": "Mailjet Send API v3 guide",
    "when": {"nonempty": {"get": "/merge_metadata"}},
    "put": "",
    "overrides": ["*"],
    "value": {
        "object": {
            "Messages": {
                "each": {"out": "/Recipients"},
                "value": {
                    "merge": [
                        {"without": {"out": ""}, "keys": ["Messages"]},
                        {
                            "object": {
                                "Recipients": {"list": [{"get": "@"}]},
                                "Mj-EventPayLoad": {
                                    "first": [
                                        {"out": "/Mj-EventPayLoad"},
                                        {
                                            "call": "json_text",
                                            "with": [{"at": {"get": "/merge_metadata"}, "key": {"get": "@/Email"}}],
                                        },
                                    ]
                                },
                            }
                        },
                    ]
                },
            }
        }
    },
}


def test_the_fan_out_of_metadata_can_be_said_and_checked() -> None:
    from compiler.engine import Function

    document = copy.deepcopy(RULES)
    document["build"] = [rule for rule in document["build"] if rule["id"] != "later-merge-metadata"]
    document["override"].append(WRAP)
    document["verify"] = []  # what looks at the finished payload will have to look into Messages
    to_text = Function(name="json_text", parameters=({"type": "object"},), result={"type": "string"}, apply=json.dumps)
    functions = {**FUNCTIONS, "json_text": to_text}
    ruleset = load_ruleset(json.dumps(document), "send.json", _resources.schemas(), functions)
    assert check(ruleset) == ()
    outcome = run(
        ruleset,
        {
            "from_email": [{"email": "shop@example.com"}],
            "to": [{"email": "a@example.com"}, {"email": "b@example.com", "name": "B"}],
            "subject": "s",
            "text": "t",
            "merge_metadata": {"a@example.com": {"order": 1}},
        },
    )
    common = {"FromEmail": "shop@example.com", "Subject": "s", "Text-part": "t"}
    assert outcome.output == {
        "Messages": [
            common | {"Recipients": [{"Email": "a@example.com"}], "Mj-EventPayLoad": '{"order": 1}'},
            common | {"Recipients": [{"Email": "b@example.com", "Name": "B"}]},
        ]
    }

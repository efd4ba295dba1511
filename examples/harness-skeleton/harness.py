"""A harness around code that already exists, here `mailer.send`. Only the marked places are about that code."""

import json
import sys

import mailer  # 1. your code

HELLO = {
    "protocol": 1,
    "implementation": {"name": "our mailer", "version": "1.0", "language": "Python"},
    "rulesets": ["send"],
    "capabilities": ["recipients", "tags"],  # 2. what it can do: cases with other capabilities are not sent
}


def send(message, options):
    posted = []
    mailer.post = lambda url, payload: posted.append(payload)  # 3. catches the payload: nothing is sent
    try:
        mailer.send(  # 4. your interface
            message.get("from_email"),
            message.get("to"),
            message.get("subject"),
            message.get("body"),
            message.get("tags"),
        )
    except ValueError:  # 5. how your code refuses a mail
        return {"status": "rejected", "errors": [{"code": "InvalidMessage", "path": ""}]}
    return {"status": "ok", "output": posted[0]}


def respond(request):
    try:
        return {"seq": request["seq"], **send(**{"options": {}, **request["input"]})}
    except Exception as error:  # your code crashed: that fails the case, and the next one runs
        return {"seq": request["seq"], "status": "internal_error", "detail": repr(error)}


for line in sys.stdin:
    request = json.loads(line)
    if request["cmd"] == "bye":
        break
    print(json.dumps(HELLO if request["cmd"] == "hello" else respond(request)), flush=True)

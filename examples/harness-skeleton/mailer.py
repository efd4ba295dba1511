"""Stands for code that already exists: a small mailer of some application, with the mistakes that such code has."""

import json
import os
from base64 import b64encode
from urllib.request import Request, urlopen

URL = "https://api.mailjet.com/v3/send"


def post(url, payload):
    keys = f"{os.environ['MJ_APIKEY_PUBLIC']}:{os.environ['MJ_APIKEY_PRIVATE']}"
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {b64encode(keys.encode()).decode()}"}
    urlopen(Request(url, json.dumps(payload).encode(), headers), timeout=30).close()


def send(sender, to, subject, text, tags=(), cc=()):
    if not to:
        raise ValueError("a mail needs a recipient")
    payload = {"FromEmail": sender, "Subject": subject, "Text-part": text}
    if cc:
        payload["To"], payload["Cc"] = ", ".join(to), ", ".join(cc)
    else:
        payload["Recipients"] = [{"Email": address} for address in to]
    if tags:
        payload["Mj-campaign"] = ",".join(tags)  # a mistake: Mailjet takes one
    post(URL, payload)

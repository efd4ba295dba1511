"""Stands for code that already exists: a small mailer of some application, with the mistakes that such code has."""

import os

import requests

URL = "https://api.mailjet.com/v3/send"


def post(url, payload):
    keys = os.environ["MJ_APIKEY_PUBLIC"], os.environ["MJ_APIKEY_PRIVATE"]
    requests.post(url, json=payload, auth=keys, timeout=30).raise_for_status()


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

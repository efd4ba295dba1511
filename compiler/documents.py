"""The types of all documents, as TypedDicts: for type checkers and editors, nothing runs on them.

Written by `python -m tools.generate` from the schemas, which say what the members mean; not to be changed by hand. What
a schema says beyond types (patterns, limits, conditions) is for validators.
"""

# No `from __future__ import annotations`: with it Python 3.11 does not see NotRequired when it makes a TypedDict.

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict


class Address(TypedDict):
    """An address: an RFC 5322 string such as "Bob <bob@example.com>", or an object with email and name.

    Schema: message, $defs/address.
    """

    email: str
    name: NotRequired[str | None]


class Alternative(TypedDict):
    """The body in another media type.

    Schema: message, properties/alternatives/items.
    """

    content: str
    mimetype: str


class Attachment(TypedDict):
    """A file, or an image shown within the HTML body.

    Schema: message, properties/attachments/items.
    """

    filename: NotRequired[str | None]
    content: str
    encoding: NotRequired[Literal["base64", "utf-8"] | None]
    mimetype: NotRequired[str | None]
    disposition: NotRequired[Literal["attachment", "inline"] | None]
    content_id: NotRequired[str | None]


_MessageNames = TypedDict(
    "_MessageNames",
    {
        "$schema": NotRequired[str],
    },
)


class Message(_MessageNames, total=False):
    """A normalized e-mail message, for any service.

    Schema: message.
    """

    from_email: str | Address | None
    to: list[str | Address] | None
    cc: list[str | Address] | None
    bcc: list[str | Address] | None
    delivery: Literal["individual", "shared"] | None
    reply_to: list[str | Address] | None
    subject: str | None
    body: str | None
    content_subtype: Literal["plain", "html"] | None
    alternatives: list[Alternative] | None
    attachments: list[Attachment] | None
    extra_headers: Mapping[str, str | int | float] | None
    envelope_sender: str | Address | None
    metadata: Mapping[str, Any] | None
    send_at: str | int | float | None
    tags: list[str] | None
    track_clicks: bool | None
    track_opens: bool | None
    template_id: int | str | None
    merge_data: Mapping[str, Mapping[str, Any] | None] | None
    merge_global_data: Mapping[str, Any] | None
    merge_metadata: Mapping[str, Mapping[str, Any]] | None
    esp_extra: Mapping[str, Any] | None


_MessageDefaultsNames = TypedDict(
    "_MessageDefaultsNames",
    {
        "$schema": NotRequired[str],
    },
)


class MessageDefaults(_MessageDefaultsNames, total=False):
    """A message-shaped object that applies to every message.

    Schema: options, properties/send_defaults.
    """

    from_email: str | Address | None
    to: list[str | Address] | None
    cc: list[str | Address] | None
    bcc: list[str | Address] | None
    delivery: Literal["individual", "shared"] | None
    reply_to: list[str | Address] | None
    subject: str | None
    body: str | None
    alternatives: list[Alternative] | None
    attachments: list[Attachment] | None
    extra_headers: Mapping[str, str | int | float] | None
    envelope_sender: str | Address | None
    metadata: Mapping[str, Any] | None
    send_at: str | int | float | None
    tags: list[str] | None
    track_clicks: bool | None
    track_opens: bool | None
    template_id: int | str | None
    merge_data: Mapping[str, Mapping[str, Any] | None] | None
    merge_global_data: Mapping[str, Any] | None
    merge_metadata: Mapping[str, Mapping[str, Any]] | None
    esp_extra: Mapping[str, Any] | None


class MessageOptions(TypedDict, total=False):
    """The options of the compiler, besides the message.

    Schema: options.
    """

    ignore_unsupported_features: bool | list[str]
    send_defaults: MessageDefaults | None
    template_sender: str | Address | None


class DiagnosticDocument(TypedDict):
    """An error or a warning about a document.

    Schema: diagnostic.
    """

    severity: Literal["error", "warning"]
    code: Literal[
        "InvalidJSON",
        "InvalidMessage",
        "UnknownField",
        "InvalidAddress",
        "InvalidValue",
        "MissingField",
        "UnsupportedFeature",
        "IncompatibleFields",
        "LimitExceeded",
        "Unauthorized",
        "RateLimited",
        "ServiceRejected",
        "ServiceFailed",
        "InvalidResponse",
        "InvalidBody",
        "MoreErrors",
        "InternalError",
        "FeatureDropped",
        "UnusedData",
        "CaseMismatch",
        "RecipientWithoutData",
        "DuplicateRecipient",
        "RecipientsVisible",
        "CopiesRepeated",
        "UnknownProperty",
        "NeedsApproval",
        "NoEffect",
        "ReservedHeader",
        "UnknownMergeField",
        "MissingSubject",
        "MalformedEvent",
        "MalformedPart",
        "MoreWarnings",
    ]
    document: Literal["message", "options", "body"]
    path: str
    related: list[str]
    params: Mapping[str, Any]
    message: str
    hint: str | None
    rule: str | None
    url: str


class Requirement(TypedDict):
    """One requirement.

    Schema: result, properties/requires/items.
    """

    kind: str


class ResultDocument(TypedDict):
    """The result of compiling or decoding a document.

    Schema: result.
    """

    ok: bool
    output: Any
    errors: list[DiagnosticDocument]
    warnings: list[DiagnosticDocument]
    requires: list[Requirement]


class LocationDocument(TypedDict):
    """A place in an input document.

    Schema: explanation, $defs/location.
    """

    document: Literal["message", "options", "body"]
    path: str


class RuleReferenceDocument(TypedDict):
    """A rule that wrote a value.

    Schema: explanation, $defs/reason.
    """

    rule: str
    doc: str
    source: str
    urls: list[str]
    file: NotRequired[str]


class ProvenanceDocument(TypedDict):
    """One value of the output, with its origin.

    Schema: explanation, $defs/written.
    """

    pointer: str
    value: Any
    reasons: list[RuleReferenceDocument]
    inputs: list[LocationDocument]


class LeafStatusDocument(TypedDict):
    """What happened to one leaf: a string, number, boolean, null, or empty list or object.

    Schema: explanation, $defs/fate.
    """

    document: Literal["message", "options", "body"]
    path: str
    fate: Literal["written", "overridden", "diagnosed", "nothing", "undecided"]
    at: list[str]
    by: list[LocationDocument]
    codes: list[str]


class ExplanationDocument(TypedDict):
    """The result of explaining: the result of the compiler, the reason for each value of the output, and what happened
    to each leaf of the input: of a message, or of a body that was decoded.

    Schema: explanation.
    """

    result: ResultDocument
    payload: list[ProvenanceDocument]
    fates: list[LeafStatusDocument]


class CanonicalAddress(TypedDict):
    """A bare address with its domain in ASCII, and its display name if it has one (encoded words are left encoded).

    Schema: canonical-message, $defs/address.
    """

    email: str
    name: NotRequired[str]


class CanonicalHtml(TypedDict):
    """One version of the HTML body.

    Schema: canonical-message, properties/html/items.
    """

    content: str


class CanonicalAttachment(TypedDict):
    """One file.

    Schema: canonical-message, properties/attachments/items.
    """

    name: str
    filename: NotRequired[str]
    mimetype: str
    content: str
    inline: bool
    content_id: NotRequired[str]


_TargetDocumentNames = TypedDict(
    "_TargetDocumentNames",
    {
        "$schema": NotRequired[str],
    },
)


class TargetDocument(_TargetDocumentNames):
    """The manifest of a target (target.json): what it says about itself, beside its rulesets.

    Schema: target.
    """

    name: str
    title: str
    links: NotRequired[Mapping[str, str]]
    reasons: NotRequired[Mapping[str, Mapping[str, str]]]
    features: NotRequired[Mapping[str, str]]


class CanonicalTime(TypedDict, total=False):
    """When to send.

    Schema: canonical-message, properties/send_at.
    """

    text: str
    seconds: int


class CanonicalMessage(TypedDict):
    """A message after the front end: checked, with defaults applied and addresses parsed.

    Schema: canonical-message.
    """

    from_email: NotRequired[list[CanonicalAddress]]
    header_from: NotRequired[CanonicalAddress]
    to: NotRequired[list[CanonicalAddress]]
    cc: NotRequired[list[CanonicalAddress]]
    bcc: NotRequired[list[CanonicalAddress]]
    delivery: Literal["individual", "shared"]
    header_to: NotRequired[str]
    header_cc: NotRequired[str]
    header_bcc: NotRequired[str]
    reply_to: NotRequired[list[CanonicalAddress]]
    header_reply_to: NotRequired[list[CanonicalAddress]]
    subject: NotRequired[str]
    text: NotRequired[str]
    html: NotRequired[list[CanonicalHtml]]
    other_parts: NotRequired[list[Alternative]]
    content_subtype: NotRequired[Literal["plain", "html"]]
    attachments: NotRequired[list[CanonicalAttachment]]
    headers: NotRequired[Mapping[str, str]]
    envelope_sender: NotRequired[CanonicalAddress]
    metadata: NotRequired[Mapping[str, Any]]
    send_at: NotRequired[CanonicalTime]
    tags: NotRequired[list[str]]
    track_clicks: NotRequired[bool]
    track_opens: NotRequired[bool]
    template_id: NotRequired[str]
    merge_data: NotRequired[Mapping[str, Mapping[str, Any]]]
    merge_global_data: NotRequired[Mapping[str, Any]]
    merge_metadata: NotRequired[Mapping[str, Mapping[str, Any]]]
    esp_extra: NotRequired[Mapping[str, Any]]
    template_sender: NotRequired[CanonicalAddress]
    from_defaults: NotRequired[list[Literal["cc", "bcc"]]]


class Recipient(TypedDict):
    """One private recipient.

    Schema: mailjet-v3/payload, $defs/recipient.
    """

    Email: str
    Name: NotRequired[str]
    Vars: NotRequired[Mapping[str, Any]]


_PayloadAttachmentNames = TypedDict(
    "_PayloadAttachmentNames",
    {
        "Content-type": str,
    },
)


class PayloadAttachment(_PayloadAttachmentNames):
    """One file.

    Schema: mailjet-v3/payload, $defs/attachment.
    """

    Filename: str
    content: str


_PayloadMessageNames = TypedDict(
    "_PayloadMessageNames",
    {
        "Text-part": NotRequired[str],
        "Html-part": NotRequired[str],
        "Mj-TemplateID": NotRequired[int | str],
        "Mj-TemplateLanguage": NotRequired[bool],
        "MJ-TemplateErrorReporting": NotRequired[str],
        "MJ-TemplateErrorDeliver": NotRequired[Literal["deliver", "0", 0]],
        "Mj-prio": NotRequired[int],
        "Mj-campaign": NotRequired[str],
        "Mj-deduplicatecampaign": NotRequired[Literal[0, 1]],
        "Mj-trackopen": NotRequired[Literal[0, 1, 2]],
        "Mj-trackclick": NotRequired[Literal[0, 1, 2]],
        "Mj-CustomID": NotRequired[str],
        "Mj-EventPayLoad": NotRequired[str],
        "Mj-MonitoringCategory": NotRequired[str],
    },
)


class PayloadMessage(_PayloadMessageNames):
    """A single message, as a separate payload or in Messages.

    Schema: mailjet-v3/payload, $defs/message.
    """

    FromEmail: str
    FromName: NotRequired[str]
    Sender: NotRequired[str]
    Recipients: NotRequired[list[Recipient]]
    To: NotRequired[str]
    Cc: NotRequired[str]
    Bcc: NotRequired[str]
    Subject: NotRequired[str]
    Attachments: NotRequired[list[PayloadAttachment]]
    Inline_attachments: NotRequired[list[PayloadAttachment]]
    Headers: NotRequired[Mapping[str, str]]
    Vars: NotRequired[Mapping[str, Any]]


_PayloadNames = TypedDict(
    "_PayloadNames",
    {
        "Text-part": NotRequired[str],
        "Html-part": NotRequired[str],
        "Mj-TemplateID": NotRequired[int | str],
        "Mj-TemplateLanguage": NotRequired[bool],
        "MJ-TemplateErrorReporting": NotRequired[str],
        "MJ-TemplateErrorDeliver": NotRequired[Literal["deliver", "0", 0]],
        "Mj-prio": NotRequired[int],
        "Mj-campaign": NotRequired[str],
        "Mj-deduplicatecampaign": NotRequired[Literal[0, 1]],
        "Mj-trackopen": NotRequired[Literal[0, 1, 2]],
        "Mj-trackclick": NotRequired[Literal[0, 1, 2]],
        "Mj-CustomID": NotRequired[str],
        "Mj-EventPayLoad": NotRequired[str],
        "Mj-MonitoringCategory": NotRequired[str],
    },
)


class Payload(_PayloadNames, total=False):
    """The JSON body of a POST to the send resource: a single message, or several in Messages.

    Schema: mailjet-v3/payload.
    """

    FromEmail: str
    FromName: str
    Sender: str
    Recipients: list[Recipient]
    To: str
    Cc: str
    Bcc: str
    Subject: str
    Attachments: list[PayloadAttachment]
    Inline_attachments: list[PayloadAttachment]
    Headers: Mapping[str, str]
    Vars: Mapping[str, Any]
    Messages: list[PayloadMessage]


class PayloadV31Address(TypedDict):
    """A bare address, with a display name as plain text.

    Schema: mailjet-v3.1/payload, $defs/address.
    """

    Email: str
    Name: NotRequired[str]


class PayloadV31Attachment(TypedDict):
    """One file.

    Schema: mailjet-v3.1/payload, $defs/attachment.
    """

    ContentType: str
    Filename: str
    Base64Content: str


class PayloadV31InlinedAttachment(TypedDict):
    """One file.

    Schema: mailjet-v3.1/payload, $defs/inlinedAttachment.
    """

    ContentType: str
    Filename: str
    ContentID: NotRequired[str]
    Base64Content: str


class PayloadV31Message(TypedDict):
    """One message.

    Schema: mailjet-v3.1/payload, $defs/message.
    """

    From: NotRequired[PayloadV31Address]
    Sender: NotRequired[PayloadV31Address]
    To: list[PayloadV31Address]
    Cc: NotRequired[list[PayloadV31Address]]
    Bcc: NotRequired[list[PayloadV31Address]]
    ReplyTo: NotRequired[PayloadV31Address]
    Subject: NotRequired[str]
    TextPart: NotRequired[str]
    HTMLPart: NotRequired[str]
    TemplateID: NotRequired[int]
    TemplateLanguage: NotRequired[bool]
    TemplateErrorReporting: NotRequired[PayloadV31Address]
    TemplateErrorDeliver: NotRequired[bool]
    Attachments: NotRequired[list[PayloadV31Attachment]]
    InlinedAttachments: NotRequired[list[PayloadV31InlinedAttachment]]
    Priority: NotRequired[int]
    CustomCampaign: NotRequired[str]
    DeduplicateCampaign: NotRequired[bool]
    TrackOpens: NotRequired[Literal["account_default", "disabled", "enabled"]]
    TrackClicks: NotRequired[Literal["account_default", "disabled", "enabled"]]
    CustomID: NotRequired[str]
    EventPayload: NotRequired[str]
    MonitoringCategory: NotRequired[str]
    URLTags: NotRequired[str]
    Headers: NotRequired[Mapping[str, str]]
    Variables: NotRequired[Mapping[str, Any]]


class PayloadV31Globals(TypedDict, total=False):
    """Properties of all messages, unless a message sets them.

    Schema: mailjet-v3.1/payload, $defs/Globals.
    """

    From: PayloadV31Address
    Sender: PayloadV31Address
    To: list[PayloadV31Address]
    Cc: list[PayloadV31Address]
    Bcc: list[PayloadV31Address]
    ReplyTo: PayloadV31Address
    Subject: str
    TextPart: str
    HTMLPart: str
    TemplateID: int
    TemplateLanguage: bool
    TemplateErrorReporting: PayloadV31Address
    TemplateErrorDeliver: bool
    Attachments: list[PayloadV31Attachment]
    InlinedAttachments: list[PayloadV31InlinedAttachment]
    Priority: int
    CustomCampaign: str
    DeduplicateCampaign: bool
    TrackOpens: Literal["account_default", "disabled", "enabled"]
    TrackClicks: Literal["account_default", "disabled", "enabled"]
    CustomID: str
    EventPayload: str
    MonitoringCategory: str
    URLTags: str
    Headers: Mapping[str, str]
    Variables: Mapping[str, Any]


class PayloadV31(TypedDict):
    """The JSON body of a POST to the send resource of v3.1: one or more messages.

    Schema: mailjet-v3.1/payload.
    """

    Messages: list[PayloadV31Message]
    SandboxMode: NotRequired[bool]
    AdvanceErrorHandling: NotRequired[bool]
    Globals: NotRequired[PayloadV31Globals]


class TrackingEvent(TypedDict):
    """A tracking event in this project's normalized form.

    Schema: tracking-event.
    """

    event_type: Literal[
        "delivered", "opened", "clicked", "bounced", "deferred", "rejected", "complained", "unsubscribed", "unknown"
    ]
    timestamp: str | None
    message_id: str | None
    event_id: str | None
    recipient: str | None
    reject_reason: Literal["bounced", "blocked", "spam", "invalid", "other"] | None
    mta_response: str | None
    description: str | None
    tags: list[str]
    metadata: Mapping[str, Any]
    click_url: str | None
    user_agent: str | None
    bounce_type: Literal["hard", "soft"] | None
    esp_event: Any


class TrackingEvents(TypedDict):
    """The decoded body of a webhook call.

    Schema: tracking-events.
    """

    events: list[TrackingEvent]


class DecodedAddress(TypedDict):
    """An email address with its display name.

    Schema: inbound-message, $defs/address.
    """

    email: str
    name: str | None


class InboundAttachment(TypedDict):
    """One attached file.

    Schema: inbound-message, $defs/attachment.
    """

    filename: str | None
    mimetype: str
    content: str
    inline: bool
    content_id: str | None


class InboundMessage(TypedDict):
    """A received message in this project's normalized form.

    Schema: inbound-message.
    """

    envelope_sender: str | None
    envelope_recipient: str | None
    from_email: DecodedAddress | None
    to: list[DecodedAddress]
    cc: list[DecodedAddress]
    subject: str | None
    date: str | None
    text: str | None
    html: str | None
    html_parts: list[str]
    headers: list[list[str]]
    attachments: list[InboundAttachment]
    spam_detected: bool | None
    spam_score: int | float | None
    metadata: Mapping[str, Any]
    custom_id: str | None
    timestamp: str | None
    event_id: str | None
    esp_event: Any


class RecipientError(TypedDict):
    """One error.

    Schema: recipient-status, properties/errors/items.
    """

    code: str | None
    message: str | None
    related_to: list[str]
    identifier: str | None


class RecipientStatus(TypedDict):
    """The status of the message for one recipient.

    Schema: recipient-status.
    """

    email: str
    status: Literal["sent", "queued", "invalid", "rejected", "failed", "unknown"]
    message_id: str | None
    message_uuid: str | None
    errors: NotRequired[list[RecipientError]]


class RecipientStatuses(TypedDict):
    """The decoded response to a send call.

    Schema: recipient-statuses.
    """

    recipients: list[RecipientStatus]
    unexpected: list[RecipientStatus]
    statuses: list[Literal["sent", "queued", "invalid", "rejected", "failed", "unknown"]]
    message_ids: list[str]


class TemplateSender(TypedDict):
    """A decoded stored template: its sender, for messages without one.

    Schema: template-sender.
    """

    sender: DecodedAddress


class CaseSource(TypedDict):
    """One source that supports the result.

    Schema: case, properties/spec/items.
    """

    source: str
    heading: NotRequired[str]
    note: NotRequired[str]


class CaseBody(TypedDict, total=False):
    """An HTTP body, in one of three forms.

    Schema: case, properties/input/properties/body.
    """

    text: str
    base64: str
    json: Any


class CaseInput(TypedDict, total=False):
    """The input; its members depend on the ruleset.

    Schema: case, properties/input.
    """

    message: Any
    text: str
    options: Mapping[str, Any]
    status_code: int
    reason: str | None
    body: CaseBody


class ExpectedDiagnostic(TypedDict):
    """The compared members of a diagnostic.

    Schema: case, $defs/expected.
    """

    code: str
    document: NotRequired[Literal["message", "options", "body"]]
    path: str
    params: NotRequired[Mapping[str, Any]]


class CaseExpect(TypedDict, total=False):
    """Exactly one of output and errors; in addition to either, warnings; in addition to output, requires.

    Schema: case, properties/expect.
    """

    output: Any
    errors: list[ExpectedDiagnostic]
    warnings: list[ExpectedDiagnostic]
    requires: list[Mapping[str, Any]]


_ConformanceCaseNames = TypedDict(
    "_ConformanceCaseNames",
    {
        "$schema": NotRequired[str],
    },
)


class ConformanceCase(_ConformanceCaseNames):
    """One input, the expected result, and the reason for it.

    Schema: case.
    """

    id: str
    title: str
    level: Literal["must", "should", "draft"]
    since: str
    capabilities: list[str]
    rules: list[str]
    basis: Literal["documented", "decision"]
    spec: list[CaseSource]
    input: CaseInput
    expect: CaseExpect

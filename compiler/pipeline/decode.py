"""Decodes what a service sends back: responses, tracking events, received mail, stored templates.

`json_io.body` reads the body leniently, and the target's rules interpret it. Findings are reported at their places in
the body. A response is read with the message that was sent: it is compiled again, and its payload has the recipients.
Nothing here knows a service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from compiler import engine
from compiler.engine.findings import MORE
from compiler.json_io.body import Body, read_body
from compiler.json_io.issues import ParseIssue, more_message
from compiler.json_io.plain import no_copy
from compiler.json_io.pointer import escape_token
from compiler.pipeline.compile import DEFAULT_TARGET, Options, compile, normalize_options, run_send_rules  # noqa: A004 - our own
from compiler.pipeline.diagnostics import by_severity, deduplicate, diagnostic_from_finding
from compiler.pipeline.targets import Target, named_target
from compiler.results import Diagnostic, Result

if TYPE_CHECKING:
    from compiler.documents import InboundMessage, RecipientStatuses, TemplateSender, TrackingEvents

# The codes for a body, or a value in it, that is not valid JSON.
_UNREADABLE_BODY_CODES = {"events": "InvalidBody", "inbound": "InvalidBody"}
_MALFORMED_CODES = {"events": "MalformedEvent", "inbound": "MalformedPart"}
_CODES_WITH_PARSE_HINT = ("InvalidBody", "InvalidResponse")  # codes whose hint may carry the JSON parse error
_BODY = "/body"  # the place of a response's body in what the rules read


def decode_response(
    body: object,
    status_code: int = 200,
    reason: str | None = None,
    message: object = None,
    options: Options | Mapping[str, Any] | None = None,
    target: str | Target = DEFAULT_TARGET,
) -> Result[RecipientStatuses]:
    """Turns the response to a send into a status for each recipient of the message, or into the reason of its failure.

    `body`: bytes, text or parsed JSON; `reason`: the reason phrase of the status line, at times the only description of
    the fault. `message` and `options` are what was compiled for the call: the message, not its payload. The recipients
    are those of its payload, including defaults and `esp_extra`, even if it has errors; if it has no recipients, its
    own errors are the result. Without a message they are those that the response lists. The output has the shape of
    `schemas/recipient-statuses.schema.json`. There is a result for any body. Raises TypeError for a status code that is
    not an int, a reason that is not a str, and options of the wrong type, ValueError for an unknown target.
    """
    return decode("response", body, target, status_code, reason, message, options, fast=True).result


def decode_events(body: object, target: str | Target = DEFAULT_TARGET) -> Result[TrackingEvents]:
    """Turns the body of a tracking webhook, bytes, text or parsed JSON, into normalized events.

    The output is `{"events": [...]}`, each of the shape of `schemas/tracking-event.schema.json`. Each event is read by
    itself: an unreadable part of it is a warning, and does not affect the others. There is a result for any body.
    Raises ValueError for an unknown target.
    """
    return decode("events", body, target, fast=True).result


def decode_inbound(body: object, target: str | Target = DEFAULT_TARGET) -> Result[InboundMessage]:
    """Turns the body of an inbound webhook, bytes, text or parsed JSON, into a normalized received message.

    The output has the shape of `schemas/inbound-message.schema.json`; a part that cannot be read is a warning, and the
    rest is decoded. There is a result for any body. Raises ValueError for an unknown target.
    """
    return decode("inbound", body, target, fast=True).result


def decode_template(
    body: object, status_code: int = 200, target: str | Target = DEFAULT_TARGET, *, reason: str | None = None
) -> Result[TemplateSender]:
    """Turns the response to a request for a stored template into its sender, `{"sender": {"email", "name"}}`.

    The sender can be handed to `compile` as the option `template_sender`. `body`, `status_code` and `reason` are as in
    `decode_response`, and raise the same.
    """
    return decode("template", body, target, status_code, reason, fast=True).result


@dataclass(frozen=True, slots=True)
class Decoded:
    """A result, and all that led to it.

    `outcome` is None if the body could not be read for lack of stack, or was decoded fast. `document` is what the
    rules read: the body itself, or, with `is_response`, an object that contains it.
    """

    result: Result
    outcome: engine.RunResult | None
    ruleset: engine.Ruleset
    document: Any
    body: Body
    is_response: bool

    def path(self, pointer: str) -> str:
        """The place in the body of a value that the rules read at this pointer."""
        return pointer.removeprefix(_BODY) if self.is_response else pointer


def decode(
    name: str,
    body: object,
    target: str | Target = DEFAULT_TARGET,
    status_code: int | None = None,
    reason: str | None = None,
    message: object = None,
    options: Options | Mapping[str, Any] | None = None,
    *,
    explaining: bool = False,
    fast: bool = False,
) -> Decoded:
    """Decodes a body by the ruleset of this name; with a status code it is the body of a response.

    With `fast`, there may be no outcome.
    """
    backend = (target if isinstance(target, Target) else named_target(target)).backend(name)
    ruleset = backend.ruleset
    is_response = name not in _UNREADABLE_BODY_CODES
    if is_response and (not isinstance(status_code, int) or isinstance(status_code, bool)):
        raise TypeError(f"status_code must be an int, not {type(status_code).__name__}")
    if not isinstance(reason, str | None):
        raise TypeError(f"reason must be a str or None, not {type(reason).__name__}")
    options_mapping = normalize_options(options)
    read = Body(None, is_json=False, text=None, issues=())
    document: Any = None
    try:
        read = _limit_lists(read_body(body), ruleset, is_response=is_response)
        document = read.value
        if is_response:
            document = _response_input(read, status_code, reason)
            if message is not None:
                sent = run_send_rules(message, target, options_mapping)
                document["payload"] = (None if sent is None else sent.partial_output) or {}
        # The document is our own, so the output may take over its values.
        generated = backend.select(document) if fast else None
        generated_result = None if generated is None else generated(document, (), no_copy)
        outcome = None
        if generated_result is None:
            idle_rules = None if explaining else backend.idle_rules
            outcome = engine.run(ruleset, document, explaining=explaining, idle_rules=idle_rules)
            output, findings = outcome.output, outcome.findings
        else:
            output, findings, _, failed = generated_result
            findings += backend.errors_of(failed, document, ())
    except RecursionError:  # the caller has used up most of the stack
        params = {"status_code": status_code} if is_response else {}
        code = _UNREADABLE_BODY_CODES.get(name, "InvalidResponse")
        diagnostic = Diagnostic(
            "error", code, "", "body", params, message="the body is nested too deeply for the remaining call stack"
        )
        return Decoded(Result(None, (diagnostic,)), None, ruleset, document, read, is_response)
    unread = Decoded(Result(None), outcome, ruleset, document, read, is_response)
    result = _result(unread, name, output, findings)
    if message is not None and isinstance(result.output, dict) and result.output.get("recipients") == []:
        # No status is known: mostly a payload, a result or a text was passed as the message.
        faults = compile(message, target, options_mapping).errors
        result = Result(None, faults) if faults else result
    return replace(unread, result=result)


# The least `maxItems` of those schemas. A list with so many items has at least twice as many characters.
_LEAST_MAXIMUM = 1_000


def _limit_lists(read: Body, ruleset: engine.Ruleset, *, is_response: bool) -> Body:
    """The body with no more items in its lists than the rules read (`maxItems` in their input schema)."""
    if read.text is not None and len(read.text) < 2 * _LEAST_MAXIMUM:
        return read
    schema = ruleset.input_schema
    issues = tuple(
        _limit_lists_within(read.value, schema.get("properties", {}).get("body", {}) if is_response else schema, "")
    )
    return replace(read, issues=(*read.issues, *issues)) if issues else read


def _limit_lists_within(value: Any, schema: Mapping[str, Any], path: str) -> Iterator[ParseIssue]:
    for part in (schema, *schema.get("anyOf", ())):
        if isinstance(value, dict):
            for name, inner in part.get("properties", {}).items():
                if isinstance(value.get(name), list | dict):
                    yield from _limit_lists_within(value[name], inner, f"{path}/{escape_token(name)}")
        elif isinstance(value, list) and len(value) > part.get("maxItems", len(value)):
            most, actual = part["maxItems"], len(value)
            del value[most:]
            message = f"a list must have at most {most:,} items here, got {actual:,}; the others are not read"
            yield ParseIssue(f"{path}/{most}", "too-many", message)


def _response_input(read: Body, status_code: int | None, reason: str | None) -> dict[str, Any]:
    """What rules read of a response. A body with an issue is not reliable: it counts as invalid JSON."""
    answer = {"status_code": status_code, "reason": _replace_surrogates(reason)}
    answer |= {} if read.text is None else {"text": read.text}
    return answer | ({} if read.issues or not read.is_json else {"body": read.value})


def _replace_surrogates(text: str | None) -> str | None:
    """The text with U+FFFD for what UTF-8 cannot encode."""
    return None if text is None else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _result(decoded: Decoded, name: str, output: Any, findings: tuple[engine.Finding, ...]) -> Result:
    read = decoded.body
    diagnostics = [
        diagnostic_from_finding(finding, "body", decoded.path(finding.at), tuple(map(decoded.path, finding.related)))
        for finding in findings
    ]
    if not read.is_json or (decoded.is_response and read.issues):
        hint = read.issues[0].message if read.issues else None
        if name in _UNREADABLE_BODY_CODES and read.text is not None:
            from compiler.pipeline.lookalikes import body_hint

            hint = body_hint(read.text) or (hint and f"the body must be JSON, and reading it failed: {hint}")
        diagnostics = [
            replace(diagnostic, hint=diagnostic.hint or hint)
            if diagnostic.code in _CODES_WITH_PARSE_HINT
            else diagnostic
            for diagnostic in diagnostics
        ]
        if read.is_json and read.issues:
            unclear = "the response does not have the form that the service documents"
            diagnostics = [
                replace(diagnostic, message=unclear) if diagnostic.code == "InvalidResponse" else diagnostic
                for diagnostic in diagnostics
            ]
    errors, warnings = by_severity(diagnostics)
    if errors:
        return Result(None, errors, warnings)
    malformed = [
        Diagnostic("warning", _MALFORMED_CODES[name], issue.path, "body", message=issue.message)
        if issue.more is None and issue.code != MORE["error"]
        else Diagnostic(
            "warning", MORE["warning"], "", "body", {"count": issue.more}, message=more_message("warning", issue.more)
        )
        for issue in (sorted(read.issues, key=_issue_order) if name in _MALFORMED_CODES else ())
    ]
    return Result(output, (), deduplicate((*malformed, *warnings)) if malformed else warnings)


def _issue_order(issue: ParseIssue) -> list[tuple[int, str]]:
    """The sort key of an issue, independent of the order of keys: items by number, members by name."""
    return [
        (int(token) if token.isdecimal() and token.isascii() and len(token) < 10 else -1, token)
        for token in issue.path.split("/")
    ]

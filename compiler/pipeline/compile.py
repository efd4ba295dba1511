"""Joins the front end and the engine: a message goes in, a result comes out.

The front end builds the canonical message; the engine applies the target's rules to it and reports findings, whose
pointers are those of the canonical message; `diagnostics.py` finds their places in the message or its options. A
message whose fields are valid takes the fast path: fast driver, generated code, and the interpreter for those rules
that have an error to report. Otherwise the full driver finds all that is wrong with the fields, and the interpreter
runs; or generated code, if no value is invalid, as with an unknown field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

from compiler import engine
from compiler.engine.codegen.tiering import Backend
from compiler.frontend.fast import canonicalize_fast
from compiler.json_io.fast import NOT_PARSED, parse_message_fast
from compiler.json_io.plain import deep_copy, no_copy
from compiler.pipeline.targets import Target, named_target
from compiler.results import Diagnostic, OutputT_co, Result

if TYPE_CHECKING:
    from compiler.documents import Payload, PayloadV31
    from compiler.frontend.full import CanonicalResult

DEFAULT_TARGET = "mailjet-v3"


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller can ask for besides the message.

    `ignore_unsupported_features`: a bool, or a list of feature names. `send_defaults`: a message-shaped object that
    applies to every message. `template_sender`: an address, the sender stored with the template. Their
    content is checked with the message; errors are diagnostics of the document `options`.
    """

    ignore_unsupported_features: Any = False
    send_defaults: Any = None
    template_sender: Any = None

    def to_dict(self) -> dict[str, Any]:
        """The options as a mapping."""
        return {name: getattr(self, name) for name in self.__slots__}


@overload
def compile(  # noqa: A001 - the name is the contract
    message: object, target: Literal["mailjet-v3"] = ..., options: Options | Mapping[str, Any] | None = None
) -> Result[Payload]: ...
@overload
def compile(  # noqa: A001 - the name is the contract
    message: object, target: Literal["mailjet-v3.1"], options: Options | Mapping[str, Any] | None = None
) -> Result[PayloadV31]: ...
@overload
def compile(  # noqa: A001 - the name is the contract
    message: object, target: str | Target, options: Options | Mapping[str, Any] | None = None
) -> Result[Any]: ...
def compile(  # noqa: A001 - the name is the contract
    message: object, target: str | Target = DEFAULT_TARGET, options: Options | Mapping[str, Any] | None = None
) -> Result[Any]:
    """Turns a normalized message into the payload of a service, or into all errors that prevent it.

    `message` is a JSON object in Python (`schemas/message.schema.json`); it is not changed. `target` is the name of a
    target, or a `Target` from `load_target`. There is a result for any content of the message and the options. Raises
    ValueError for an unknown target, and TypeError for options that are neither a mapping nor `Options`.
    """
    return _compile_message(message, _send_backend(target), normalize_options(options))


@overload
def compile_text(
    text: str | bytes, target: Literal["mailjet-v3"] = ..., options: Options | Mapping[str, Any] | None = None
) -> Result[Payload]: ...
@overload
def compile_text(
    text: str | bytes, target: Literal["mailjet-v3.1"], options: Options | Mapping[str, Any] | None = None
) -> Result[PayloadV31]: ...
@overload
def compile_text(
    text: str | bytes, target: str | Target, options: Options | Mapping[str, Any] | None = None
) -> Result[Any]: ...
def compile_text(
    text: str | bytes, target: str | Target = DEFAULT_TARGET, options: Options | Mapping[str, Any] | None = None
) -> Result[Any]:
    """Compiles a message given as JSON text, as `compile` does; invalid JSON is an error in the result.

    It also finds what Python's json module accepts: duplicate keys, NaN, bytes that are not UTF-8. Raises
    TypeError for text of another type, and otherwise as `compile` does.
    """
    if not isinstance(text, str | bytes):
        raise TypeError(f"text must be a str or bytes, not {type(text).__name__}")
    backend, options_mapping = _send_backend(target), normalize_options(options)
    parsed = parse_message_fast(text)
    if parsed is not NOT_PARSED:
        try:
            result = _try_fast_path(parsed, backend, options_mapping)
        except RecursionError:
            return nesting_too_deep_result()
        if result is not None:
            return result
    from compiler.frontend.full import canonicalize, parse_diagnostic
    from compiler.json_io.parse import parse_json

    message, issues = parse_json(text)
    if issues:
        # Then only the errors of the options are reported besides, not those of an empty message.
        of_options = tuple(
            diagnostic
            for diagnostic in canonicalize({}, options_mapping, backend.policy).diagnostics
            if diagnostic.document == "options"
        )
        return Result(None, (*map(parse_diagnostic, issues), *of_options))
    return _run_rules(message, backend, options_mapping)[0]


class CompileTrace(NamedTuple):
    """A result, and all that led to it; `outcome` is None if the message could not be read at all.

    `message` and `options` are plain copies of the input.
    """

    result: Result
    outcome: engine.RunResult | None
    ruleset: engine.Ruleset
    canonical: CanonicalResult
    message: Any
    options: Mapping[str, Any]


def compile_with_trace(
    message: object, target: str | Target = DEFAULT_TARGET, options: Options | Mapping[str, Any] | None = None
) -> CompileTrace:
    """Compiles as `compile` does, with the engine's trace. Raises RecursionError if too little stack is left."""
    backend, options_mapping = _send_backend(target), normalize_options(options)
    from compiler.frontend.full import canonicalize
    from compiler.json_io.sanitize import sanitize

    given_message, copied_options = sanitize(message)[0], sanitize(options_mapping)[0]
    copied_options = copied_options if isinstance(copied_options, dict) else {}
    canonical = canonicalize(message, options_mapping, backend.policy)
    result, outcome = _compile_canonical(canonical, backend, message, copied_options, explaining=True)
    return CompileTrace(result, outcome, backend.ruleset, canonical, given_message, copied_options)


def run_send_rules(
    message: object, target: str | Target, options: Options | Mapping[str, Any] | None
) -> engine.RunResult | None:
    """The engine's result for a message; None if the message could not be read at all."""
    return _run_rules(message, _send_backend(target), normalize_options(options), interpreted=True)[1]


def safely(
    work: Callable[[], Result[OutputT_co]], document: Literal["message", "body"] = "message"
) -> Result[OutputT_co]:
    """The result of `work`, or one error with the code `InternalError` if it raises any Exception.

    It is for one message among many, so that a bug of the compiler does not affect the others. `document` is what the
    work is about. Mistakes of the caller must have been checked before.
    """
    try:
        return work()
    except Exception as error:
        return internal_error(error, document)


def internal_error(error: Exception, document: Literal["message", "body"] = "message") -> Result:
    """The result for a document on which the compiler itself fails: the type of the error and its place in the code.

    Neither the document nor the error's text is quoted, because they may contain secrets.
    """
    location = _place_in_package(error)
    what = type(error).__name__ + (f" in {location[0]}, line {location[1]}" if location else "")
    diagnostic = Diagnostic(
        "error",
        "InternalError",
        "",
        document,
        message=f"the compiler failed on this {document} ({what})",
        hint=f"this is a fault of the compiler: report it with the {document}",
    )
    return Result(None, (diagnostic,))


def _place_in_package(error: Exception) -> tuple[str, int] | None:
    """The innermost file of this package, and the line in it, that an error came through."""
    from pathlib import Path

    root = Path(__file__).parent.parent
    location = None
    trace = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(root):
            location = file.relative_to(root.parent).as_posix(), trace.tb_lineno
        trace = trace.tb_next
    return location


def nesting_too_deep_result() -> Result:
    """The result for a deep message if the caller has used up most of the stack."""
    message = "the message is nested too deeply for the remaining call stack"
    return Result(None, (Diagnostic("error", "InvalidJSON", "", params={"reason": "too-deep"}, message=message),))


def _compile_message(message: object, backend: Backend, options: dict[str, Any]) -> Result:
    try:
        result = _try_fast_path(message, backend, options)
    except RecursionError:
        return nesting_too_deep_result()
    return _run_rules(message, backend, options)[0] if result is None else result


def _try_fast_path(message: object, backend: Backend, options: dict[str, Any]) -> Result | None:
    """The result if the fast driver and generated code can give it; None if they find an invalid value."""
    canonical = canonicalize_fast(message, options, backend.policy)
    if canonical is None:
        return None
    document, ignored = canonical
    # The document is our own, so the output may take over its values; but none twice, as several messages might, and
    # recipients with the same address.
    if "merge_metadata" in document or ("merge_data" in document and _repeats_address(document)):
        run, copy = backend.select_for_shared_input(document), deep_copy
    else:
        run, copy = backend.select_for_valid_input(document), no_copy
    answer = None if run is None else run(document, ignored, copy)
    if answer is None:
        return None
    output, findings, requires, failed = answer
    findings += backend.errors_of(failed, document, ignored)
    names_features = isinstance(ignored, frozenset) and bool(ignored)
    if not findings and not names_features:
        return Result(output, (), (), requires)
    from compiler.pipeline.diagnostics import by_severity, diagnostics_of_message, unknown_features

    unknown = unknown_features(options, backend.features) if names_features else ()
    if not findings:
        return Result(output, (), unknown, requires)
    from compiler.frontend.locate import message_locator

    assert isinstance(message, dict)  # noqa: S101 - the fast driver reads nothing else
    locator = message_locator(message, options, backend.policy)
    return Result(output, *by_severity((*diagnostics_of_message(findings, locator), *unknown)), requires)


def _repeats_address(document: Mapping[str, Any]) -> bool:
    """Whether two recipients have the same address."""
    addresses = [address["email"] for name in ("to", "cc", "bcc") for address in document.get(name, ())]
    return len(set(addresses)) < len(addresses)


def _run_rules(
    message: object, backend: Backend, options: dict[str, Any], *, interpreted: bool = False
) -> tuple[Result, engine.RunResult | None]:
    """The result, and that of the interpreter if it ran.

    With `interpreted` it runs unless the message cannot be read at all.
    """
    from compiler.frontend.full import canonicalize

    try:
        canonical = canonicalize(message, options, backend.policy)
        if not interpreted and (findings := _findings_of_generated_code(canonical, backend)) is not None:
            return _build_result(canonical, backend, message, options, findings, None), None
        return _compile_canonical(canonical, backend, message, options)
    except RecursionError:
        return nesting_too_deep_result(), None


def _compile_canonical(
    canonical: CanonicalResult,
    backend: Backend,
    message: object,
    options: Mapping[str, Any],
    *,
    explaining: bool = False,
) -> tuple[Result, engine.RunResult | None]:
    if not canonical.is_readable:
        return _build_result(canonical, backend, message, options, None, None), None
    outcome = engine.run(
        backend.ruleset,
        canonical.document,
        canonical.poisoned,
        canonical.ignored,
        explaining=explaining,
        idle_rules=None if explaining else backend.idle_rules,
    )
    return _build_result(canonical, backend, message, options, outcome.findings, outcome), outcome


def _findings_of_generated_code(canonical: CanonicalResult, backend: Backend) -> tuple[engine.Finding, ...] | None:
    """What generated code finds after errors none of which poisons a value; None if the interpreter has to run.

    All diagnostics of the front end are errors, so that there is no output. A document without poison is valid.
    """
    if canonical.poisoned or canonical.ignored is None or not (canonical.is_readable and canonical.diagnostics):
        return None
    run = backend.select_for_shared_input(canonical.document)
    answer = None if run is None else run(canonical.document, canonical.ignored or (), no_copy)
    if answer is None:
        return None
    _, findings, _, failed = answer
    return findings + backend.errors_of(failed, canonical.document, canonical.ignored)


def _build_result(
    canonical: CanonicalResult,
    backend: Backend,
    message: object,
    options: Mapping[str, Any],
    findings: tuple[engine.Finding, ...] | None,
    outcome: engine.RunResult | None,
) -> Result:
    """The result for what the front end and the rules (None: which did not run) have found."""
    from compiler.pipeline.diagnostics import by_severity, diagnostics_of_message, unknown_features

    diagnostics = list(canonical.diagnostics)
    if findings is not None:
        diagnostics += diagnostics_of_message(findings, canonical.locator)
        ignored = canonical.ignored
        diagnostics += unknown_features(options, backend.features) if isinstance(ignored, frozenset) else ()
    errors, warnings = by_severity(diagnostics)
    if errors or outcome is None:
        return Result(None, _describe_lookalike(errors, message), warnings)
    return Result(outcome.output, errors, warnings, outcome.requires)


def _describe_lookalike(errors: tuple[Diagnostic, ...], message: object) -> tuple[Diagnostic, ...]:
    """The errors; they say so if the message looks like something else that is often passed instead."""
    strange = [index for index, error in enumerate(errors) if _is_unexpected(error)]
    if not strange:
        return errors
    from compiler.pipeline.lookalikes import lookalike_of

    lookalike = lookalike_of(message)
    if lookalike is None:
        return errors
    described = list(errors)
    for index in strange:
        described[index] = replace(described[index], hint=lookalike.hint)
    first = described[strange[0]]
    described[strange[0]] = replace(first, message=f"{first.message}: this looks like {lookalike.what}, not a message")
    return tuple(described)


def _is_unexpected(error: Diagnostic) -> bool:
    """Whether an error is about the message as a whole or about an unknown field at its top level."""
    if error.document != "message":
        return False
    return (
        error.path == ""
        if error.code == "InvalidMessage"
        else (error.code == "UnknownField" and error.path.count("/") == 1)
    )


def _send_backend(target: str | Target) -> Backend:
    return (target if isinstance(target, Target) else named_target(target)).backend("send")


def normalize_options(options: Options | Mapping[str, Any] | None) -> dict[str, Any]:
    """The options as a mapping. Raises TypeError for anything else."""
    if options is None:
        return {}
    if isinstance(options, Options):
        return options.to_dict()
    if isinstance(options, Mapping):
        return dict(options)
    raise TypeError(f"options must be a mapping or compiler.Options, not {type(options).__name__}")

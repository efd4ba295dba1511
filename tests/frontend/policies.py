"""The policies of these tests: a strict one, as Mailjet's, and that of a target that asks for nothing."""

from compiler.frontend.fields import NEUTRAL, TargetPolicy

STRICT = TargetPolicy(
    case_blind=frozenset({"esp_extra"}),
    refuse_null=frozenset({"merge_data", "merge_global_data"}),
    ascii_local_parts=True,
)
POLICIES = (STRICT, NEUTRAL)

"""Header names and numbers as header values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.json_io.canonical import number_text
from compiler.mail.headers import is_header_name


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("X-Header", True),
        ("!", True),
        ("~", True),
        ("a_b.c/d\"'", True),
        ("", False),
        (":", False),
        ("X:Y", False),
        ("X Y", False),
        (" X", False),
        ("X\t", False),
        ("X\n", False),
        ("X\r\nBcc", False),
        ("X\x00", False),
        ("X\x7f", False),
        ("Größe", False),
        ("X\u2028", False),
        ("\ud800", False),
    ],
)
def test_header_names(name: str, valid: bool) -> None:
    assert is_header_name(name) is valid


@given(st.text())
def test_header_names_by_character(name: str) -> None:
    assert is_header_name(name) is (bool(name) and all(33 <= ord(each) <= 126 and each != ":" for each in name))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, "3"),
        (0, "0"),
        (-7, "-7"),
        (10**30, "1" + "0" * 30),
        (3.0, "3"),
        (-3.0, "-3"),
        (0.0, "0"),
        (-0.0, "0"),
        (1e22, "10000000000000000000000"),
        (1e23, "100000000000000000000000"),
        (-2.057890361558271e16, "-20578903615582710"),
        (0.5, "0.5"),
        (0.1, "0.1"),
        (-1.25, "-1.25"),
        (1e-7, "1e-07"),
        (5e-324, "5e-324"),
    ],
)
def test_numbers_as_text(value: float, expected: str) -> None:
    assert number_text(value) == expected


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_can_be_read_back(value: float) -> None:
    text = number_text(value)
    assert float(text) == value
    assert "." not in text or not value.is_integer()
    assert text.isascii()


@given(st.integers(-(2**53), 2**53))
def test_integers_and_integral_floats_read_the_same(value: int) -> None:
    assert number_text(value) == number_text(float(value)) == str(value)

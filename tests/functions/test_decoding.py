"""The functions that only decoding rules call."""

from __future__ import annotations

import math
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.functions.decoding import DECODING_FUNCTIONS
from compiler.functions.registry import all_functions
from tests.strategies.messages import JSON

HELLO = "SGVsbG8="


def call(name: str, *arguments: Any) -> Any:
    return all_functions()[name].apply(*arguments)


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        ("text", ("",), ""),
        ("text", (None,), None),
        ("text", (5,), None),
        ("nonempty_text", (" ",), " "),
        ("nonempty_text", ("",), None),
        ("nonempty_text", (5,), None),
        ("trimmed", (" a\n",), "a"),
        ("trimmed", (" ",), None),
        ("trimmed", ({},), None),
        ("finite_number", (5,), 5),
        ("finite_number", (0.5,), 0.5),
        ("finite_number", (" +1.5e1 ",), 15.0),
        ("finite_number", (".5",), 0.5),
        ("finite_number", ("1_000",), None),
        ("finite_number", ("\u0661",), None),
        ("finite_number", ("",), None),
        ("finite_number", (True,), None),
        ("finite_number", (math.inf,), None),
        ("finite_number", ("9" * 10000,), None),
        ("decimal_text", (0,), "0"),
        ("decimal_text", (-5,), "-5"),
        ("decimal_text", (2**70,), "1180591620717411303424"),
        ("decimal_text", (3.0,), "3"),
        ("decimal_text", (3.5,), None),
        ("decimal_text", (math.nan,), None),
        ("decimal_text", (False,), None),
        ("decimal_text", ("3",), None),
        ("decimal_text", ("9" * 4300,), None),
        ("decimal_text", ("9" * 4301,), "9" * 4301),
        ("decimal_text", ("-" + "9" * 4301,), "-" + "9" * 4301),
        ("decimal_text", ("0" * 4301,), None),
        ("json_object", ('{"a": 1}',), {"a": 1}),
        ("json_object", ("[]",), None),
        ("json_object", ("",), None),
        ("json_object", ('{"a": NaN}',), None),
        ("json_object", (r'{"a": "\ud800"}',), None),
        ("json_object", ("[" * 100000,), None),
        ("message_id", (5,), "5"),
        ("message_id", ("0012",), "0012"),
        ("message_id", ("",), None),
        ("message_id", ("-1",), None),
        ("message_id", (True,), None),
        ("text_base64", ("é",), "w6k="),
        ("joined_texts", ([],), None),
        ("joined_texts", (["a"],), "a"),
        ("joined_texts", (["a", " ", "b"],), "a\nb"),
        ("joined_texts", (["a", "a"],), "a"),
        ("joined_texts", (["", " "],), " "),
        ("joined_html", ([],), None),
        ("joined_html", (["<p>"],), "<p>"),
        ("joined_html", (["<p> &nbsp;", "<IMG src=x>"],), "<IMG src=x>"),
        ("joined_html", (["<title>x</title >y", "<p>z"],), "<title>x</title >y\n<p>z"),
        ("joined_html", (["<STYLE>x</style>", "<p>z"],), "<p>z"),
        ("joined_html", (["<style>x", "<p>z"],), "<style>x\n<p>z"),
        ("joined_html", (["<!-- x", "<p>z"],), "<!-- x\n<p>z"),
        ("joined_html", (["<p>a b</p>", "a", "a b", "b <i>"],), "<p>a b</p>\nb <i>"),
        ("joined_html", (["<body>a</body>", "<BODY class=x>a b"],), "<BODY class=x>a b"),
        ("joined_html", ([str(number) for number in range(200)],), "\n".join(map(str, range(200)))),
        ("timestamp", (0,), "1970-01-01T00:00:00Z"),
        ("timestamp", (1433333949.9,), "2015-06-03T12:19:09Z"),
        ("timestamp", ("0001433333949",), None),
        ("timestamp", (253402300799,), "9999-12-31T23:59:59Z"),
        ("timestamp", (253402300800,), None),
        ("timestamp", (-1,), None),
        ("timestamp", ("-1",), None),
        ("timestamp", ("²",), None),
        ("timestamp", (math.nan,), None),
        ("timestamp", (True,), None),
        ("timestamp", ([1],), None),
        ("iso_timestamp", ("20150410T160638",), "2015-04-10T16:06:38Z"),
        ("iso_timestamp", (" 2015-04-10 16:06:38Z",), "2015-04-10T16:06:38Z"),
        ("iso_timestamp", ("2015-0410T16:06:38",), None),
        ("iso_timestamp", ("20150431T160638",), None),
        ("iso_timestamp", ("20150410T160638+02:00",), None),
        ("header", ({"a": "1", "A": "2"}, "a"), "2"),
        ("header", ({"A": ["1", "2"]}, "a"), "1"),
        ("header", ({"A": []}, "a"), None),
        ("header", ([], "a"), None),
        ("header_values", ({"a": ["1", 2, "3"], "A": "0", "b": "4"}, "a"), ["0", "1", "3"]),
        ("header_values", ({"b": "4"}, "a"), None),
        ("header_values", (["a"], "a"), None),
        ("header_pairs", ({"A b": "1", "A\r\nB": "2", "": "3", "A:": "4", "Ü": "5"},), []),
        ("header_pairs", ({"A": "1", "B": ["2", 3, "4"]},), [["A", "1"], ["B", "2"], ["B", "4"]]),
        ("header_pairs", ("A: 1",), None),
        ("header_value", (" Text/HTML ; charset=utf-8",), "text/html"),
        ("header_value", (";",), None),
        ("media_type", (" Image/SVG+XML; charset=utf-8",), "image/svg+xml"),
        ("media_type", ("text",), None),
        ("media_type", ("text/plain\r\nBcc: a",), None),
        ("media_type", ("a/b/c",), None),
        ("header_text", ("a\r\n\tlong\tline",), "a long line"),
        ("header_text", ("=?utf-8?q?a=0Ab?= =?unheard-of?q?c?=",), "a b =?unheard-of?q?c?="),
        ("header_text", (" ",), ""),
        ("mail_date", ("Fri, 10 Apr 2015 18:06:38 +0200",), "2015-04-10T16:06:38Z"),
        ("mail_date", ("Fri, 10 Apr 2015\t18:06:38 -0000 (nowhere)",), "2015-04-10T18:06:38Z"),
        ("mail_date", ("10 Apr 2015 18:06:38 -0000",), "2015-04-10T18:06:38Z"),
        ("mail_date", ("10 Apr 2015 18:06:38 GMT",), "2015-04-10T18:06:38Z"),
        ("mail_date", ("10 Apr 2015 18:06:38",), None),
        ("mail_date", ("31 Dec 9999 23:59:59 -0500",), None),
        ("mail_date", ("31 Apr 2015 18:06:38 GMT",), None),
        ("mail_date", ("now",), None),
        ("mail_date", ("",), None),
        (
            "natural_order",
            (["a10", "a9", "a", "a09", "b1", "a1b2", "a1b10"],),
            ["a", "a1b2", "a1b10", "a09", "a9", "a10", "b1"],
        ),
        ("natural_order", (["a" + "9" * 5000, "a1" + "0" * 5000],), ["a" + "9" * 5000, "a1" + "0" * 5000]),
        ("content_id", (" <a@b> ",), "a@b"),
        ("content_id", ("<>",), None),
        ("base64", ("SGVs\r\nbG8=",), HELLO),
        ("base64", ("",), ""),
        ("base64", ("SGVsbG8",), None),
        ("display_name", (" =?utf-8?q?a=0Ab?= ",), "a b"),
        ("display_name", (" ",), None),
    ],
)
def test_functions(function: str, arguments: tuple[Any, ...], expected: Any) -> None:
    result = call(function, *arguments)
    assert result == expected
    assert type(result) is type(expected)


def test_huge_integers_become_text() -> None:
    limit = sys.get_int_max_str_digits()
    assert call("decimal_text", 10**5000) == "1" + "0" * 5000
    assert call("decimal_text", -(10**limit)) == "-1" + "0" * limit
    assert call("timestamp", 10**5000) is None
    assert call("timestamp", "9" * 5000) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("attachment; filename=b.txt", "b.txt"),
        ("attachment; filename=my own file.pdf; size=3", "my own file.pdf"),
        ('attachment; FileName = "a; b.txt"', "a; b.txt"),
        (r'attachment; filename="say \"hi\".txt"', 'say "hi".txt'),
        ("attachment; filename*=UTF-8''na%C3%AFve%20file.txt; filename=x", "naïve file.txt"),
        ("attachment; filename=x; filename*=iso-8859-1'en'%A3.txt", "£.txt"),
        ("attachment; filename*=''%C3%A4", "ä"),
        ("attachment; filename*=%C3%A4", "ä"),
        ("attachment; filename*=unheard-of''%C3%A4", "ä"),
        ("attachment; filename*=us-ascii''%FF", "ÿ"),
        ("attachment; filename*=gb2312''%81%40", "丂"),
        ("a; filename*0*=utf-8'en'%e2%82; filename*1*=%ac%20; filename*2=\"x%20.txt\"", "€ x%20.txt"),
        ("a; filename*1=b; filename*0=a; filename*3=d", "ab"),
        ('a; filename="=?utf-8?q?J=C3=B6rg.txt?="', "Jörg.txt"),
        ('a; filename="two\r\n lines.txt"', "two lines.txt"),
        ("a; filename*=utf-8''two%0Alines.txt", "two lines.txt"),
        ('a; filename="never closed', "never closed"),
        ('a; name="x; filename=wrong.txt"', None),
        ("filename=first.txt", None),
        ("a; filename=", None),
        ("a; filename", None),
    ],
)
def test_header_parameters(text: str, expected: str | None) -> None:
    assert call("header_parameter", text, "Filename") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@x.com", [("a@x.com", None)]),
        ('"A, B" <a@x.com>, C <c@x.com>', [("a@x.com", "A, B"), ("c@x.com", "C")]),
        (
            "A, B <a@x.com>, c@x.com, D, E, F <d@x.com>",
            [("a@x.com", "A, B"), ("c@x.com", None), ("d@x.com", "D, E, F")],
        ),
        ('"A, B" <ü@x.com>, "C \\"c\\"" <c@x.com>', [("ü@x.com", "A, B"), ("c@x.com", 'C "c"')]),
        ("a@x.com; b@x.com", [("a@x.com", None), ("b@x.com", None)]),
        ("semi; colon <a@x.com>", [("a@x.com", "semi; colon")]),
        ("Team: a@x.com, b@x.com;", [("a@x.com", None), ("b@x.com", None)]),
        ("nobody, b@x.com", [("b@x.com", None)]),
        ("A\t<a@bücher.example>,\r\n b@x.com", [("a@xn--bcher-kva.example", "A"), ("b@x.com", None)]),
        ("=?utf-8?q?J=C3=B6rg=0A?= <j@x.com>", [("j@x.com", "Jörg")]),
        ("undisclosed-recipients:;", None),
        ("undisclosed-recipients:;, D, E <d@x.com>", [("d@x.com", "D, E")]),
        ("<>", None),
        ("a@, @x.com, a b", None),
        ("", None),
    ],
)
def test_loose_addresses(text: str, expected: list[tuple[str, str | None]] | None) -> None:
    result = call("loose_addresses", text)
    assert (result and [(each["email"], each["name"]) for each in result]) == expected


PIECES = st.sampled_from([*"<>()[]@,:;.\\\"'* \t\n=%?", "a", "x.com", "a@x.com", "=?utf-8?q?=0A?=", "utf-8''", "*0*="])
ANY_TEXT = st.text(st.characters()) | st.lists(PIECES, max_size=30).map("".join)  # lone surrogates too


@given(ANY_TEXT, ANY_TEXT)
def test_functions_accept_any_text(text: str, other: str) -> None:
    for function in DECODING_FUNCTIONS.values():
        if function.name.startswith("joined_"):
            joined = function.apply([text, other])
            assert joined in (text, other, f"{text}\n{other}")
        elif function.name == "natural_order":
            assert sorted(function.apply([text, other])) == sorted([text, other])
        elif len(function.parameters) == 1:
            function.apply(text)
    for name in ("filename", other):
        call("header_parameter", f"attachment; filename*={text}; filename*0*={text};filename={text}", name)
        call("header", {text: other, other: [text]}, name)


@given(JSON)
def test_functions_accept_any_json(value: Any) -> None:
    for function in DECODING_FUNCTIONS.values():
        if function.parameters == ({},):
            function.apply(value)
    for name in ("header", "header_values"):
        call(name, value, "a")
        call(name, {"a": value}, "a")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ['"\\', "<", '"', "a,", "a: b,", "<a,", "a;", ", ", ';a="\\', "; ", "=?a?b?", ";a*0*=%", "a@"]
)
def test_a_megabyte_takes_seconds_at_most(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    start = time.process_time()
    call("loose_addresses", text)
    call("header_parameter", text, "a")
    call("header_text", text)
    assert time.process_time() - start < 30  # a few seconds; quadratic time would be minutes

"""Bytes that strangers, upstreams and files may hold: strategies for hypothesis, and the worst."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

TOKENS = (
    b"", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\n", b"\n\n", b" ", b"\t",
    b"\xe2\x80\xae", b"\xf4\x90\x80\x80", b"<", b">", b"</", b"<!--", b"<![CDATA[", b"]]>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;", b"&#xD800;", b"&amp;",
    b"<?xml version='1.0' encoding='utf-16'?>", b"<?xml version='1.0' encoding='no-such'?>",
    b"<?xml version='1.0' encoding='utf-7'?>", b"{", b"}", b"[", b"]", b'"', b"\\", b"\\u0000", b"\\ud800",
    b"\\udc00\\ud800", b":", b",", b"null", b"true", b"-0", b"1e999", b"NaN", b"9" * 400, b"-1", b"0.1",
    b"data:", b"data: [DONE]", b"event: error", b"id:", b";q=", b"*", b"%", b"+", b"-", b"_", b"/", b"..",
    b"'", b"<seg", b"</seg>", b"<x1/>", b"<g2>", b"2306.02707", b"hep-th/9901001v1", b"2026-02-30",
    b"0000-00-00", b"\xe0\xa8\x88", b"\xd9\xa3",
)  # fmt: skip
"""What parsers trip over, each alone."""

WORST = (
    b"<a>", b"<", b"&amp;", b"<!--", b"[", b'{"a":', b'"', b"\\", b",", b"1", b" ", b"\n", b"a ", b"-",
    b";", b"x;q=0.1,", b"((", b"\xe4\xb8\xad", b"C++ ", b'"a ', b"<seg id=1>", b"<seg ", b"</seg",
    b"data: {}\n\n", b"data:", b"event: a\n", b"\r", b"2306.02707 ", b"# 2026-01-01\n", b"a-", b"<think>",
    b"</think", b"\\ud800", b"a=b\n", b"$", b"<x1/>", b"q=&", b"%00", b"\xcc\x81", b"\xf0\x9f\x98\x80",
)  # fmt: skip
"""What costs most when there is much of it."""


@st.composite
def changed(draw: st.DrawFn, *seeds: bytes) -> bytes:
    """One of these documents with some of it cut, doubled or replaced; or nothing like it."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        new = draw(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=6)))
        data = data[:start] + new + data[draw(st.sampled_from([start, end])) :]
    return data


def documents(*seeds: bytes) -> st.SearchStrategy[bytes]:
    """Documents near these, and others."""
    noise = st.lists(st.sampled_from(TOKENS), max_size=20).map(b"".join)
    return st.one_of(changed(*seeds), changed(*seeds), noise, st.binary(max_size=60))


_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(10**300, 10**301),
        st.floats(),
        st.text(max_size=12),
        st.text(st.characters(categories=["Cs", "Cc", "Cf"]), max_size=4),
        st.sampled_from([token.decode("latin-1") for token in TOKENS]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def misshapen(draw: st.DrawFn, seed: Any) -> Any:
    """A JSON value of the seed's shape in which any part may be another value, missing or repeated."""
    if draw(st.integers(0, 9)) == 0:
        return draw(_values)
    if isinstance(seed, dict):
        kept = {
            name: draw(misshapen(value)) for name, value in seed.items() if draw(st.integers(0, 9))
        }
        return kept | draw(st.dictionaries(st.sampled_from([*seed, "else"]), _values, max_size=1))
    if isinstance(seed, list):
        return [draw(misshapen(value)) for value in seed for _ in range(draw(st.integers(0, 2)))]
    return seed


def json_documents(seed: Any) -> st.SearchStrategy[bytes]:
    """JSON of another shape than the seed's, and bytes that are nearly JSON."""
    return st.one_of(
        misshapen(seed).map(lambda value: json.dumps(value).encode()),
        documents(json.dumps(seed).encode()),
    )

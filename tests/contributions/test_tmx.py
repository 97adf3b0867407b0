"""TMX files: ours read back, and those of other programs."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contributions import tmx
from backend.contributions.tmx import Unit
from backend.errors import InvalidRequest

UNIT = Unit(
    "We bound <x1/> &lt; 3 for <g2>all <x3/></g2>. <p1/> Then",
    "Wir beschränken <g2>alle <x3/></g2> durch <x1/> &lt; 3. <p1/> Dann",
    "de",
    origin="gpt-5-mini",
    verified=True,
    changed_at=datetime(2026, 11, 29, 6, 0, tzinfo=UTC),
)


def written(*units: Unit) -> bytes:
    file = io.BytesIO()
    assert tmx.write(units, file) == len(units)
    return file.getvalue()


def read(data: bytes) -> list[Unit]:
    return list(tmx.read(io.BytesIO(data)))


def test_what_is_written_is_read_back():
    other = Unit("A title", "一个标题", "zh-Hans", origin="reader")
    assert read(written(UNIT, other)) == [UNIT, other]


def test_a_unit_has_the_elements_of_tmx():
    root = ET.fromstring(written(UNIT))
    assert root.tag == "tmx"
    assert root.attrib == {"version": "1.4"}
    header = root.find("header")
    assert header is not None
    assert header.attrib.keys() == {
        *("creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang"),
        "datatype",
    }
    segment = root.find("body/tu/tuv/seg")
    assert segment is not None
    assert [(child.tag, child.attrib) for child in segment] == [
        ("ph", {"x": "1"}),
        ("bpt", {"i": "2", "x": "2"}),
        ("ph", {"x": "3"}),
        ("ept", {"i": "2"}),
        ("ph", {"x": "1", "type": "part"}),
    ]


def test_characters_that_xml_cannot_hold_are_left_out():
    [back] = read(written(Unit("A\x0bB", "A\x0cB\ufffe", "de", origin="m\x00")))
    assert (back.source, back.translation, back.origin) == ("AB", "AB", "m")


OTHER = """<?xml version="1.0"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header creationtool="OmegaT" srclang="EN-US" segtype="sentence" datatype="plaintext"
 o-tmf="x" adminlang="EN-US" creationtoolversion="6"/><body>
<tu><note>n</note><tuv xml:lang="EN-US"><seg>See <bpt i="1">&lt;b&gt;</bpt>this<ept i="1">&lt;/b&gt;</ept>
 <ph>{1}</ph> &amp; that</seg></tuv>
 <tuv xml:lang="fr" changedate="20260102T030405Z"><seg>Voir <bpt i="1">x</bpt>ceci<ept i="1">x</ept>
 <ph>{1}</ph> &amp; <hi>cela</hi></seg></tuv><tuv xml:lang="de-AT"><seg>Siehe dies</seg></tuv></tu>
<tu><tuv lang="fr"><seg>Rien en anglais</seg></tuv></tu>
<tu srclang="fr"><tuv xml:lang="en"><seg>From French</seg></tuv>
 <tuv xml:lang="fr"><seg>Du français</seg></tuv></tu>
</body></tmx>"""


def test_reads_what_other_programs_write():
    french, austrian = read(OTHER.encode())
    assert french.source == "See <g1>this</g1> <x2/> &amp; that"
    assert french.translation == "Voir <g1>ceci</g1> <x2/> &amp; cela"
    assert (french.lang, french.origin, french.verified) == ("fr", "", False)
    assert french.changed_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (austrian.lang, austrian.translation) == ("de-AT", "Siehe dies")


NO_TMX = (b"", b"no XML", b"<html/>", b"<tmx><body><tu></body></tmx>")
ENCODINGS = (b"no-such", b"utf-7", b"idna", b"undefined", b"rot13", b"cp932")


@pytest.mark.parametrize(
    "data", [*NO_TMX, *(b"<?xml version='1.0' encoding='%b'?><tmx/>" % name for name in ENCODINGS)]
)
def test_says_what_is_no_tmx(data: bytes):
    with pytest.raises(InvalidRequest):
        read(data)


def test_a_text_beyond_all_measure_is_passed_over():
    long = Unit("word " * 10_000, "Wort " * 10_000, "de", origin="m")
    assert read(written(long, UNIT)) == [UNIT]


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_survive(source: str, translation: str):
    from backend.texts.placeholders import escape, protect

    unit = Unit(protect(escape(source)).text, protect(escape(translation)).text, "ja", origin="m")
    back = read(written(unit))
    if unit.source and unit.translation:
        assert [(b.source, b.translation) for b in back] == [(unit.source, unit.translation)]
    else:
        assert back == []

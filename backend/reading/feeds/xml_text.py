"""XML from the standard library's elements, without the characters that XML 1.0 forbids.

ElementTree writes those without complaint, and then no parser reads the document.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What the production Char of XML 1.0 (section 2.2) leaves out, halves of surrogate pairs among it."""


def allowed(text: str) -> str:
    """The text without what XML 1.0 forbids; JSON cannot carry halves of surrogate pairs either."""
    return _FORBIDDEN.sub("", text)


def child(
    parent: ET.Element, name: str, text: str | None = None, /, **attributes: str
) -> ET.Element:
    """A new element at the end of another."""
    element = ET.SubElement(
        parent, name, {key: allowed(value) for key, value in attributes.items()}
    )
    element.text = None if text is None else allowed(text)
    return element


def document(root: ET.Element) -> bytes:
    """The document in UTF-8."""
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written

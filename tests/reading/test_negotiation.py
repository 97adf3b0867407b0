"""From a browser's languages to one of ours."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from backend.reading.negotiation import preferred

CASES = [
    ("", "en"),
    ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh-Hant"),
    ("zh-HK", "zh-Hant"),
    ("zh-MO", "zh-Hant"),
    ("zh-CN,zh;q=0.9", "zh-Hans"),
    ("zh-SG", "zh-Hans"),
    ("zh", "zh-Hans"),
    ("zh-Hant-CN", "zh-Hant"),
    ("nb-NO,nb;q=0.9,no;q=0.8", "nb"),
    ("no", "nb"),
    ("pt-PT,pt;q=0.8", "pt-PT"),
    ("pt-AO", "pt-PT"),
    ("pt-BR", "pt-BR"),
    ("pt", "pt-BR"),
    ("es-419,es;q=0.9", "es"),
    ("en-GB,en;q=0.9,de;q=0.8", "en"),
    ("de;q=0.5,ja;q=0.9", "ja"),
    ("ja;q=0,de;q=0.1", "de"),
    ("gd, cy;q=0.9, fr;q=0.3", "fr"),
    ("gd, cy", "en"),
    ("*", "en"),
    ("*;q=0.5, ko;q=0.1", "ko"),
    ("iw", "he"),
    ("ZH-hant", "zh-Hant"),
    ("<script>,de", "de"),
    (";;q=,,=;q=x, \x00", "en"),
    ("xx," * 30 + "ja", "en"),
]


@pytest.mark.parametrize(("accepted", "tag"), CASES)
def test_the_first_of_ours(accepted: str, tag: str):
    assert preferred(accepted).tag == tag


def test_the_root_leads_there(client: FlaskClient):
    response = client.get("/", headers={"Accept-Language": "zh-HK,en;q=0.5"})
    assert response.status_code == 303
    assert response.headers["Location"] == "/zh-Hant/latest"
    assert "Accept-Language" in response.headers.getlist("Vary")
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/zh-tw/latest", "/zh-Hant/latest"),
        ("/zh/2023-06-06", "/zh-Hans/2023-06-06"),
        ("/JA/days?before=2023-06-06", "/ja/days?before=2023-06-06"),
        ("/pt/saved", "/pt-BR/saved"),
        ("/zh_TW/papers/hep-th/9901001", "/zh-Hant/papers/hep-th/9901001"),
        ("/zh-tw/a%0d%0aSet-Cookie:x=1", "/zh-Hant/a%0D%0ASet-Cookie%3Ax%3D1"),
    ],
)
def test_a_tag_in_another_spelling_leads_to_ours(client: FlaskClient, address: str, to: str):
    response = client.get(address)
    assert response.status_code == 308
    assert response.headers["Location"] == to

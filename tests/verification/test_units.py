"""A number keeps its unit and its currency, however a language writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend import languages
from backend.verification.units import compare
from backend.verification.verify import check

# Source, language, faithful, another unit.
UNITS = [
    ("It needs 40 GB.", "de", "Er braucht 40 GB.", "Er braucht 40 MB."),
    ("It needs 40GB.", "fr", "Il faut 40 Go.", "Il faut 40 Mo."),
    ("It needs 40 GB.", "ru", "Нужно 40 ГБ.", "Нужно 40 МБ."),
    ("It needs 40 GB.", "zh-Hans", "需要40吉字节。", "需要40兆字节。"),
    ("It is 5 km away.", "de", "Es ist 5 km entfernt.", "Es ist 5 m entfernt."),
    ("It is 5 km away.", "zh-Hans", "相距5公里。", "相距5米。"),
    ("It is 5 km away.", "ja", "5キロメートル離れている。", "5メートル離れている。"),
    ("It is five kilometers away.", "hi", "यह 5 किलोमीटर दूर है।", "यह 5 मीटर दूर है।"),
    ("It is five kilometers away.", "zh-Hans", "相距五公里。", "相距五米。"),
    ("A tip of 10 nm.", "ar", "رأس بحجم 10 نانومتر.", "رأس بحجم 10 مليمتر."),
    ("It takes 20 ms.", "ru", "Это занимает 20 мс.", "Это занимает 20 с."),
    ("It takes 20 ms.", "ko", "20밀리초가 걸린다.", "20초가 걸린다."),
    ("It takes 20 ms.", "zh-Hans", "耗时20毫秒。", "耗时20秒。"),
    ("It takes 30 minutes.", "ja", "30分かかる。", "30秒かかる。"),
    ("A 5-hour run.", "ru", "Прогон длиной 5 часов.", "Прогон длиной 5 дней."),
    ("It ran for two weeks.", "de", "Es lief zwei Wochen.", "Es lief zwei Monate."),
    ("A 3-month study.", "ko", "3개월간의 연구.", "3년간의 연구."),
    ("A beam of 20 GeV.", "ru", "Пучок 20 ГэВ.", "Пучок 20 МэВ."),
    ("A wind of 300 km/s.", "de", "Ein Wind von 300 km/s.", "Ein Wind von 300 km/h."),
    ("An area of 5 km2.", "de", "Eine Fläche von 5 km².", "Eine Länge von 5 km."),
    ("At 300 K it melts.", "fr", "À 300 K, il fond.", "À 300 °C, il fond."),
    ("Links of 10 Gbps.", "de", "Leitungen mit 10 Gbit/s.", "Leitungen mit 10 Mbit/s."),
    ("A file of 16 bits.", "fr", "Un fichier de 16 bits.", "Un fichier de 16 octets."),
    ("It costs $5 million.", "de", "Es kostet 5 Millionen Dollar.", "Es kostet 5 Millionen Euro."),
    ("It costs $5 million.", "zh-Hans", "耗资500万美元。", "耗资500万欧元。"),
    ("It costs $5.", "es", "Cuesta 5 dólares.", "Cuesta 5 €."),
    ("It costs €5.", "fr", "Cela coûte 5 €.", "Cela coûte 5 $."),
    ("It costs £20.", "ja", "20ポンドかかる。", "20ドルかかる。"),
    ("It used 1.1 MWh.", "ar", "استهلك 1.1 ميغاواط ساعة.", "استهلك 1.1 ميغاواط."),
    ("It grew 6 micrometres.", "ar", "نما 6 ميكرومترات.", "نما 6 مليمترات."),
    ("It carries 4 millijoules.", "fr", "Il porte 4 mJ.", "Il porte 4 mégajoules."),
    ("It carries 4 millijoules.", "ja", "4ミリジュールを運ぶ。", "4メガジュールを運ぶ。"),
    ("It carries 4 millijoules.", "ru", "Он несёт 4 мДж.", "Он несёт 4 мегаджоуля."),
    ("It lasts 35 femtoseconds.", "pt", "Dura 35 femtossegundos.", "Dura 35 microssegundos."),
    ("It lasts 35 femtoseconds.", "ko", "35펨토초 지속된다.", "35나노초 지속된다."),
    ("It lasts 35 femtoseconds.", "fa", "۳۵ فمتوثانیه طول می‌کشد.", "۳۵ نانوثانیه طول می‌کشد."),
    ("It weighs 15 micrograms.", "uk", "Важить 15 мкг.", "Важить 15 міліграмів."),
    ("It weighs 15 micrograms.", "zh-Hans", "重15微克。", "重15毫克。"),
    ("It weighs 15 micrograms.", "vi", "Nặng 15 micrôgam.", "Nặng 15 miligam."),
    ("It weighs 15 micrograms.", "hi", "वज़न 15 माइक्रोग्राम है।", "वज़न 15 मिलीग्राम है।"),
    ("It needs 5 kilowatts.", "tr", "5 kilovat gerekir.", "5 megavat gerekir."),
    ("It needs 5 kilovolts.", "es", "Requiere 5 kV.", "Requiere 5 milivoltios."),
    ("It is 3 millimetres.", "it", "È di 3 millimetri.", "È di 3 micrometri."),
    ("It is 3 millimetres.", "de", "Es sind 3 Millimeter.", "Es sind 3 Mikrometer."),
    ("At 15 mg per hour.", "tr", "Saatte 15 mg.", "Dakikada 15 mg."),
    ("At 15 mg per hour.", "uk", "15 мг на годину.", "15 мг на хвилину."),
    ("At 15 mg per hour.", "de", "15 mg pro Stunde.", "15 mg pro Minute."),
    ("At 15 mg per hour.", "ja", "1時間あたり15 mg。", "1分あたり15 mg。"),
    ("At 15 mg per hour.", "ko", "시간당 15 mg.", "분당 15 mg."),
    ("It grew 6 µm per day.", "hi", "यह प्रति दिन 6 µm बढ़ा।", "यह प्रति घंटे 6 µm बढ़ा।"),
    ("It grew 6 µm per day.", "zh-Hans", "每天生长6微米。", "每小时生长6微米。"),
    ("It grew 6 µm per day.", "ru", "Рост 6 мкм в сутки.", "Рост 6 мкм в час."),
    ("It grew 6 µm per day.", "ar", "نما 6 µm في اليوم.", "نما 6 µm في الساعة."),
    ("It grew 6 µm per day.", "fa", "۶ µm در روز رشد کرد.", "۶ µm در ساعت رشد کرد."),
    ("It grew 6 µm per day.", "vi", "Tăng 6 µm mỗi ngày.", "Tăng 6 µm mỗi giờ."),
    ("It grew 6 µm per day.", "fr", "Il croît de 6 µm par jour.", "Il croît de 6 µm par an."),
    ("It grew 6 µm per day.", "es", "Creció 6 µm por día.", "Creció 6 µm por hora."),
    ("It grew 6 µm per day.", "pt", "Cresceu 6 µm por dia.", "Cresceu 6 µm por hora."),
    (
        "It grew 6 µm per day.",
        "it",
        "È cresciuto di 6 µm al giorno.",
        "È cresciuto di 6 µm all'ora.",
    ),
]


_ROWS = Path(__file__).with_name("unit_names.tsv").read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize(("source", "tag", "faithful", "damaged"), UNITS)
def test_a_unit_is_compared_like_its_number(
    source: str, tag: str, faithful: str, damaged: str
) -> None:
    assert not compare(source, faithful, language=tag)
    [issue] = compare(source, damaged, language=tag)
    assert issue.name == "number"
    verdict = check(source, damaged, language=languages.find(tag))
    assert "number" in {issue.name for issue in verdict.issues}


@pytest.mark.parametrize(
    ("source", "translation", "tag"),
    [
        ("In the 1990s it grew.", "1990年代它增长了。", "zh-Hans"),
        ("People in their 20s.", "20岁左右的人。", "zh-Hans"),
        ("On May 5 it ran 5 km.", "5月5日运行了5公里。", "zh-Hans"),
        ("A 16-bit sum of 10 km and a tenth.", "10公里的16位和，以及10分之一。", "zh-Hans"),
        ("A 4 GB card and 4 cards.", "Eine Karte mit 4 GB und 4 MB-Karten.", "de"),
        ("It weighs 10 pounds.", "重10磅。", "zh-Hans"),
        ("It costs 10 pounds.", "花费10英镑。", "zh-Hans"),
        ("Turned by 90 degrees.", "Повёрнуто на 90 градусов.", "ru"),
        ("It uses 5-10 km cells.", "Es nutzt Zellen von 5 km bis 10 km.", "de"),
        ("It fell 2 cm per week.", "Es sank um 2 cm/Woche, also täglich.", "de"),
        ("At 60 km per hour.", "60 km/h, 1 km pro Minute.", "de"),
        ("A daily 6 mg, 2 mg per hour.", "6 mg am Tag, 2 mg.", "de"),
        ("It covers 5 µm².", "Copre 5 micrometri quadrati.", "it"),
        ("It used 1.1 MWh.", "用了 1.1 兆瓦时。", "zh-Hans"),
        ("It used 5 kWh.", "Consumiu 5 quilowatts-hora.", "pt"),
        ("It took 12 parsnips.", "Es brauchte 12 Pastinaken.", "de"),
    ],
)
def test_what_is_unknown_or_ambiguous_is_let_be(source: str, translation: str, tag: str) -> None:
    assert not compare(source, translation, language=tag)


@pytest.mark.parametrize(
    ("tag", "faithful", "damaged"),
    [
        ("tr", "Dokuz el yazmasından ikisi anar.", "Dokuz el yazmasından beşi anar."),
        ("uk", "Це згадують два з дев'яти рукописів.", "Це згадують чотири з дев'яти рукописів."),
        ("vi", "Hai trong số chín bản thảo nhắc đến.", "Bảy trong số chín bản thảo nhắc đến."),
        ("ar", "تذكره مخطوطتان من تسع مخطوطات.", "تذكره أربع من تسع مخطوطات."),
        ("ru", "Две из девяти рукописей.", "Четыре из девяти рукописей."),
        ("it", "Due dei nove manoscritti.", "Quattro dei nove manoscritti."),
    ],
)
def test_two_in_words_is_no_other_cardinal(tag: str, faithful: str, damaged: str) -> None:
    source = "Two of the nine manuscripts mention it."
    language = languages.find(tag)
    assert "number" not in {i.name for i in check(source, faithful, language=language).issues}
    assert "number" in {i.name for i in check(source, damaged, language=language).issues}


@pytest.mark.parametrize(
    ("tag", "source", "faithful", "damaged"), [row.split("\t") for row in _ROWS]
)
def test_units_by_name_may_be_converted_but_not_exchanged(
    tag: str, source: str, faithful: str, damaged: str
) -> None:
    language = languages.find(tag)
    assert "number" not in {i.name for i in check(source, faithful, language=language).issues}
    assert "number" in {i.name for i in check(source, damaged, language=language).issues}

"""A number said otherwise is a translation; another number said so is none."""

from __future__ import annotations

import pytest

from backend import languages
from backend.verification.verify import check

HALF_AN_HOUR = "The battery lasts 30 minutes."
LONG_STUDY = "Over 18 months we observed the patients."
PANELS = "As shown in Fig. 3b and Table 2a, the error falls."
ENDANGERED = "Some 40% of them are endangered."
FIFTH = (
    "Roughly half of this decline is due to cheaper goods; a further fifth is due to concentration."
)

# Source, language, {faithful|damaged}.
SAID_OTHERWISE = [
    (HALF_AN_HOUR, "de", "Der Akku hält eine {halbe Stunde|Viertelstunde}."),
    (HALF_AN_HOUR, "it", "La batteria dura {mezz'ora|un'ora}."),
    (HALF_AN_HOUR, "es", "La batería dura {media hora|una hora}."),
    (HALF_AN_HOUR, "ru", "Аккумулятор работает {полчаса|сутки}."),
    (HALF_AN_HOUR, "tr", "Pil {yarım saat|bir saat} dayanır."),
    (HALF_AN_HOUR, "ar", "تدوم البطارية {نصف ساعة|ساعة}."),
    (HALF_AN_HOUR, "zh-Hans", "电池可使用{半小时|一小时}。"),
    (HALF_AN_HOUR, "ko", "이 배터리는 {반시간|한 시간} 동안 작동한다."),
    (LONG_STUDY, "de", "Über {anderthalb Jahre|zweieinhalb Jahre} beobachteten wir die Patienten."),
    (LONG_STUDY, "de", "Über {1,5 Jahre|1,5 Monate} beobachteten wir die Patienten."),
    (
        LONG_STUDY,
        "fr",
        "Pendant {un an et demi|deux ans et demi}, nous avons observé les patients.",
    ),
    (LONG_STUDY, "uk", "Упродовж {півтора року|двох років} ми спостерігали за пацієнтами."),
    (LONG_STUDY, "vi", "Trong {một năm rưỡi|hai năm rưỡi}, chúng tôi theo dõi bệnh nhân."),
    (LONG_STUDY, "ja", "我々は{1年半|2年半}にわたり患者を観察した。"),
    (LONG_STUDY, "hi", "{डेढ़ वर्ष|ढाई वर्ष} तक हमने मरीज़ों का अवलोकन किया।"),
    ("The effect lasted 24 hours.", "de", "Die Wirkung hielt einen {Tag|Monat} lang an."),
    (PANELS, "ru", "Как показано на рис. 3{б|г} и в табл. 2а, ошибка уменьшается."),
    (PANELS, "uk", "Як показано на рис. 3б і в табл. {2|4}а, похибка зменшується."),
    (PANELS, "el", "Όπως φαίνεται στο Σχ. 3{β|δ} και στον Πίνακα 2α, το σφάλμα μειώνεται."),
    (
        "The second eigenvalue vanishes on flat manifolds.",
        "ja",
        "平坦な多様体上では第2固有値は{0|4}となる。",
    ),
    ("Both terms vanish on the boundary.", "de", "Beide Terme sind am Rand gleich {0|7}."),
    (
        FIFTH,
        "ja",
        "この低下のおよそ半分は安価な財に起因し、さらに{5|6}分の1は集中によるものである。",
    ),
    (FIFTH, "ko", "이 하락의 약 절반만이 값싼 재화 때문이며, 추가로 {5|6}분의 1은 집중 때문이다."),
    (ENDANGERED, "fr", "{Quarante pour cent|Une quarantaine} d'entre elles sont en danger."),
    (ENDANGERED, "es", "{El cuarenta por ciento|Una cuarentena} de ellas corre peligro."),
    (ENDANGERED, "it", "{Il quaranta per cento|Una quarantina} di esse è in pericolo."),
    (ENDANGERED, "pt-BR", "Cerca de quarenta{ por cento|} delas estão em perigo."),
    (ENDANGERED, "de", "Etwa vierzig{ Prozent|} von ihnen sind bedroht."),
    (ENDANGERED, "ru", "Около сорока{ процентов|} из них под угрозой."),
    (ENDANGERED, "tr", "Yaklaşık {yüzde kırkı|kırk tanesi} tehlike altında."),
    (
        "About 25% of the votes were void.",
        "de",
        "Etwa {ein Viertel|fünfundzwanzig} der Stimmen war ungültig.",
    ),
    ("The error fell by a factor of five.", "ar", "انخفض الخطأ إلى {الخُمس|السُدس}."),
    (
        "Few read letters of the 19th century.",
        "fa",
        "نامه‌های قرن {نوزدهم|هجدهم} را افراد اندکی خواندند.",
    ),
    (
        "It fell from 1,450 to 870 ppm in a day.",
        "fr",
        "Elle est passée de 1 450 à {870|880} ppm en un jour.",
    ),
    ("The hand exerts a force of 45 N.", "it", "La mano esercita una forza di 45 {N|kN}."),
    ("A current of 5 mA flows through the wire.", "ru", "По проводу течёт ток 5 {мА|А}."),
    ("It moves at a speed of 30 km/h.", "tr", "Saatte 30 {km|mil} hızla hareket eder."),
    ("We planted 40 ha of forest.", "de", "Wir haben 40 {Hektar|Acre} Wald gepflanzt."),
]


@pytest.mark.parametrize(("source", "tag", "both"), SAID_OTHERWISE)
def test_a_number_may_be_said_otherwise_and_no_other(source: str, tag: str, both: str) -> None:
    before, rest = both.split("{")
    either, behind = rest.split("}")
    faithful, damaged = (before + one + behind for one in either.split("|"))
    language = languages.find(tag)
    found = check(source, faithful, language=language)
    assert found.verified, found.issues
    assert "number" in {issue.name for issue in check(source, damaged, language=language).issues}

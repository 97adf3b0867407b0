"""A text in the reader's language already is known as such, and only where that is sure."""

from __future__ import annotations

import pytest

from backend import languages
from backend.verification.own_language import is_in
from backend.verification.verify import check

from .test_other_languages import pairs as other_pairs
from .test_rates import pairs

ENGLISH = (
    "We train a model with <x1/> layers and compare it with three baselines. The results show that"
    " it is better on all of the tasks."
)
OWN = {
    "fr": "Nous entraînons un modèle à <x2/> couches et le comparons à trois méthodes de référence. Les"
    " résultats montrent qu’il est meilleur sur toutes les tâches.",
    "de": "Wir trainieren ein Modell mit <x2/> Schichten und vergleichen es mit drei Verfahren. Die"
    " Ergebnisse zeigen, dass es bei allen Aufgaben besser ist als die anderen.",
    "es": "Entrenamos un modelo con <x2/> capas y lo comparamos con tres métodos de referencia. Los"
    " resultados muestran que es mejor en todas las tareas que los demás.",
    "pt-BR": "Treinamos um modelo com <x2/> camadas e o comparamos com três métodos de referência. Os"
    " resultados mostram que ele é melhor em todas as tarefas, mas não em uma.",
    "it": "Addestriamo un modello con <x2/> strati e lo confrontiamo con tre metodi di riferimento. I"
    " risultati mostrano che è migliore in tutti i compiti, ma non per questo più lento degli altri.",
    "ru": "Мы обучаем модель с <x2/> слоями и сравниваем её с тремя базовыми методами. Результаты"
    " показывают, что она лучше на всех задачах, и мы публикуем код.",
    "zh-Hans": "我们训练了一个具有<x2/>层的模型，并与三种基线进行比较。结果表明，它在所有任务上都更好。",
    "zh-Hant": "我們訓練了一個具有<x2/>層的模型，並與三種基線進行比較。結果顯示，它在所有任務上都更好。",
    "ja": "<x2/>層のモデルを学習し、三つの手法と比較する。結果は、すべての課題で優れていることを示す。",
    "ko": "우리는 <x2/>층의 모델을 학습하고 세 가지 기준 방법과 비교한다. 결과는 모든 과제에서 더 낫다.",
    "ar": "ندرّب نموذجا من <x2/> طبقات ونقارنه مع ثلاث طرق أخرى. تظهر النتائج أن النموذج أفضل في كل"
    " المهام التي درسناها، كما أنه أسرع من غيره.",
    "tr": "<x2/> katmanlı bir model eğitiyor ve bunu üç yöntem ile karşılaştırıyoruz. Sonuçlar, bu"
    " modelin her görev için daha iyi olduğunu gösteriyor, ancak daha yavaş olduğunu da.",
    "th": "เราฝึกแบบจำลองที่มี <x2/> ชั้นและเปรียบเทียบกับสามวิธี ผลลัพธ์แสดงว่าดีกว่าในทุกงาน",
}


@pytest.mark.parametrize("tag", OWN)
def test_an_abstract_in_the_readers_language_is_known(tag: str) -> None:
    assert is_in(OWN[tag], languages.find(tag))
    others = [one for one in languages.ALL if one.tag[:2] != tag[:2]]
    assert not [one.tag for one in others if is_in(OWN[tag], one)]


def test_the_two_ways_to_write_chinese_are_two() -> None:
    assert not is_in(OWN["zh-Hans"], languages.find("zh-Hant"))
    assert not is_in(OWN["zh-Hant"], languages.find("zh-Hans"))


@pytest.mark.parametrize("tag", OWN)
def test_with_english_in_it_it_is_to_be_translated(tag: str) -> None:
    language = languages.find(tag)
    assert not is_in(ENGLISH, language)
    assert not is_in(f"{ENGLISH} {OWN[tag]}", language)
    assert not is_in(f"{OWN[tag]} {ENGLISH}", language)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Introduction", "fr"),
        ("BERT", "de"),
        ("Transformer et attention", "fr"),
        ("La La Land: A Data Set", "es"),
        ("Die Another Day", "de"),
        ("La Dolce Vita", "it"),
        ("A Study of Les Misérables and of Le Rouge et le Noir", "fr"),
        ("The Zeitgeist of Deep Learning", "de"),
        ("Results for 北京 and 東京", "zh-Hans"),
        ("α-Divergence and β-VAE", "el"),
    ],
)
def test_what_could_be_either_is_sent(text: str, tag: str) -> None:
    assert not is_in(text, languages.find(tag))


def test_no_source_of_the_tables_is_taken_for_a_translation() -> None:
    taken = [
        pair.source
        for pair in (*pairs("correct"), *other_pairs("correct"))
        if pair.tag != "en" and is_in(pair.source, languages.find(pair.tag))
    ]
    assert not taken


@pytest.mark.parametrize("tag", ["fr", "de", "es", "zh-Hans", "ja", "ko", "ru"])
def test_a_bilingual_abstract_may_be_said_once(tag: str) -> None:
    language = languages.find(tag)
    own = OWN[tag]
    translated = own.replace("<x2/>", "<x1/>")
    for source in (f"{ENGLISH} {own}", f"{own} {ENGLISH}"):
        assert check(source, own, language=language).verified
        assert check(source, translated, language=language).verified
        cut = translated.replace("<x1/>", "")
        assert not check(source, cut, language=language).verified
        assert not check(source, own[: len(own) // 2], language=language).verified
        assert not check(source, ENGLISH, language=language).verified

"""Whether a translation uses a term, in whatever form its grammar asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import backend
from backend.terminology.glossary import Term, Termbase, missing, occurring

SAMPLE = Path(backend.__file__).parent / "papers" / "sample_edition"


def entry(source: str, language: str) -> Term:
    """A built-in term by its headword."""
    (term,) = [t for t in Termbase.for_language(language).terms if t.source == source]
    return term


USED = [
    ("zh-Hans", "fine-tuning", "我们对模型进行了微调。"),
    ("zh-Hans", "fine-tuning", "经过精调的模型"),
    ("zh-Hans", "fine-tuning", "经过<g1>微</g1>调的模型"),
    ("zh-Hans", "KV cache", "键值（KV）缓存"),
    ("zh-Hans", "token", "每个 token 的代价"),
    ("zh-Hans", "token", "每个tokens的代价"),
    ("zh-Hans", "visual token", "视觉token数量"),
    ("zh-Hans", "Transformer", "基于transformer的模型"),
    ("zh-Hans", "RAG", "RAG系统"),
    ("zh-Hans", "multimodal large language model", "多模态LLM"),
    ("zh-Hant", "fine-tuning", "對大型語言模型進行微調"),
    ("zh-Hant", "dataset", "新的資料集"),
    ("ja", "encoder", "エンコーダー"),
    ("ja", "encoder", "エンコーダを学習する"),
    ("ja", "tokenizer", "トークナイザーの語彙"),
    ("ja", "embedding", "単語を埋め込んだ空間"),
    ("ja", "embedding", "埋込みベクトル"),
    ("ja", "hyperparameter", "ハイパー・パラメータ"),
    ("ja", "fine-tuning", "ﾌｧｲﾝﾁｭｰﾆﾝｸﾞした"),
    ("ja", "in-context learning", "文脈内学習により"),
    ("ko", "fine-tuning", "모델을 미세조정하였다"),
    ("ko", "fine-tuning", "미세 조정된 모델은"),
    ("ko", "token", "토큰을 입력으로"),
    ("ko", "large language model", "대규모 언어모델은"),
    ("ko", "LLM", "LLM은 강력하다"),
    ("ko", "few-shot", "퓨샷에서도"),
    ("es", "neural network", "las redes neuronales profundas"),
    ("es", "neural network", "dos redes convolucionales neuronales"),
    ("es", "large language model", "los grandes modelos de lenguaje"),
    ("es", "fine-tuning", "los modelos ajustados finamente"),
    ("es", "pre-training", "redes preentrenadas"),
    ("es", "pre-training", "modelos pre-entrenados"),
    ("es", "convolution", "las convoluciones"),
    ("es", "token", "los tokens"),
    ("es", "AI", "La IA."),
    ("es", "autoregressive", "una arquitectura autorregresiva"),
    ("es", "self-supervised", "métodos autosupervisados"),
    ("es", "fine-tuning", "lo ajustan con datos privados"),
    ("es", "hallucination", "a veces alucina"),
    ("fr", "autoregressive", "une architecture autorégressive"),
    ("fr", "sparse attention", "des motifs d’attention parcimonieux"),
    ("fr", "neural network", "des réseaux de neurones"),
    ("fr", "neural network", "les réseaux neuronaux"),
    ("fr", "pre-training", "modèles préentraînés"),
    ("fr", "pre-training", "une fois pré-entraînées"),
    ("fr", "attention mechanism", "les mécanismes d’attention"),
    ("fr", "language model", "des modèles pré-entraînés de langage"),
    ("fr", "state of the art", "l'état de l'art"),
    ("fr", "self-supervised", "de manière auto-supervisée"),
    ("fr", "fine-tuning", "un modèle affiné"),
    ("fr", "spatiotemporal", "des cohérences spatio-temporelles"),
    ("de", "fine-tuning", "nach der Feinabstimmung"),
    ("de", "fine-tuning", "Feinabstimmungs- und Testphase"),
    ("de", "fine-tuning", "ein feinabgestimmtes Modell"),
    ("de", "fine-tuning", "durch Fine-Tuning"),
    ("de", "dataset", "in mehreren Datensätzen"),
    ("de", "language model", "Großsprachmodelle"),
    ("de", "large language model", "mit großen Sprachmodellen"),
    ("de", "neural network", "in neuronalen Netzen"),
    ("de", "neural network", "eines neuronalen Netzwerks"),
    ("de", "agent", "KI-Agenten"),
    ("de", "tokenizer", "des Tokenizers"),
    ("de", "AI", "KI-gestützte Verfahren"),
    ("de", "decision tree", "mit Entscheidungsbäumen"),
    ("de", "attention", "der Aufmerksamkeitsverteilung"),
]

UNUSED = [
    ("zh-Hans", "token", "每个代币的代价"),
    ("zh-Hans", "fine-tuning", "fine-tuning 之后"),
    ("zh-Hans", "RL", "使用 RLHF 的模型"),
    ("zh-Hans", "token", "使用 tokenization 的模型"),
    ("zh-Hans", "attention", ""),
    ("zh-Hant", "dataset", "新的文件"),
    ("ja", "token", "通貨"),
    ("ja", "fine-tuning", "調律"),
    ("ko", "token", "증표"),
    ("ko", "reward", "처벌"),
    ("es", "AI", "las ideas iniciales"),
    ("es", "neural network", "redes sociales"),
    ("es", "neural network", "redes de una gran variedad, sobre todo neuronales"),
    ("es", "loss function", "la pérdida de la función"),
    ("fr", "neural network", "les neurones du réseau"),
    ("fr", "fine-grained", "une finalité définie"),
    ("fr", "ground truth", "la vérité"),
    ("de", "AI", "ein Kind im Kino"),
    ("de", "decision tree", "Entscheidung im Baum"),
    ("de", "neural network", "ein soziales Netz"),
    ("de", "retriever", "ein Suchhund"),
]


@pytest.mark.parametrize(("language", "source", "translation"), USED)
def test_sees_that_a_term_was_used(language: str, source: str, translation: str) -> None:
    assert missing([entry(source, language)], translation, language=language) == []


@pytest.mark.parametrize(("language", "source", "translation"), UNUSED)
def test_sees_that_a_term_was_not_used(language: str, source: str, translation: str) -> None:
    term = entry(source, language)
    assert missing([term], translation, language=language) == [term]


@pytest.mark.parametrize(
    ("language", "target", "translation"),
    [
        ("ru", "большая языковая модель", "большие языковые модели"),
        ("ru", "обучение", "в обучении"),
        ("uk", "нейронна мережа", "нейронних мереж"),
        ("pl", "sieć neuronowa", "sieci neuronowych"),
        ("pt-BR", "rede neural", "redes neurais"),
        ("it", "rete neurale", "le reti neurali"),
        ("nl", "taalmodel", "grote-taalmodellen"),
        ("sv", "språkmodell", "språkmodellerna"),
        ("tr", "dil modeli", "dil modellerinin"),
        ("fi", "kielimalli", "kielimallien"),
        ("hu", "neurális hálózat", "neurális hálózatokban"),
        ("ar", "نموذج", "والنموذج اللغوي"),
        ("he", "מודל", "והמודלים"),
        ("fa", "مدل زبانی", "مدل‌های زبانی"),
        ("hi", "भाषा मॉडल", "बड़े भाषा मॉडलों में"),
        ("th", "แบบจำลองภาษา", "เราใช้แบบจำลองภาษาขนาดใหญ่"),
        ("vi", "mô hình ngôn ngữ", "các mô hình ngôn ngữ lớn"),
        ("el", "νευρωνικό δίκτυο", "νευρωνικά δίκτυα"),
    ],
)
def test_a_clients_target_is_seen_inflected_in_any_language(
    language: str, target: str, translation: str
) -> None:
    term = Term("source", target)
    assert missing([term], translation, language=language) == []
    assert missing([term], "12 <x1/> XYZ", language=language) == [term]


@pytest.mark.parametrize("language", ["de", "fr", "ru", "hi"])
def test_a_target_of_nothing_but_marks_asks_for_nothing(language: str) -> None:
    assert missing([Term("source", "\u0301")], "12 <x1/> XYZ", language=language) == []


@pytest.mark.parametrize("language", ["zh-Hans", "ja", "ko", "es", "fr", "de"])
def test_good_translations_are_seen_to_use_their_terms_and_no_others(language: str) -> None:
    """Over the sample edition: few false alarms, and the next paper's translation uses few of them."""
    papers = json.loads((SAMPLE / "edition.json").read_text("utf-8"))["papers"]
    translated = json.loads((SAMPLE / f"{language}.json").read_text("utf-8"))["papers"]
    own, own_missing, other, other_missing = 0, 0, 0, 0
    for paper, following in zip(papers, [*papers[1:], papers[0]], strict=True):
        terms = occurring(paper["abstract"], language=language)
        own += len(terms)
        own_missing += len(missing(terms, translated[paper["id"]]["abstract"], language=language))
        shared = occurring(following["abstract"], language=language)
        foreign = [term for term in terms if term not in shared]
        other += len(foreign)
        other_missing += len(
            missing(foreign, translated[following["id"]]["abstract"], language=language)
        )
    assert own > 40
    assert own_missing <= 0.04 * own
    assert other_missing >= 0.85 * other

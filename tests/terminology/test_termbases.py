"""The built-in terms as data: whole, in the right script, and found by the code that uses them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from backend.languages import ALL
from backend.terminology import glossary
from backend.terminology.glossary import Term, Termbase, missing, occurring
from backend.terminology.term_index import MAX_WORDS, is_abbreviation, key_of, spellings, words_of

FOLDER = Path(glossary.__file__).parent / "termbases"
LEAST = {"zh-Hans": 180, "zh-Hant": 100, "ja": 180, "ko": 180, "es": 120, "fr": 120, "de": 120}
LANGUAGES = sorted(LEAST)

SCRIPTS = {
    "zh-Hans": re.compile(r"[一-鿿]"),
    "zh-Hant": re.compile(r"[一-鿿]"),
    "ja": re.compile(r"[぀-ヿ一-鿿]"),
    "ko": re.compile(r"[가-힣]"),
}


def names(listed: str) -> set[str]:
    return set(listed.split("|"))


# What researchers of that language leave in English, beside abbreviations. A target with no letter
# of its own script, or the same as its source, must be named here.
LEFT_IN_ENGLISH = {
    "zh-Hans": {"LLM-as-a-judge", "Transformer", "dropout", "rollout", "token"},
    "zh-Hant": {"LLM-as-a-judge", "Transformer", "dropout", "epoch", "rollout", "token"},
    "ja": names(
        "LLM-as-a-judge|Transformer|Vision Transformer|image-to-video|sim-to-real|text-to-image"
        "|text-to-video"
    ),
    "ko": {"LLM-as-a-judge", "coarse-to-fine", "sim-to-real"},
    "es": names(
        "Transformer|Vision Transformer|benchmark|corpus|crowdsourcing|dropout|embedding|few-shot"
        "|flow matching|jailbreak|multimodal|plug-and-play|prompt|prompting|reward hacking|rollout"
        "|token|zero-shot"
    ),
    "fr": names(
        "Transformer|Vision Transformer|ablation|agent|annotation|attention|backbone|benchmark"
        "|convolution|corpus|crowdsourcing|distillation|dropout|few-shot|flow matching|hallucination"
        "|jailbreak|multimodal|open-source|prompt|prompting|reward hacking|rollout|token|zero-shot"
    ),
    "de": names(
        "KV cache|LLM-as-a-judge|Transformer|Vision Transformer|ablation|adapter|agent|alignment"
        "|annotation|attention|attention head|attention map|autoencoder|backbone|backpropagation"
        "|baseline|benchmark|bounding box|chain-of-thought|checkpoint|classifier-free guidance"
        "|clustering|computer vision|convolutional neural network|cross-attention|crowdsourcing"
        "|decoder|deep learning|differential privacy|diffusion transformer|dropout|early stopping"
        "|embedding|encoder|fairness|few-shot|flow matching|generative adversarial network"
        "|graph neural network|ground truth|hyperparameter|in-context learning|information retrieval"
        "|instruction tuning|jailbreak|mini-batch|mixture of experts|multi-head attention|multi-turn"
        "|multimodal|neural radiance field|plug-and-play|policy|policy gradient|post-training"
        "|prompt|prompt engineering|prompt injection|prompting|pruning|pseudo-label|random forest"
        "|reasoning trace|reranking|retrieval|retrieval-augmented generation|retriever|reward hacking"
        "|rollout|self-attention|sim-to-real|sparse attention|super-resolution|support vector machine"
        "|system prompt|token|tokenizer"
        "|variational autoencoder|zero-shot"
    ),
}

# Character pairs of which each script uses only its own.
PAIRS = (
    "个個 们們 来來 对對 时時 会會 这這 为為 学學 习習 网網 资資 讯訊 数數 据據 库庫 训訓 练練 词詞 语語 "
    "视視 觉覺 图圖 识識 别別 机機 层層 维維 优優 节節 点點 边邊 权權 减減 损損 评評 测測 确確 应應 该該 "
    "类類 标標 签籤 释釋 检檢 强強 奖獎 励勵 轨軌 规規 划劃 务務 经經 验驗 证證 实實 际際 环環 统統 计計 "
    "处處 变變 换換 转轉 编編 码碼 输輸 产產 过過 拟擬 围圍 写寫 达達 显顯 导導 缓緩 键鍵 连連 结結 构構 "
    "态態 张張 线線 扩擴 缩縮 杂雜 难難 题題 选選 择擇 双雙 单單 动動 压壓 颗顆 项項 关關 联聯 独獨 领領 "
    "运運 响響 声聲 险險 护護 总總 续續 积積 异異 隐隱 随隨 协協 归歸 残殘 嵌嵌 随隨 决決 策策 树樹 间間"
)
SIMPLIFIED_ONLY = {pair[0] for pair in PAIRS.split() if pair[0] != pair[1]}
TRADITIONAL_ONLY = {pair[1] for pair in PAIRS.split() if pair[0] != pair[1]}
# Of these the Japanese standard forms are neither, or the traditional ones.
NOT_JAPANESE = SIMPLIFIED_ONLY - set("来会学数点写双据独残随声处别库图") | set("图处别库")


def forms(term: Term) -> tuple[str, ...]:
    return (term.target, *term.accepted)


def terms(tag: str) -> tuple[Term, ...]:
    return Termbase.for_language(tag).terms


@pytest.mark.parametrize("tag", LANGUAGES)
def test_has_enough_entries(tag: str) -> None:
    assert len(terms(tag)) >= LEAST[tag]


def test_every_file_belongs_to_a_language() -> None:
    tags = {file.stem for file in FOLDER.glob("*.tsv")} - {"english-forms"}
    assert tags == set(LANGUAGES)
    assert tags <= {language.tag for language in ALL}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_names_each_source_once(tag: str) -> None:
    """Nor may two entries share a spelling: the later one would never be found."""
    counts = Counter(key_of(term.source) for term in terms(tag))
    assert [key for key, count in counts.items() if count > 1] == []
    owners: dict[str, str] = {}
    for term in terms(tag):
        for form in {key_of(spelling) for spelling in spellings(term.source)}:
            # RAG and rag may both be there; an abbreviation is never another entry's word.
            assert owners.setdefault(form, term.source) == term.source


def test_english_forms_belong_to_one_headword() -> None:
    english = glossary._english()
    headwords = {term.source for tag in LANGUAGES for term in terms(tag)}
    assert set(english) <= headwords
    owners = {key_of(headword): headword for headword in headwords}
    for headword, (further, _) in english.items():
        for form in further:
            assert owners.setdefault(key_of(form), headword) == headword


@pytest.mark.parametrize("tag", LANGUAGES)
def test_entries_are_whole(tag: str) -> None:
    for term in terms(tag):
        assert len(words_of(term.source).folded) <= MAX_WORDS
        assert term.source == term.source.strip()
        assert all(form and form == form.strip() for form in forms(term)), term
        assert all("|" not in form and "\t" not in form for form in forms(term)), term
        assert len({form.casefold() for form in forms(term)}) == len(forms(term)), term


def test_languages_spell_their_sources_alike() -> None:
    chinese = {term.source for term in terms("zh-Hans")}
    for tag in LANGUAGES:
        assert {term.source for term in terms(tag)} - chinese <= {"NLP"}


@pytest.mark.parametrize("tag", sorted(SCRIPTS))
def test_targets_are_in_the_languages_script(tag: str) -> None:
    left = {
        term.source
        for term in terms(tag)
        if not SCRIPTS[tag].search(term.target) and not is_abbreviation(term.source)
    }
    assert left == LEFT_IN_ENGLISH[tag]


@pytest.mark.parametrize("tag", ["es", "fr", "de"])
def test_targets_equal_to_their_source_are_meant_so(tag: str) -> None:
    left = {
        term.source
        for term in terms(tag)
        if key_of(term.target) == key_of(term.source) and not is_abbreviation(term.source)
    }
    assert left == LEFT_IN_ENGLISH[tag]


@pytest.mark.parametrize(
    ("tag", "foreign"),
    [("zh-Hans", TRADITIONAL_ONLY), ("zh-Hant", SIMPLIFIED_ONLY), ("ja", NOT_JAPANESE)],
)
def test_no_character_of_another_orthography(tag: str, foreign: set[str]) -> None:
    strays = [form for term in terms(tag) for form in forms(term) if set(form) & foreign]
    assert strays == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_each_entry_is_found_by_its_source(tag: str) -> None:
    """Beside a word that tells of AI, and in a sentence of its own so that no longer term hides it."""
    for term in terms(tag):
        found = occurring(f"Neural networks. We study {term.source}. End.", language=tag)
        assert term in found


@pytest.mark.parametrize("tag", LANGUAGES)
def test_each_form_counts_as_used(tag: str) -> None:
    for term in terms(tag):
        for form in forms(term):
            assert missing([term], f"«{form}», <x1/> ({form}).", language=tag) == [], form
            assert missing([term], f"<g1>{form}</g1>", language=tag) == [], form


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_form_is_so_short_that_it_is_always_used(tag: str) -> None:
    """A sentence about something else uses no term."""
    elsewhere = {
        "zh-Hans": "昨天下午我们在河边看见两只白色的鸟。",
        "zh-Hant": "昨天下午我們在河邊看見兩隻白色的鳥。",
        "ja": "昨日の午後、川辺で白い鳥を二羽見かけました。",
        "ko": "어제 오후에 우리는 강가에서 하얀 새 두 마리를 보았다.",
        "es": "Ayer por la tarde vimos dos pájaros blancos junto al río, y luego llovió mucho.",
        "fr": "Hier après-midi, nous avons vu deux oiseaux blancs près du fleuve, puis il a plu.",
        "de": "Gestern Nachmittag sahen wir am Fluss zwei weiße Vögel, und dann regnete es sehr.",
    }
    assert missing(terms(tag), elsewhere[tag], language=tag) == list(terms(tag))

"""Which terms a text contains, the client's above ours, and what that costs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.languages import ALL
from backend.terminology.glossary import Term, Termbase, digest, missing, occurring


def found(text: str, client: tuple[Term, ...] = (), language: str = "zh-Hans") -> set[str]:
    """The sources of the terms that occur."""
    return {term.source for term in occurring(text, language=language, client_terms=client)}


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("We fine-tune neural networks.", {"fine-tuning", "neural network"}),
        ("Fine tuning, FINE-TUNED and finetuned LLMs", {"fine-tuning", "LLM"}),
        ("pretrained and pre-trained encoders", {"pre-training", "encoder"}),
        ("LLMs", {"LLM"}),
        ("an LLM's answer", {"LLM"}),
        ("zero shot and few–shot prompting of LLMs", {"zero-shot", "few-shot", "prompting", "LLM"}),
        ("Ablation studies show …", {"ablation study"}),
        ("two corpora", {"corpus"}),
        ("state-of-the-art and state of the art", {"state of the art"}),
        ("reinforcement learning policies", {"reinforcement learning", "policy"}),
        ("<g1>pre</g1>-training", {"pre-training"}),
        ("chain-of-thoughts", {"chain-of-thought"}),
        ("A <x1/> vision transformer", {"Vision Transformer"}),
        ("question-answering datasets", {"question answering", "dataset"}),
    ],
)
def test_finds_terms_however_they_are_written(text: str, sources: set[str]) -> None:
    assert found(text) == sources


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("attention heads of neural networks", {"attention head", "neural network"}),
        ("self-attention in LLMs", {"self-attention", "LLM"}),
        ("large language models", {"large language model"}),
        ("large language models are language models", {"large language model", "language model"}),
        ("supervised fine-tuning", {"supervised fine-tuning"}),
        ("knowledge distillation", {"knowledge distillation"}),
    ],
)
def test_the_longest_match_hides_what_is_in_it(text: str, sources: set[str]) -> None:
    assert found(text) == sources


@pytest.mark.parametrize(
    "text",
    [
        "a rag and rags",  # RAG is an abbreviation
        "moe, lora, a cot and gans",
        "multimodality, metadatasets? superbenchmarked",  # not whole words
        "neural <x1/> network",  # a formula between the words
        "neural. Network",
        "neural, network",
        "neural\nnetwork",  # two segments
        "&lt;token&gt; x1 g2",
        "",
        "<x1/> <g2></g2>",
    ],
)
def test_finds_nothing_where_no_term_stands(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("The alignment of galaxies and the policy of the survey", set()),
        ("Prompt emission of gamma-ray bursts and their retrieval", set()),
        ("A Very Large Array (VLA) survey, epoch J2000, of galaxy clustering", set()),
        ("A dataset for the alignment of end-to-end optics", {"dataset", "end-to-end"}),
        ("The alignment of language models", {"alignment", "language model"}),
        ("Prompts for LLMs", {"prompt", "LLM"}),
    ],
)
def test_a_word_with_another_sense_counts_only_in_a_text_about_ai(
    text: str, sources: set[str]
) -> None:
    assert found(text) == sources


def test_the_context_may_tell_that_a_title_is_about_ai() -> None:
    title = "Learning Policies for Getting Up"
    about_robots = "We train policies by reinforcement learning."
    assert occurring(title, language="ja") == []
    assert occurring(title, language="ja", context="The policy of a ministry") == []
    (policy,) = occurring(title, language="ja", context=about_robots)
    assert policy.source == "policy"


def test_words_that_models_waver_over_come_first_and_abbreviations_last() -> None:
    text = "LLMs and SOTA: an agent learns image classification from the ground truth"
    sources = [term.source for term in occurring(text, language="zh-Hans")]
    assert sources == ["agent", "ground truth", "image classification", "SOTA", "LLM"]


def test_a_clients_term_comes_first_and_replaces_ours() -> None:
    mine = Term("Tokens", "标记")
    terms = occurring("An LLM reads tokens", language="zh-Hans", client_terms=[mine])
    assert terms[0] is mine
    assert [term.source for term in terms] == ["Tokens", "LLM"]


def test_a_clients_term_is_found_in_the_forms_of_ours() -> None:
    mine = Term("finetuning", "精调")
    assert occurring("fine-tuned LLMs", language="zh-Hans", client_terms=[mine])[0] is mine
    other = Term("fine-tuned", "调过的")
    terms = occurring("a fine-tuned LLM", language="zh-Hans", client_terms=[mine, other])
    assert terms[0] is other


def test_a_longer_term_of_ours_does_not_hide_a_clients() -> None:
    mine = Term("token", "标记")
    terms = occurring("next-token prediction by LLMs", language="zh-Hans", client_terms=[mine])
    assert [term.source for term in terms] == ["token", "LLM"]


def test_a_clients_term_may_stand_alone_and_tell_that_a_text_is_about_ai() -> None:
    assert found("policy", (Term("policy", "方针"),)) == {"policy"}
    assert found("LLMs as agents", (Term("LLM", "LLM"),)) == {"LLM", "agent"}
    assert found("a survey of agents", (Term("survey", "综述"),)) == {"survey"}


@pytest.mark.parametrize(
    ("source", "text", "occurs"),
    [
        ("C++", "written in C++.", True),
        ("C++", "a C compiler", False),
        ("[MASK]", "the [MASK] token", True),
        ("pass@k", "pass@k rates", True),
        ("Bayes' theorem", "by Bayes’ theorem", True),
        ("R²", "an R² of 0.9", True),
        ("GPT-4", "GPT-4 and gpt-4", True),
        ("GPT-4", "gpt-4", False),
        ("F1", "f1", False),
        ("category", "categories", True),
        ("categories", "one category", True),
        ("loss", "losses", True),
        ("LLMs", "one LLM", True),
        ("Erdős–Rényi graph", "Erdős-Rényi graphs", True),
        ("x1", "<x1/>", False),
        ("g2", "<g2>here</g2>", False),
        ("amp", "A &amp; B", False),
        ("A & B", "A &amp; B", True),
        (".*", "anything", False),
        ("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", False),
        ("[", "a [ b", True),
        ("\\", "a \\ b", True),
        ("-", "a - b", False),
        ("", "text", False),
        ("  \n ", "text", False),
        ("word " * 13, "word " * 20, False),  # a sentence is no term
    ],
)
def test_a_clients_term_is_text_and_nothing_else(source: str, text: str, occurs: bool) -> None:
    assert (source in found(text, (Term(source, "目标"),))) is occurs


def test_a_clients_term_without_a_target_is_passed_over() -> None:
    assert found("a token for LLMs", (Term("token", " "),)) == {"token", "LLM"}
    assert missing([Term("token", " ")], "什么都没有", language="zh-Hans") == []


def test_a_language_without_a_termbase_has_the_clients_terms_only() -> None:
    assert Termbase.for_language("ru").terms == ()
    assert found("LLMs read tokens", (Term("token", "токен"),), "ru") == {"token"}
    assert Termbase.for_language("../glossary").terms == ()
    assert Termbase.for_language("english-forms").terms == ()


@pytest.mark.parametrize("language", [language.tag for language in ALL])
def test_every_language_can_be_asked(language: str) -> None:
    client = (Term("token", "tok"),)
    assert client[0] in occurring("LLM tokens", language=language, client_terms=client)
    assert missing(client, "x tok y", language=language) == []
    assert missing(client, "x y", language=language) == [client[0]]


def test_the_digest_changes_with_what_a_client_asks_for() -> None:
    token, agent = Term("token", "词元"), Term("agent", "代理")
    plain = digest([], language="zh-Hans")
    both = digest([token, agent], language="zh-Hans")
    assert len({plain, both, digest([token], language="zh-Hans")}) == 3
    assert digest([agent, token], language="zh-Hans") == both
    assert digest([Term("token", "标记"), agent], language="zh-Hans") != both
    assert digest([token, agent, Term("Token", "标记")], language="zh-Hans") == both
    assert digest([Term("", "x"), Term("x", "")], language="zh-Hans") == plain
    assert digest([Term("RAG", "x")], language="ru") != digest([Term("rag", "x")], language="ru")
    assert digest([Term("a", "b\ud800")], language="ru") != digest([], language="ru")


def test_the_digest_is_the_same_in_every_process() -> None:
    """It is part of stored keys: should this fail, every stored translation is asked for anew."""
    assert digest([Term("token", "токен")], language="ru") == "01c054fece6ce75a"


def calls_of(work: Callable[[], object]) -> int:
    """How many calls, of Python and of C functions, some work makes: its cost, on any machine."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


ABSTRACT = (
    "We fine-tune large language models with reinforcement learning and show that attention heads "
    "specialise. Our agent sets a new state of the art on eleven benchmarks, with an accuracy of 87 %. "
)


def test_the_work_grows_with_the_text_only() -> None:
    """At most ten calls a word, whatever is in the termbase."""
    text = ABSTRACT * 40
    words = len(text.split())
    occurring(ABSTRACT, language="zh-Hans")
    assert calls_of(lambda: occurring(text, language="zh-Hans")) < 10 * words


HOSTILE = {
    "nested quantifiers": ["(a+)+$" * 30 + str(n) for n in range(200)],
    "one letter after another": ["a " * 99 + "b" * (n + 1) for n in range(200)],
    "just short enough": ["a " * 11 + f"b{n}" for n in range(200)],
    "the same words": [f"w{n}" for n in range(200)],
    "long words": ["a" * 199 + chr(97 + n % 26) for n in range(200)],
    "nothing": [""] * 200,
    "marks": ["." * n for n in range(200)],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_glossary_costs_no_more_than_its_size(kind: str) -> None:
    """200 terms of 200 characters, in a text and a translation made to fit them."""
    client = tuple(
        Term(source[:200], target[:200])
        for source, target in zip(HOSTILE[kind], reversed(HOSTILE[kind]), strict=True)
    )
    text = ("a " * 4000)[:4000] + " ".join(f"w{n}" for n in range(200)) + "a" * 3000
    occurring("warm", language="de", client_terms=client)
    assert calls_of(lambda: occurring(text, language="de", client_terms=client)) < 100_000
    for language in ("de", "es", "zh-Hans"):
        # Bounded by the letters of the glossary and the words of the text.
        assert calls_of(partial(missing, client, text, language=language)) < 300_000


PROSE = st.text(st.sampled_from("ab AB.-<>&xg12/;é和ー\n'(s") | st.characters(), max_size=60)


@given(text=PROSE, source=PROSE, target=PROSE, language=st.sampled_from(["zh-Hans", "de", "ja"]))
def test_any_text_and_any_term_are_taken(
    text: str, source: str, target: str, language: str
) -> None:
    client = (Term(source, target),)
    occurring(text, language=language, client_terms=client)
    assert missing(client, target, language=language) == []
    assert missing(client, f"{text} {target} {text}", language=language) == []
    assert len(digest(client, language=language)) == 16

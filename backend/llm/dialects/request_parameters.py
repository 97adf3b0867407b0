"""Which parameters a model server is sent, and what it turned out not to know.

"OpenAI-compatible" servers share `model`, `messages` and `stream`. All else is an extra: sent where it
is likely known, left out for the rest of the process when a 400 or 422 names it.

Turning reasoning off (a translation needs none, and it can use up the whole answer's tokens) is
spelled differently everywhere; what is written here was read in the servers' documentation and
trackers in 2026: OpenAI and Gemini `reasoning_effort` with values that differ by model; Ollama,
llama.cpp and vLLM `reasoning_effort: none`, the latter two also `chat_template_kwargs`; OpenRouter
`reasoning.effort`; DeepSeek, Moonshot, Z.ai and Volcengine `thinking.type`; Alibaba and SiliconFlow
`enable_thinking`.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

_log = logging.getLogger(__name__)

_EFFORTS = ("none", "minimal", "low")
_REASONING = frozenset(
    {"reasoning_effort", "reasoning", "thinking", "enable_thinking", "chat_template_kwargs"}
)
_LIMITS = ("max_tokens", "max_completion_tokens")
_ALIASES = {"include_usage": "stream_options"}
_HEADROOM = 8192
_TEMPERATURE = 0.2
_LEAST_CEILING = 256


class RequestParameters:
    """What goes into a request's body besides the messages.

    Args:
        base_url: the server's address; its host tells which dialect it speaks.
        model: the model's name there.

    Attributes:
        reasons: the model was seen to reason all the same; it gets room for that beside its answer.
    """

    def __init__(self, *, base_url: str, model: str) -> None:
        host = urlsplit(base_url).hostname or ""
        self._model = model
        self._extras: dict[str, Any] = {
            "stream_options": {"include_usage": True},
            **_temperature(model),
            **_reasoning_off(host, model),
        }
        openai = _belongs(host, "openai.com", "openai.azure.com")
        self._limits = ["max_completion_tokens", "max_tokens"] if openai else list(_LIMITS)
        self._ceiling: int | None = None
        self._efforts_refused: set[str] = set()
        self.reasons = False

    def body(
        self, messages: Sequence[Mapping[str, object]], *, max_output_tokens: int
    ) -> dict[str, Any]:
        """The body of a streaming chat completion request."""
        limit = max_output_tokens + (_HEADROOM if self.reasons else 0)
        if self._ceiling is not None:
            limit = min(limit, self._ceiling)
        body = {"model": self._model, "messages": messages, "stream": True, **self._extras}
        return body | ({self._limits[0]: limit} if self._limits else {})

    def refused(self, answer: str, sent: Mapping[str, Any]) -> bool:
        """Learn from a 400 or 422; True when the next body differs from the one that was sent.

        Args:
            answer: the refusal's body, JSON or text.
            sent: the body that was refused.
        """
        optional = [name for name in sent if name in self._extras or name in self._limits]
        named = [name for name in _named(answer) if name in optional]
        for name in named:
            self._learn(name, answer, sent)
        return bool(named)

    def _learn(self, name: str, answer: str, sent: Mapping[str, Any]) -> None:
        if name in _LIMITS:
            numbers = (int(digits) for digits in re.findall(r"\b\d{3,7}\b", answer))
            smaller = [number for number in numbers if _LEAST_CEILING <= number < sent[name]]
            if smaller:
                self._ceiling = max(smaller)
                _log.info("the model server allows at most %d tokens of output", self._ceiling)
                return
            if name in self._limits:
                self._limits.remove(name)
        elif name in ("reasoning_effort", "reasoning") and name in self._extras:
            self._lower_effort(name, answer)
            return
        else:
            self._extras.pop(name, None)
        _log.info("the model server refuses the parameter %s: left out from now on", name)

    def _lower_effort(self, name: str, answer: str) -> None:
        """The least effort that the refusal says is allowed, else none of the parameter."""
        value = self._extras[name]
        self._efforts_refused.add(value["effort"] if isinstance(value, dict) else value)
        offered = [
            effort
            for effort in _EFFORTS
            if effort not in self._efforts_refused and re.search(rf"\b{effort}\b", answer)
        ]
        if not offered:
            del self._extras[name]
            _log.info("the model server refuses the parameter %s: left out from now on", name)
            return
        self._extras[name] = {"effort": offered[0]} if isinstance(value, dict) else offered[0]
        _log.info("the model server wants at least %s reasoning", offered[0])


def _named(answer: str) -> list[str]:
    """The parameters that a refusal names: in its `param` field, else anywhere in its text."""
    known = (*_REASONING, *_LIMITS, "stream_options", "temperature")
    param = _param(answer)
    if param:
        parts = [_ALIASES.get(part, part) for part in re.split(r"[.\[\]]+", param)]
        if found := [part for part in parts if part in known]:
            return found
    words = [_ALIASES.get(word, word) for word in re.findall(r"[A-Za-z_]+", answer)]
    named = list(dict.fromkeys(word for word in words if word in known))
    if not named and re.search(r"\b(?:thinking|reasoning)\b", answer, re.IGNORECASE):
        named = list(_REASONING)
    return named


def _param(answer: str) -> str:
    """The `param` of an OpenAI error object, or ""."""
    try:
        decoded = json.loads(answer)
    except ValueError:
        return ""
    if isinstance(decoded, list) and decoded:
        decoded = decoded[0]
    error = decoded.get("error", decoded) if isinstance(decoded, dict) else None
    param = error.get("param") if isinstance(error, dict) else None
    return param if isinstance(param, str) else ""


def _temperature(model: str) -> dict[str, Any]:
    """A low temperature, but for models that only know their own (OpenAI's reasoning ones, Gemini 3)."""
    fixed = re.search(r"(?:^|/)(?:o\d|gpt-5(?!\.)|gemini-[3-9])", model)
    return {} if fixed else {"temperature": _TEMPERATURE}


def _reasoning_off(host: str, model: str) -> dict[str, Any]:
    """The parameters that turn reasoning off, as the server at this host spells them."""
    name = model.lower().rpartition("/")[2]
    low = "gpt-oss" in name
    if _belongs(host, "openai.com", "openai.azure.com"):
        return _openai_effort(name)
    if _belongs(host, "openrouter.ai"):
        return {"reasoning": {"effort": "low" if low else "none"}}
    if _belongs(
        host, "deepseek.com", "moonshot.cn", "moonshot.ai", "z.ai", "bigmodel.cn", "volces.com"
    ):
        return {"thinking": {"type": "disabled"}}
    if _belongs(host, "aliyuncs.com", "siliconflow.cn", "siliconflow.com"):
        return {"enable_thinking": False}
    if _belongs(host, "googleapis.com"):
        return {"reasoning_effort": "low" if "pro" in name else "none"}
    if _belongs(host, "groq.com"):
        return {"reasoning_effort": "low" if low else "none"} if low or "qwen" in name else {}
    if _belongs(host, "mistral.ai", "anthropic.com", "x.ai"):
        return {}
    if low:
        return {"reasoning_effort": "low"}
    return {"reasoning_effort": "none", "chat_template_kwargs": {"enable_thinking": False}}


def _openai_effort(name: str) -> dict[str, Any]:
    if "chat" in name or not re.match(r"o\d|gpt-[5-9]", name):
        return {}
    if name.startswith("o"):
        return {"reasoning_effort": "low"}
    return {"reasoning_effort": "minimal" if re.match(r"gpt-5(?!\.)", name) else "none"}


def _belongs(host: str, *domains: str) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)

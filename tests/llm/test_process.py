"""The client in a server: after a fork, in the logs, at the first question."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from backend.llm.openai_model import OpenAIModel
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.llm.asking import MESSAGES, TEXT, ask

FORKING = """
import os, sys
from backend.llm.openai_model import OpenAIModel
from tests.llm.asking import TEXT, ask
model = OpenAIModel(model="m", base_url=sys.argv[1])
assert ask(model).text == TEXT
child = os.fork()
assert ask(model).text == TEXT
if child == 0:
    grandchild = os.fork()
    assert ask(model).text == TEXT
    if grandchild:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(grandchild, 0)[1]))
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert ask(model).text == TEXT
model.close()
"""
LAZY = """
import sys
from backend.llm.openai_model import OpenAIModel
OpenAIModel(model="m", base_url="https://api.openai.com/v1")
assert "aiohttp" not in sys.modules
"""


def test_works_on_both_sides_of_a_fork(fake: FakeLLM):
    command = [sys.executable, "-W", "ignore", "-c", FORKING, fake.base_url]
    subprocess.run(command, check=True, timeout=30)
    assert len(fake.requests) == 6


def test_the_client_library_is_loaded_with_the_first_question_only():
    subprocess.run([sys.executable, "-c", LAZY], check=True, timeout=30)


def test_warming_up_asks_nothing(model: OpenAIModel, fake: FakeLLM):
    model.warm_up()
    assert ask(model).text == TEXT
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(),
        Scenario(status=401, error_message="wrong key sk-secret for: We prove that"),
        Scenario(refused_parameters=("temperature",)),
        Scenario(wire=("error",), error_message="sk-secret We prove that"),
        Scenario(wire=("garbage",)),
        Scenario(hang="tokens"),
    ],
)
def test_no_key_and_no_text_reaches_the_logs(
    model: OpenAIModel,
    fake: FakeLLM,
    scenario: Scenario,
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    fake.next(scenario)
    ask(model, retry_timeout=0)
    assert caplog.records
    logged = "\n".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert "sk-secret" not in logged
    assert "We prove" not in logged
    assert TEXT[14:20] not in logged
    assert MESSAGES[0]["content"] not in logged

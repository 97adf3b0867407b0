"""Settings: defaults, what is refused, and that README lists each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.config import Config
from backend.errors import ConfigError

ROOT = Path(__file__).parent.parent


def test_every_setting_is_optional():
    config = Config.from_env({})
    assert config.port == 8000
    assert config.bind == "127.0.0.1"
    assert not config.translator_configured
    assert config.database_url.startswith("sqlite:////")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("BIND", "everywhere"),
        ("WEB_CONCURRENCY", "0"),
        ("DATABASE_URL", "mysql://localhost/paperglot"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "paperglot.db"),
        ("DATABASE_URL", "postgres://"),
        ("OPENAI_BASE_URL", "localhost:11434"),
        ("PRICE_IN", "-1"),
        ("DAILY_TOKEN_BUDGET", "a lot"),
        ("DAILY_TOKEN_BUDGET", "-5"),
        ("RATE_LIMIT", "often"),
        ("REDIS_URL", "localhost"),
        ("TRUSTED_PROXIES", "yes"),
        ("ALLOWED_ORIGINS", "lab.example"),
        ("ALLOWED_HOSTS", "https://lab.example"),
        ("ACCESS_TOKEN", "two words of sixteen"),
        ("ACCESS_TOKEN", "fifteen-letters"),
        ("ACCESS_TOKEN", "one-of-thirty-two-characters-xyz,short"),
        ("REFRESH_INTERVAL", "0"),
        ("INDEXING", "perhaps"),
        ("MEMORY_KEEP", "0"),
        ("MEMORY_KEEP", "-1"),
        ("MEMORY_KEEP", "90 days"),
        ("HF_ENDPOINT", "ftp://huggingface.co"),
        ("ARXIV_API_URL", "http://"),
        ("CONTACT", "a\nb"),
    ],
)
def test_refuses_wrong_values_by_name(variable: str, value: str):
    with pytest.raises(ConfigError) as refused:
        Config.from_env({variable: value})
    assert str(refused.value).startswith(f"{variable}: ")
    assert "\n" not in str(refused.value)


def test_a_base_url_needs_a_model_but_no_key():
    with pytest.raises(ConfigError, match=r"^OPENAI_MODEL: "):
        Config.from_env({"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"})
    config = Config.from_env(
        {"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1/", "OPENAI_MODEL": "qwen3:8b"}
    )
    assert config.translator_configured
    assert config.openai_base_url == "http://127.0.0.1:11434/v1"


def test_postgres_addresses_name_the_driver():
    for scheme in ("postgres", "postgresql"):
        url = Config.from_env({"DATABASE_URL": f"{scheme}://u:p@db.example:5432/x"}).database_url
        assert url == "postgresql+psycopg://u:p@db.example:5432/x"


def test_heroku_listens_on_all_addresses():
    assert Config.from_env({"DYNO": "web.1"}).listens_beyond_loopback
    assert not Config.from_env({}).listens_beyond_loopback
    assert not Config.from_env({"DYNO": "web.1", "BIND": "127.0.0.1"}).listens_beyond_loopback


def test_any_host_is_accepted_only_with_a_token():
    assert "*" not in Config.from_env({}).accepted_hosts
    assert Config.from_env({"ACCESS_TOKEN": "0123456789abcdef"}).accepted_hosts == ("*",)
    several = Config.from_env({"ACCESS_TOKEN": "of-the-laboratory, of-the-reading-club"})
    assert several.access_tokens == ("of-the-laboratory", "of-the-reading-club")


def test_for_a_token_that_can_be_guessed_another_is_offered():
    """Made anew each time, long enough, and nothing of the refused one is repeated."""
    offered = set()
    for _ in range(2):
        with pytest.raises(ConfigError) as refused:
            Config.from_env({"ACCESS_TOKEN": "hunter2"})
        assert "hunter2" not in str(refused.value)
        offered.add(str(refused.value).rpartition(" ")[2])
    assert len(offered) == 2
    for token in offered:
        assert Config.from_env({"ACCESS_TOKEN": token}).access_tokens == (token,)


def test_settings_are_documented():
    readme = (ROOT / "README.md").read_text("utf-8")
    missing = [variable for variable in Config.variables() if f"`{variable}`" not in readme]
    assert missing == []


def test_the_deploy_button_asks_for_settings_that_exist():
    """And names the buildpack: Heroku would take package.json for the sign of a Node.js app."""
    app = json.loads((ROOT / "app.json").read_text("utf-8"))
    assert set(app["env"]) <= set(Config.variables())
    assert app["env"]["ACCESS_TOKEN"]["generator"] == "secret"
    assert [pack["url"] for pack in app["buildpacks"]] == ["heroku/python"]

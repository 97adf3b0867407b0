"""README's settings for nginx and Caddy, tried with the programs themselves."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.serving import ROOT, ServerProcess, server

HOST = "papers.example"
TRANSLATIONS = "/api/v1/translations"
BODY = {
    "lang": "de",
    "segments": [{"id": "1", "text": "We study attention in language models. " * 9}],
}
OTHER_BODY = {"lang": "fr", "segments": BODY["segments"]}
TOKEN = {"Authorization": "Bearer s3cret-of-this-server"}
STREAM = {"Accept": "text/event-stream"}
PATIENCE = 20.0

Start = Callable[..., ServerProcess]

NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {servers}
}}
"""

needs_nginx = pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
needs_caddy = pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not installed")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def snippet(language: str) -> str:
    """README's example in this language."""
    found = re.search(
        rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    assert found
    return found[1]


@contextmanager
def program(port: int, *command: str, folder: Path) -> Iterator[str]:
    """A proxy that listens on this port; gives its address."""
    log = folder / "proxy.log"
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder)}
    with (
        log.open("w") as output,
        subprocess.Popen(command, stdout=output, stderr=output, env=environment) as process,
    ):
        try:
            while not listens(port):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.05)
                    pytest.fail(f"it did not start: {log.read_text()}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def nginx(folder: Path, *servers: str, port: int) -> Iterator[str]:
    """nginx with these `server` blocks."""
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, servers="\n".join(servers)))
    with program(port, "nginx", "-c", str(file), "-e", "stderr", folder=folder) as address:
        yield address


def plain_nginx(port: int, behind: str, *lines: str) -> str:
    """A `server` block with nothing but `proxy_pass`, and these lines."""
    return f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {behind}; {' '.join(lines)} }} }}"


def readme_nginx(port: int, behind: str, *lines: str) -> str:
    """README's `server` block, without TLS."""
    text = re.sub(r" *ssl_.*\n", "", snippet("nginx"))
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = text.replace("http://127.0.0.1:8000;", " ".join([f"{behind};", *lines]))
    # Both lines were found; a free port may have the same digits.
    assert re.findall(r"listen [^;]*;", text) == [f"listen 127.0.0.1:{port};"]
    assert re.findall(r"proxy_pass ([^;]*);", text) == [behind]
    return text


@contextmanager
def caddy(folder: Path, config: str, *, port: int) -> Iterator[str]:
    """Caddy with these sites."""
    file = folder / "Caddyfile"
    file.write_text("{\n admin off\n auto_https off\n grace_period 1s\n}\n" + config)
    command = ("caddy", "run", "--adapter", "caddyfile", "--config", str(file))
    with program(port, *command, folder=folder) as address:
        yield address


@pytest.fixture
def model() -> Iterator[FakeLLM]:
    with FakeLLM() as fake:
        yield fake


@pytest.fixture
def start(tmp_path: Path, model: FakeLLM) -> Iterator[Start]:
    """Starts our server with settings."""
    with ExitStack() as stack:

        def _start(**settings: str) -> ServerProcess:
            model_settings = {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "fake-model"}
            url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
            return stack.enter_context(server(url, model_settings | settings))

        yield _start


def check_that_nothing_is_spent(address: str, model: FakeLLM) -> None:
    """A stranger sees lists and no translation, and is told why."""
    refused = httpx.post(address + TRANSLATIONS, json=BODY, timeout=PATIENCE)
    assert refused.status_code == 401
    assert "ACCESS_TOKEN" in refused.json()["detail"]
    translator = httpx.get(address + "/api/v1/status", timeout=PATIENCE).json()["translator"]
    assert (translator["allowed"], translator["reason"]) == (False, refused.json()["detail"])
    assert httpx.get(address + "/api/v1/daily/latest", timeout=PATIENCE).status_code == 200
    assert model.requests == []


def check_that_events_come_at_once(address: str, model: FakeLLM) -> None:
    """The first words arrive while the model has not ended, which here it never does."""
    model.scenario = Scenario(hang="tokens")
    headers = TOKEN | STREAM | {"Host": HOST}
    with httpx.stream(
        "POST", address + TRANSLATIONS, json=BODY, headers=headers, timeout=PATIENCE
    ) as response:
        assert response.status_code == 200
        assert any(line == "event: delta" for line in response.iter_lines())
        assert model.requests[-1].outcome == "running"
    model.scenario = Scenario()
    answer = httpx.post(
        address + TRANSLATIONS,
        json=OTHER_BODY,
        headers=TOKEN | {"Host": HOST},
        timeout=PATIENCE,
    )
    assert answer.json()["translations"][0]["verified"]


def check_that_nobody_counts_as_another(address: str) -> None:
    """After two requests in an hour of two: what a client says of its own address changes nothing."""
    headers = TOKEN | {"Host": HOST, "X-Forwarded-For": "198.51.100.9"}
    asked = httpx.post(
        address + TRANSLATIONS, json=BODY | {"lang": "es"}, headers=headers, timeout=PATIENCE
    )
    assert asked.status_code == 429


@needs_nginx
def test_a_stranger_behind_a_plain_nginx_spends_nothing(
    start: Start, model: FakeLLM, tmp_path: Path
):
    backend, port = start(), free_port()
    with nginx(tmp_path, plain_nginx(port, backend.address), port=port) as address:
        check_that_nothing_is_spent(address, model)


@needs_nginx
def test_a_plain_nginx_passes_on_the_events_of_those_with_a_token(
    start: Start, model: FakeLLM, tmp_path: Path
):
    backend, port = start(ACCESS_TOKEN="s3cret-of-this-server"), free_port()
    with nginx(tmp_path, plain_nginx(port, backend.address), port=port) as address:
        check_that_events_come_at_once(address, model)


@needs_nginx
def test_readmes_nginx_serves_those_with_a_token(start: Start, model: FakeLLM, tmp_path: Path):
    backend, port = (
        start(ACCESS_TOKEN="s3cret-of-this-server", TRUSTED_PROXIES="1", RATE_LIMIT="2/hour"),
        free_port(),
    )
    with nginx(tmp_path, readme_nginx(port, backend.address), port=port) as address:
        check_that_nothing_is_spent(address, model)
        check_that_events_come_at_once(address, model)
        check_that_nobody_counts_as_another(address)


@needs_nginx
def test_without_a_token_readmes_nginx_serves_lists(start: Start, model: FakeLLM, tmp_path: Path):
    backend, port = start(ALLOWED_HOSTS=f"{HOST},127.0.0.1"), free_port()
    with nginx(tmp_path, readme_nginx(port, backend.address), port=port) as address:
        check_that_nothing_is_spent(address, model)


@needs_nginx
@pytest.mark.parametrize("told", ["inner", "outer"])
def test_two_nginx_pass_on_events_as_they_come(
    start: Start, model: FakeLLM, tmp_path: Path, told: str
):
    backend = start(ACCESS_TOKEN="s3cret-of-this-server", TRUSTED_PROXIES="2")
    inner, outer = free_port(), free_port()
    first = {
        "inner": readme_nginx(inner, backend.address, "proxy_pass_header X-Accel-Buffering;"),
        "outer": readme_nginx(inner, backend.address),
    }
    second = {"inner": "", "outer": "proxy_buffering off;"}
    servers = (
        first[told],
        plain_nginx(
            outer, f"http://127.0.0.1:{inner}", "proxy_set_header Host $host;", second[told]
        ),
    )
    with nginx(tmp_path, *servers, port=outer) as address:
        check_that_events_come_at_once(address, model)


@needs_caddy
def test_a_stranger_behind_a_plain_caddy_spends_nothing(
    start: Start, model: FakeLLM, tmp_path: Path
):
    backend, port = start(), free_port()
    site = f":{port} {{\n bind 127.0.0.1\n reverse_proxy {urlsplit(backend.address).netloc} {{\n"
    site += " header_up Host {upstream_hostport}\n}\n}\n"
    with caddy(tmp_path, site, port=port) as address:
        check_that_nothing_is_spent(address, model)


@needs_caddy
def test_readmes_caddy_serves_those_with_a_token(start: Start, model: FakeLLM, tmp_path: Path):
    backend, port = (
        start(ACCESS_TOKEN="s3cret-of-this-server", TRUSTED_PROXIES="1", RATE_LIMIT="2/hour"),
        free_port(),
    )
    site = snippet("caddy").replace("127.0.0.1:8000", urlsplit(backend.address).netloc)
    site = site.replace(f"{HOST} {{", f":{port} {{\n    bind 127.0.0.1", 1)
    assert HOST not in site
    with caddy(tmp_path, site, port=port) as address:
        check_that_nothing_is_spent(address, model)
        check_that_events_come_at_once(address, model)
        check_that_nobody_counts_as_another(address)

"""Chromium as a process: a fresh profile, the whole web on one local port, nothing of its own accord."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.browser import installed
from tests.browser.logged_process import LoggedProcess

# What a browser does of its own accord must not reach the servers of the tests, nor anything else.
_OWN_HOSTS = ("accounts.google.com", "*.googleapis.com", "*.gvt1.com", "*.google.com")
_FLAGS = (
    "--headless",
    "--no-sandbox",  # containers of continuous integration give Chromium's own sandbox no means
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-component-extensions-with-background-pages",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--enable-unsafe-extension-debugging",  # for Extensions.loadUnpacked
    "--ignore-certificate-errors",
    "--mute-audio",
    "--password-store=basic",
    "--remote-debugging-port=0",
    "--window-size=1280,900",
)


def start(folder: Path, *, site_port: int, locale: str) -> LoggedProcess:
    """Starts it; its output names the address of the DevTools.

    Args:
        folder: where profile and log go.
        site_port: the local port that plays every host of the web.
        locale: the language of the extension's words, and what pages are told the reader prefers.
    """
    profile = folder / "profile"
    settings = profile / "Default" / "Preferences"
    settings.parent.mkdir(parents=True)
    # Only in developer mode are the warnings about a manifest and a worker's errors recorded.
    preferences = {
        "extensions": {"ui": {"developer_mode": True}},
        "intl": {"accept_languages": locale, "selected_languages": locale},
    }
    settings.write_text(json.dumps(preferences))
    rules = [f"MAP {host} ~NOTFOUND" for host in _OWN_HOSTS]
    rules += [f"MAP * 127.0.0.1:{site_port}", "EXCLUDE 127.0.0.1", "EXCLUDE localhost"]
    return LoggedProcess(
        [
            str(installed.chromium()),
            *_FLAGS,
            f"--user-data-dir={profile}",
            f"--lang={locale}",
            f"--host-resolver-rules={','.join(rules)}",
            # Else the pages count as local ones, and nothing would show that a content script
            # which calls the backend itself runs into Local Network Access.
            f"--ip-address-space-overrides=127.0.0.1:{site_port}=public",
            "about:blank",
        ],
        log=folder / "chromium.log",
        env={**os.environ, "LANGUAGE": locale.replace("-", "_")},
    )

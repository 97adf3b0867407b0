"""Firefox over WebDriver BiDi, which it speaks itself: no geckodriver.

Playwright cannot drive an installed Firefox. What BiDi has no word for (the real popup, ending the
event page) is done by privileged scripts in the browser's own window, which the switch
--remote-allow-system-access allows.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.browser import installed
from tests.browser.connection import Connection, Json, ProtocolError
from tests.browser.driver import Browser, ColorScheme, Page, ScriptError, View
from tests.browser.firefox_page import POPUP, FirefoxPage, FirefoxPopup
from tests.browser.logged_process import LoggedProcess

_UUID = "6f0d6c2e-8a4b-4d0e-9a55-0c1d5a3c7e11"
_SCHEMES = {"dark": 0, "light": 1}
_SCHEME = "layout.css.prefers-color-scheme.content-override"
_ERRORS = """JSON.stringify([
  ...Services.console.getMessageArray()
    .filter(each => each instanceof Ci.nsIScriptError && !(each.flags & Ci.nsIScriptError.warningFlag))
    .map(each => [each.sourceName, each.errorMessage]),
  ...Cc['@mozilla.org/consoleAPI-storage;1'].getService(Ci.nsIConsoleAPIStorage).getEvents()
    .filter(each => each.level === 'error')
    .map(each => [each.filename, each.arguments.map(String).join(' ')]),
]
  // The manifest's page runs nothing but what the tests tell it.
  .filter(([source]) => source.startsWith(BASE) && !source.endsWith('/manifest.json'))
  // Firefox's own word about a page that went while an answer of the extension API was under way; a popup
  // may go at any moment. Nobody is left whom the answer could reach.
  .filter(([, message]) => !/^Promise (resolved|rejected) after context unloaded/.test(message))
  .map(each => each.join(' ')))"""


def _preferences(site_port: int, identifier: str, locale: str) -> dict[str, object]:
    return {
        # Every name leads to our own site, its port included: pages keep their real addresses.
        "network.dns.forceResolve": "127.0.0.1",
        "network.socket.forcePort": f"443={site_port};80={site_port}",
        "network.proxy.type": 0,
        # Else the pages count as local ones, and nothing would show that a content script which
        # calls the backend itself runs into Local Network Access.
        "network.lna.address_space.public.override": f"127.0.0.1:{site_port}",
        "extensions.webextensions.uuids": json.dumps({identifier: _UUID}),
        _SCHEME: _SCHEMES["light"],
        "intl.accept_languages": locale,
        # What Firefox does of its own accord must not reach the servers of the tests.
        "app.normandy.enabled": False,
        "app.update.enabled": False,
        "browser.newtabpage.enabled": False,
        "browser.safebrowsing.update.enabled": False,
        "browser.shell.checkDefaultBrowser": False,
        "browser.startup.homepage_override.mstone": "ignore",
        "datareporting.policy.dataSubmissionEnabled": False,
        "extensions.getAddons.cache.enabled": False,
        "extensions.systemAddon.update.enabled": False,
        "media.gmp-manager.updateEnabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "services.settings.server": "data:,#remote-settings-dummy/v1",
        "toolkit.telemetry.enabled": False,
    }


def _home_of_a_managed_reader(
    folder: Path, identifier: str, preset: Mapping[str, object]
) -> dict[str, str]:
    """A home folder with the file that Firefox reads managed storage from, as it stands on Linux."""
    manifest = {"name": identifier, "description": "preset", "type": "storage", "data": preset}
    place = folder / "home" / ".mozilla" / "managed-storage" / f"{identifier}.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(manifest), encoding="utf-8")
    return {"HOME": str(folder / "home")}


class Firefox(Browser):
    """One Firefox with a fresh profile.

    Args:
        extension: the unpacked folder or the package, installed as a temporary add-on.
        site_port: the local port that plays every host of the web.
        folder: where profile and log go.
        locale: the language pages are told the reader prefers.
        preset: what an administrator's policy sets for the extension.
    """

    name = "firefox"
    base = f"moz-extension://{_UUID}/"

    def __init__(
        self,
        extension: Path,
        *,
        site_port: int,
        folder: Path,
        locale: str = "en-US",
        preset: Mapping[str, object] | None = None,
    ) -> None:
        manifest = json.loads(
            (zipfile.Path(extension) if extension.is_file() else extension)
            .joinpath("manifest.json")
            .read_text(encoding="utf-8")
        )
        identifier = manifest["browser_specific_settings"]["gecko"]["id"]
        profile = folder / "profile"
        profile.mkdir(parents=True)
        preferences = _preferences(site_port, identifier, locale)
        (profile / "user.js").write_text(
            "".join(
                f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
                for name, value in preferences.items()
            )
        )
        self._process = LoggedProcess(
            [
                str(installed.firefox()),
                "--headless",
                "--no-remote",
                "--profile",
                str(profile),
                "--remote-debugging-port=0",
                "--remote-allow-system-access",
                "about:blank",
            ],
            log=folder / "firefox.log",
            # The variable makes Firefox heed the preference services.settings.server.
            env={
                **os.environ,
                "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1",
                "MOZ_HEADLESS_WIDTH": "1280",
                "MOZ_HEADLESS_HEIGHT": "980",
                **(_home_of_a_managed_reader(folder, identifier, preset) if preset else {}),
            },
        )
        self._extension = f"WebExtensionPolicy.getByID({json.dumps(identifier)}).extension"
        try:
            self._set_up(extension)
        except BaseException:
            self._process.kill()
            raise

    def _set_up(self, extension: Path) -> None:
        listening = r"WebDriver BiDi listening on (ws://\S+)"
        url = self._process.wait_for_output(listening, seconds=60)[1]
        self._consoles: defaultdict[str, list[str]] = defaultdict(list)
        self._connection = Connection(f"{url}/session", on_event=self._note)
        self.send("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
        self.send("session.subscribe", events=["log.entryAdded"])
        self._window = self._contexts(**{"moz:scope": "chrome"})[0]
        self._first = self._contexts()[0]
        kind = "archivePath" if extension.is_file() else "path"
        self._installation = {"type": kind, "path": str(extension.resolve())}
        self.update()

    def update(self) -> None:
        self.send("webExtension.install", extensionData=self._installation)
        self._extension_page = FirefoxPage(self, self.create_context(background=True))
        self._extension_page.goto(f"{self.base}manifest.json")

    def withhold_arxiv(self) -> None:
        self._change_access("remove")

    def grant_arxiv(self) -> None:
        self._change_access("add")

    def _change_access(self, change: str) -> None:
        self.script(
            f"""(async () => {{
              const {{ ExtensionPermissions }} = ChromeUtils.importESModule(
                'resource://gre/modules/ExtensionPermissions.sys.mjs');
              const extension = {self._extension};
              await ExtensionPermissions.{change}(
                extension.id, {{ permissions: [], origins: ['https://arxiv.org/*'] }}, extension);
            }})()"""
        )

    @property
    def extension_page(self) -> View:
        return self._extension_page

    def send(self, method: str, /, **params: Any) -> Json:
        """One command of the protocol."""
        return self._connection.send(method, params)

    def script(self, expression: str, *, context: str = "", sandbox: str = "") -> Any:
        """The value of an expression in a tab, or else, privileged, in the browser's own window.

        Args:
            sandbox: names a world of the test's own in the tab, where scripts run also when pages' do not.
        """
        apart = {"sandbox": sandbox} if sandbox else {}
        answer = self.send(
            "script.evaluate",
            expression=expression,
            target={"context": context or self._window, **apart},
            awaitPromise=not sandbox,
        )
        if answer["type"] == "exception":
            raise ScriptError(answer["exceptionDetails"]["text"])
        return answer["result"].get("value")

    def create_context(self, *, background: bool = False) -> str:
        created = self.send("browsingContext.create", type="tab", background=background)
        return str(created["context"])

    def console_of(self, context: str) -> list[str]:
        return self._consoles[context]

    def new_page(self) -> Page:
        return FirefoxPage(self, self.create_context())

    def open_popup(self, page: Page) -> View:
        page.activate()
        self.script(
            f"""(async () => {{
              const {{ ExtensionParent }} = ChromeUtils.importESModule(
                'resource://gre/modules/ExtensionParent.sys.mjs');
              const action = ExtensionParent.apiManager.global.browserActionFor({self._extension});
              await action.openPopup(window, true);
            }})()"""
        )
        popup = FirefoxPopup(self, self._extension_page)
        popup.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")
        return popup

    def run_command(self, name: str, page: Page) -> None:
        # Key presses over the protocol never reach an extension's shortcuts.
        page.activate()
        self.script(f"{self._extension}.shortcuts.onCommand({json.dumps(name)})")

    def choose_from_menu(self, item: str, page: Page, selector: str) -> None:
        assert isinstance(page, FirefoxPage)
        page.activate()
        page.open_context_menu(*page.middle_of(selector))
        chosen = self.script(
            f"""(async () => {{
              const menu = document.getElementById('contentAreaContextMenu');
              for (let looks = 0; looks < 200; looks += 1) {{
                const item = menu.querySelector('[id$="-menuitem-_{item}"]');
                if (menu.state === 'open' && item) {{
                  menu.activateItem(item);
                  return true;
                }}
                await new Promise(resolve => setTimeout(resolve, 25));
              }}
              return false;
            }})()"""
        )
        assert chosen, f"the menu has no {item}"

    @contextmanager
    def offline(self, page: Page) -> Iterator[None]:
        self.script("Services.io.offline = true")
        try:
            yield
        finally:
            self.script("Services.io.offline = false")

    @contextmanager
    def without_access_to_arxiv(self) -> Iterator[None]:
        change = """(async () => {{
          const {{ ExtensionPermissions }} = ChromeUtils.importESModule(
            'resource://gre/modules/ExtensionPermissions.sys.mjs');
          const extension = {extension};
          const origins = ['https://arxiv.org/*'];
          await ExtensionPermissions.{change}(extension.id, {{ permissions: [], origins }}, extension);
        }})()"""
        self.script(change.format(extension=self._extension, change="remove"))
        yield
        self.script(change.format(extension=self._extension, change="add"))

    def kill_background(self) -> None:
        # An open Port only postpones what the browser itself does after 30 s; not here.
        self.script(f"{self._extension}.terminateBackground({{ disableResetIdleForTest: true }})")

    def background_running(self) -> bool:
        return bool(self.script(f"{self._extension}.backgroundState === 'running'"))

    def manifest_warnings(self) -> list[str]:
        found = self.script(f"JSON.stringify([...{self._extension}.warnings])")
        return list(json.loads(found))

    def extension_errors(self) -> list[str]:
        return list(json.loads(self.script(_ERRORS.replace("BASE", json.dumps(self.base)))))

    def reset(self) -> None:
        self.script(f"{POPUP}?.closest('panel')?.hidePopup()")
        for context in self._contexts():
            if context not in (self._first, self._extension_page.context):
                self.send("browsingContext.close", context=context)
        self.api(
            "Promise.all([api.storage.local.clear(), api.storage.session.clear()]).then(() => 1)"
        )
        self.set_color_scheme("light")
        self.script("Services.prefs.clearUserPref('ui.primaryPointerCapabilities')")
        self.script(
            "Services.console.reset();"
            "Cc['@mozilla.org/consoleAPI-storage;1'].getService(Ci.nsIConsoleAPIStorage).clearEvents()"
        )

    def set_color_scheme(self, scheme: ColorScheme) -> None:
        self.script(f"Services.prefs.setIntPref({json.dumps(_SCHEME)}, {_SCHEMES[scheme]})")

    def close(self) -> None:
        with suppress(ProtocolError):  # it may go before it answers
            self.send("browser.close")
        self._connection.close()
        self._process.wait(seconds=15)

    def _contexts(self, **scope: str) -> list[str]:
        tree = self.send("browsingContext.getTree", maxDepth=0, **scope)["contexts"]
        return [each["context"] for each in tree]

    def _note(self, event: Json) -> None:
        if event["method"] == "log.entryAdded":
            params = event["params"]
            context = params["source"].get("context", "")
            self._consoles[context].append(f"{params['level']}: {params['text']}")

"""Chromium over its DevTools protocol.

Spoken directly rather than through Playwright: nothing stays attached to the service worker (which
would keep it alive for ever), the real popup is a target like any other, and no event loop runs in the
thread of the tests.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.browser.chromium_page import ChromiumPage, reason
from tests.browser.chromium_process import start
from tests.browser.connection import Connection, Json, ProtocolError
from tests.browser.driver import Browser, Page, View
from tests.conditions import wait_until


class Chromium(Browser):
    """One Chromium with a fresh profile.

    Args:
        extension: the unpacked folder.
        site_port: the local port that plays every host of the web.
        folder: where profile and log go.
        locale: the language of the extension's words, and what pages are told the reader prefers.
        preset: what an administrator's policy sets for the extension.
    """

    name = "chromium"

    def __init__(
        self,
        extension: Path,
        *,
        site_port: int,
        folder: Path,
        locale: str = "en-US",
        preset: Mapping[str, object] | None = None,
    ) -> None:
        self._process = start(folder, site_port=site_port, locale=locale)
        try:
            self._set_up(extension)
            if preset:
                self.apply_policy(preset)
                self.extension_page.wait_for(
                    "chrome.storage.managed.get().then(set => 'settings' in set)"
                )
        except BaseException:
            self._process.kill()
            raise

    def _set_up(self, extension: Path) -> None:
        listening = r"DevTools listening on (ws://\S+)"
        url = self._process.wait_for_output(listening, seconds=30)[1]
        self._consoles: defaultdict[str, list[str]] = defaultdict(list)
        self._trace: list[Json] = []
        self._traced = False
        self._connection = Connection(url, on_event=self._note)
        # No tab may be empty once the extension is there: it opens its settings by itself, and Chromium
        # puts them into an empty tab, from which a test that then uses that tab would drive them away.
        self._inspector = ChromiumPage(self, self.targets("page")[0]["targetId"])
        self._inspector.goto("chrome://extensions/")
        self._id = self.send("Extensions.loadUnpacked", path=str(extension.resolve()))["id"]
        self.base = f"chrome-extension://{self._id}/"
        self._open_extension_page()

    def _open_extension_page(self) -> None:
        self._extension_page = ChromiumPage(self, self.create_target(f"{self.base}manifest.json"))
        self._extension_page.goto(f"{self.base}manifest.json")
        self._kept = {page.target_id for page in (self._inspector, self._extension_page)}

    def apply_policy(self, values: Mapping[str, object]) -> None:
        """Sets the extension's policies, by the page Chromium offers administrators for trying them.

        Policy files would stand in a folder of the whole machine and take root to write.
        """
        mandatory, machine, anyone = 1, 1, 0
        origin = {"level": mandatory, "scope": machine, "source": anyone, "namespace": self._id}
        policies = [{**origin, "name": name, "value": value} for name, value in values.items()]
        page = ChromiumPage(self, self.create_target())
        page.goto("chrome://policy/test")
        page.evaluate(
            "import('chrome://resources/js/cr.js').then(({ sendWithPromise }) => "
            f"sendWithPromise('setLocalTestPolicies', {json.dumps(json.dumps(policies))}, ''))"
        )
        page.close()

    @property
    def extension_page(self) -> View:
        return self._extension_page

    def send(self, method: str, /, *, session: str = "", **params: Any) -> Json:
        """One command of the protocol, to the browser or to an attached target."""
        return self._connection.send(method, params, session=session)

    def targets(self, kind: str) -> list[Json]:
        """The targets of one type: page, tab, service_worker."""
        found = self.send("Target.getTargets", filter=[{"type": kind}])["targetInfos"]
        return list(found)

    def create_target(self, url: str = "about:blank") -> str:
        return str(self.send("Target.createTarget", url=url)["targetId"])

    def console_of(self, session: str) -> list[str]:
        return self._consoles[session]

    def new_page(self) -> Page:
        page = ChromiumPage(self, self.create_target())
        page.activate()
        return page

    def open_popup(self, page: Page) -> View:
        address = page.evaluate("location.href")
        page.activate()
        before = {target["targetId"] for target in self.targets("page")}
        tab = next(tab for tab in self.targets("tab") if tab["url"] == address)
        self.send("Extensions.triggerAction", id=self._id, targetId=tab["targetId"])

        def opened() -> list[str]:
            found = {t["targetId"] for t in self.targets("page") if t["url"].startswith(self.base)}
            return sorted(found - before)

        wait_until(lambda: bool(opened()), "the popup does not open")
        popup = ChromiumPage(self, opened()[0])
        popup.wait_for("document.readyState === 'complete'")
        return popup

    def run_command(self, name: str, page: Page) -> None:
        # Key presses over the protocol never reach an extension's shortcuts.
        self._dispatch("commands.onCommand", page, f"{json.dumps(name)}, tab")

    def choose_from_menu(self, item: str, page: Page, selector: str) -> None:
        # The menu is the operating system's, out of the protocol's reach.
        page.middle_of(selector)
        self._dispatch("contextMenus.onClicked", page, f"{{ menuItemId: {json.dumps(item)} }}, tab")

    def _dispatch(self, event: str, page: Page, arguments: str) -> None:
        """Lets an event of the extension API happen in its worker, woken for it, with the active tab."""
        page.activate()
        session = self._attach_to_worker()
        dispatch = f"""chrome.tabs.query({{ active: true, lastFocusedWindow: true }})
          .then(([tab]) => chrome.{event}.dispatch({arguments}))"""
        self.send("Runtime.evaluate", session=session, expression=dispatch, awaitPromise=True)
        self.send("Target.detachFromTarget", sessionId=session)

    def _attach_to_worker(self) -> str:
        """A session with the extension's worker, woken for it."""
        self.api("void api.runtime.connect({ name: 'wake' }).disconnect()")
        wait_until(lambda: bool(self._workers()), "the service worker does not start")
        worker = self._workers()[0]["targetId"]
        answer = self.send("Target.attachToTarget", targetId=worker, flatten=True)
        return str(answer["sessionId"])

    @contextmanager
    def offline(self, page: Page) -> Iterator[None]:
        assert isinstance(page, ChromiumPage)
        speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        worker = self._attach_to_worker()
        sessions = (worker, page.session)
        for session in sessions:
            self.send("Network.enable", session=session)
            self.send("Network.emulateNetworkConditions", session=session, offline=True, **speed)
        try:
            yield
        finally:  # or every later test would be offline, too
            for session in sessions:
                self.send(
                    "Network.emulateNetworkConditions", session=session, offline=False, **speed
                )
            self.send("Target.detachFromTarget", sessionId=worker)

    @contextmanager
    def without_access_to_arxiv(self) -> Iterator[None]:
        self._set_access("ON_CLICK")
        yield
        self._set_access("ON_ALL_SITES")

    @contextmanager
    def traced(self) -> Iterator[list[Json]]:
        """Records what the browser's threads do; the list is filled once it is over."""
        self._trace, self._traced = [], False
        self.send(
            "Tracing.start",
            traceConfig={"includedCategories": ["toplevel", "devtools.timeline", "v8.execute"]},
        )
        events: list[Json] = []
        yield events
        self.send("Tracing.end")

        def over() -> bool:
            self.send("Browser.getVersion")  # takes in the events that have come
            return self._traced

        wait_until(over, "the trace does not end")
        events += self._trace

    def kill_background(self) -> None:
        ended = {worker["targetId"] for worker in self._workers()}
        for target in ended:
            self.send("Target.closeTarget", targetId=target)
        # A page with work under way may have started the next one meanwhile.
        wait_until(
            lambda: ended.isdisjoint(worker["targetId"] for worker in self._workers()),
            "the service worker does not end",
        )

    def background_running(self) -> bool:
        return bool(self._workers())

    def _workers(self) -> list[Json]:
        workers = self.targets("service_worker")
        return [worker for worker in workers if worker["url"].startswith(self.base)]

    def update(self) -> None:
        old = self._extension_page.target_id
        self._inspector.evaluate(f"chrome.developerPrivate.reload({json.dumps(self._id)}, {{}})")
        wait_until(
            lambda: old not in {target["targetId"] for target in self.targets("page")},
            "the extension does not end",
        )

        def opened() -> bool:
            try:
                self._open_extension_page()
            except ProtocolError:  # not yet there
                return False
            return True

        wait_until(opened, "the extension does not come back")

    def withhold_arxiv(self) -> None:
        self._set_access("ON_SPECIFIC_SITES")
        hosts = ", ".join(json.dumps(f"http://{host}/*") for host in ("127.0.0.1", "localhost"))
        self._inspector.evaluate(
            f"Promise.all([{hosts}].map(host => "
            f"chrome.developerPrivate.addHostPermission({json.dumps(self._id)}, host))).then(() => 1)"
        )

    def grant_arxiv(self) -> None:
        self._set_access("ON_ALL_SITES")

    def _set_access(self, access: str) -> None:
        change = json.dumps({"extensionId": self._id, "hostAccess": access})
        self._inspector.evaluate(
            f"chrome.developerPrivate.updateExtensionConfiguration({change}).then(() => 1)"
        )

    def manifest_warnings(self) -> list[str]:
        return self._recorded("manifestErrors")

    def extension_errors(self) -> list[str]:
        return self._recorded("runtimeErrors")

    def _recorded(self, field: str) -> list[str]:
        found = self._inspector.evaluate(
            f"chrome.developerPrivate.getExtensionInfo({json.dumps(self._id)})"
            f".then(info => info.{field}.map(each => each.message))"
        )
        return list(found)

    def reset(self) -> None:
        for target in self.targets("page"):
            if target["targetId"] not in self._kept:
                with suppress(ProtocolError):  # a popup may close by itself meanwhile
                    self.send("Target.closeTarget", targetId=target["targetId"])
        self.api(
            "Promise.all([api.storage.local.clear(), api.storage.session.clear()]).then(() => 1)"
        )
        self._inspector.evaluate(
            "chrome.developerPrivate.deleteExtensionErrors("
            f"{{ extensionId: {json.dumps(self._id)}, type: 'RUNTIME' }})"
        )

    def close(self) -> None:
        with suppress(ProtocolError):  # it may go before it answers
            self.send("Browser.close")
        self._connection.close()
        self._process.wait(seconds=10)

    def _note(self, event: Json) -> None:
        console = self._consoles[event.get("sessionId", "")]
        params = event["params"]
        match event["method"]:
            case "Tracing.dataCollected":
                self._trace += params["value"]
            case "Tracing.tracingComplete":
                self._traced = True
            case "Runtime.consoleAPICalled":
                words = [str(arg.get("value", arg.get("description"))) for arg in params["args"]]
                console.append(f"{params['type']}: {' '.join(words)}")
            case "Runtime.exceptionThrown":
                console.append(f"uncaught: {reason(params['exceptionDetails'])}")
            case "Log.entryAdded":
                entry = params["entry"]
                console.append(f"{entry['level']}: {entry['text']} {entry.get('url', '')}".strip())

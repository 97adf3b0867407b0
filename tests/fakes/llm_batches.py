"""The fake language model's files and batches, in OpenAI's protocol, with what goes wrong there.

A batch goes one step each time it is looked at: `validating` for as many looks as the scenario says, then
`in_progress`, `finalizing`, and its end. `answered` counts how often each text was answered, and so paid for.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.llm_answer import Author
from tests.fakes.llm_http import Connection, HttpRequest
from tests.fakes.llm_scenario import Scenario

_ENDPOINT = "/v1/chat/completions"
_EXPIRED = "This request could not be executed before the completion window expired."


@dataclass(frozen=True, kw_only=True)
class BatchScenario:
    """How the Batch API behaves.

    there: "all", "files" (no batches), "none"; `none_status` is what else answers, 200 being a web page.
    validating, working: looks that a batch stays `validating`, `in_progress`.
    ending: "completed", "failed", "expired" or "cancelled"; `failed_code` says why it failed as a whole.
    unfinished: the share of requests that an expired or cancelled batch did not get to.
    order: "same", "reversed".
    refused: the custom ids of requests that fail with `refused_status`.
    refused_parameters: every request that carries one of them fails with 400.
    no_output, gone: no output file is named; it is named and not there.
    empty_names: writes "" for files that there are not, as some providers do.
    garbage: lines that are no answers stand between them.
    max_requests, max_bytes: beyond them the batch fails.
    model: how each request is answered.
    """

    there: str = "all"
    none_status: int = 404
    validating: int = 0
    working: int = 0
    ending: str = "completed"
    failed_code: str = "token_limit_exceeded"
    unfinished: float = 0.5
    order: str = "same"
    refused: tuple[str, ...] = ()
    refused_status: int = 500
    refused_parameters: tuple[str, ...] = ()
    no_output: bool = False
    gone: bool = False
    empty_names: bool = False
    garbage: bool = False
    no_usage: bool = False
    max_requests: int = 50_000
    max_bytes: int = 200_000_000
    model: Scenario = field(default_factory=Scenario)


class FakeBatches:
    """Files and batches of the fake; `handle` answers their requests.

    lost_answers: so many batches are made, and the connection breaks off before anybody hears of it.
    silences: so many are made, and no answer comes.
    faults: HTTP statuses of the next requests.
    """

    def __init__(self, author: Author) -> None:
        self.scenario = BatchScenario()
        self.lost_answers = 0
        self.silences = 0
        self.faults: list[int] = []
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.answered: Counter[tuple[str, str]] = Counter()
        self.asked: list[tuple[str, str]] = []
        self._author = author
        self._looks: Counter[str] = Counter()
        self._number = 0

    async def handle(self, request: HttpRequest, connection: Connection) -> bool:
        """Answer a request; False when it is for somebody else."""
        address = urlsplit(request.path)
        found = re.fullmatch(
            r"/v1/(files|batches)(?:/([\w-]+))?(?:/(content|cancel))?", address.path
        )
        if not found:
            return False
        kind, name, part = found.groups()
        self.asked.append((request.method, address.path))
        if self.faults:
            await _error(connection, self.faults.pop(0), "The fake was told to fail.")
            return True
        there = {"all": ("files", "batches"), "files": ("files",), "none": ()}
        if kind not in there[self.scenario.there]:
            if self.scenario.none_status == 200:
                await connection.whole(
                    200, b"<!doctype html><h1>Hello</h1>", content_type="text/html"
                )
            else:
                await _error(connection, self.scenario.none_status, "Not Found")
            return True
        match request.method, kind, part:
            case "POST", "files", None:
                await _json(connection, self._upload(request))
            case "GET", "files", "content" if name in self.files:
                await connection.whole(
                    200, self.files[name], content_type="application/octet-stream"
                )
            case "DELETE", "files", None if name in self.files:
                del self.files[name]
                await _json(connection, {"id": name, "object": "file", "deleted": True})
            case "POST", "batches", None:
                await self._create(json.loads(request.body), connection)
            case "GET", "batches", None if name is None:
                await _json(connection, self._listed(parse_qs(address.query)))
            case "GET", "batches", None if name in self.batches:
                self._advance(self.batches[name])
                await _json(connection, self.batches[name])
            case _:
                await _error(connection, 404, "No such thing.")
        return True

    def _name(self, kind: str) -> str:
        self._number += 1
        return f"{kind}{self._number:04}"

    def _store(self, content: bytes) -> str:
        name = self._name("file-")
        self.files[name] = content
        return name

    def _upload(self, request: HttpRequest) -> dict[str, Any]:
        boundary = request.headers["content-type"].partition("boundary=")[2].strip('"').encode()
        fields: dict[str, bytes] = {}
        for part in request.body.split(b"--" + boundary)[1:-1]:
            head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            field_name = re.search(rb'name="(\w+)"', head)
            assert field_name
            fields[field_name[1].decode()] = content.removesuffix(b"\r\n")
        assert fields["purpose"] == b"batch"
        name = self._store(fields["file"])
        return {
            "id": name,
            "object": "file",
            "bytes": len(fields["file"]),
            "created_at": self._number,
            "filename": "paperglot.jsonl",
            "purpose": "batch",
            "status": "processed",
        }

    async def _create(self, body: dict[str, Any], connection: Connection) -> None:
        assert body["endpoint"] == _ENDPOINT
        assert body["completion_window"] == "24h"
        if body["input_file_id"] not in self.files:
            await _error(connection, 400, "No such file.")
            return
        none = "" if self.scenario.empty_names else None
        batch = {
            "id": self._name("batch_"),
            "object": "batch",
            "endpoint": body["endpoint"],
            "errors": None,
            "input_file_id": body["input_file_id"],
            "completion_window": "24h",
            "status": "validating",
            "output_file_id": none,
            "error_file_id": none,
            "created_at": self._number,
            "expires_at": self._number + 86_400,
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
            "metadata": body.get("metadata"),
        }
        self.batches[batch["id"]] = batch
        if self.lost_answers:
            self.lost_answers -= 1
            connection.reset()
            return
        if self.silences:
            self.silences -= 1
            await asyncio.Event().wait()
        await _json(connection, batch)

    def _listed(self, query: dict[str, list[str]]) -> dict[str, Any]:
        newest = sorted(self.batches.values(), key=lambda b: b["created_at"], reverse=True)
        ids = [batch["id"] for batch in newest]
        start = ids.index(query["after"][0]) + 1 if "after" in query else 0
        limit = int(query.get("limit", ["20"])[0])
        page = newest[start : start + limit]
        return {
            "object": "list",
            "data": page,
            "first_id": page[0]["id"] if page else None,
            "last_id": page[-1]["id"] if page else None,
            "has_more": start + limit < len(newest),
        }

    def _advance(self, batch: dict[str, Any]) -> None:
        name, scenario = batch["id"], self.scenario
        if batch["status"] in ("completed", "failed", "expired", "cancelled"):
            return
        self._looks[name] += 1
        looks = self._looks[name] - scenario.validating
        if looks <= 0:
            return
        requests = [json.loads(line) for line in self.files[batch["input_file_id"]].splitlines()]
        if code := self._invalid(batch, requests):
            error = {
                "code": code,
                "message": "The fake found it wrong.",
                "line": None,
                "param": None,
            }
            batch |= {"status": "failed", "errors": {"object": "list", "data": [error]}}
            return
        batch["request_counts"]["total"] = len(requests)
        if looks <= scenario.working:
            batch["status"] = "in_progress"
        elif looks == scenario.working + 1 and scenario.working:
            batch["status"] = "finalizing"
        else:
            self._end(batch, requests)

    def _invalid(self, batch: dict[str, Any], requests: list[dict[str, Any]]) -> str:
        scenario = self.scenario
        ids = [request["custom_id"] for request in requests]
        if scenario.ending == "failed":
            return scenario.failed_code
        if len(requests) > scenario.max_requests:
            return "too_many_tasks"
        if len(self.files[batch["input_file_id"]]) > scenario.max_bytes:
            return "file_too_large"
        if len(set(ids)) < len(ids):
            return "duplicate_custom_id"
        if not requests:
            return "empty_file"
        models = {request["body"]["model"] for request in requests}
        return "mismatched_model" if len(models) > 1 else ""

    def _end(self, batch: dict[str, Any], requests: list[dict[str, Any]]) -> None:
        scenario = self.scenario
        good: list[dict[str, Any]] = []
        bad: list[dict[str, Any]] = []
        finished = len(requests)
        if scenario.ending in ("expired", "cancelled"):
            finished = int(len(requests) * (1 - scenario.unfinished))
        for number, request in enumerate(requests):
            line = {"id": self._name("batch_req_"), "custom_id": request["custom_id"]}
            refused = self._refusal(request)
            if number >= finished:
                error = {"code": f"batch_{scenario.ending}", "message": _EXPIRED}
                bad.append(line | {"response": None, "error": error})
            elif refused:
                bad.append(line | {"response": refused, "error": None})
            else:
                body = self._completion(request["body"])
                response = {"status_code": 200, "request_id": "req", "body": body}
                good.append(line | {"response": response, "error": None})
        if scenario.order == "reversed":
            good.reverse()
        batch["status"] = scenario.ending
        batch["request_counts"] |= {"completed": len(good), "failed": len(bad)}
        if good and not scenario.no_output:
            batch["output_file_id"] = self._lines(good)
            if scenario.gone:
                del self.files[batch["output_file_id"]]
        if bad:
            batch["error_file_id"] = self._lines(bad)

    def _refusal(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The response of a request that fails."""
        scenario, body = self.scenario, request["body"]
        assert request["url"] == _ENDPOINT
        assert "stream" not in body
        for name in scenario.refused_parameters:
            if name in body:
                message = f"Unsupported parameter: '{name}' is not supported with this model."
                error = {"message": message, "type": "invalid_request_error", "param": name}
                return {"status_code": 400, "request_id": "req", "body": {"error": error}}
        if request["custom_id"] in scenario.refused:
            error = {"message": "The fake was told to fail.", "type": "server_error"}
            return {
                "status_code": scenario.refused_status,
                "request_id": "req",
                "body": {"error": error},
            }
        return None

    def _completion(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._author.answer(body, self.scenario.model)
        for _, text in answer.segments:
            self.answered[answer.language, text] += 1
        message = {"role": "assistant", "content": answer.content, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": answer.finish_reason}
        completion = {
            "id": "chatcmpl-fake",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [choice],
        }
        return completion | ({} if self.scenario.no_usage else {"usage": answer.usage})

    def _lines(self, lines: list[dict[str, Any]]) -> str:
        encoded = [json.dumps(line, ensure_ascii=False).encode() for line in lines]
        if self.scenario.garbage:
            encoded = [b"", b"{half", b"[]", *encoded, b'{"custom_id": 7}', encoded[0]]
        return self._store(b"\n".join(encoded) + b"\n")


async def _json(connection: Connection, document: dict[str, Any]) -> None:
    await connection.whole(200, json.dumps(document).encode())


async def _error(connection: Connection, status: int, message: str) -> None:
    error = {"error": {"message": message, "type": "invalid_request_error", "code": None}}
    await connection.whole(status, json.dumps(error).encode())

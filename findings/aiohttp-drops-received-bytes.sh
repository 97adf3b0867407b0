#!/usr/bin/env bash
# aiohttp 3.14.5: what was received before a connection broke is not given out after it broke.
#
# Expected, as with a socket, http.client and asyncio's own streams: a reader gets all bytes that arrived, then the
# error. Seen: a reader who pauses while the peer sends the rest of what it has and then closes in the middle of a
# chunked body gets the error at the next read, and the bytes that had arrived meanwhile never; whoever reads without
# a pause gets them. It matters where an answer streams in and its beginning is worth keeping.
#
# Exits with 1 when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check aiohttp==3.14.5

cat >read.py <<'PY'
import asyncio
import http.client
import sys
import time

import aiohttp

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(words):
    return b"%x\r\n%s\r\n" % (len(words), words)


async def serve(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(HEAD + chunk(b"first "))
    await writer.drain()
    await asyncio.sleep(0.2)
    writer.write(chunk(b"second "))
    await writer.drain()
    writer.close()  # without the last chunk


async def with_aiohttp(port, pause):
    found = b""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/") as response:
            try:
                while words := await response.content.readany():
                    found += words
                    await asyncio.sleep(pause)
            except aiohttp.ClientPayloadError:
                pass
    return found.decode()


def with_http_client(port):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/")
    found = b""
    try:
        response = connection.getresponse()
        while words := response.read1():
            found += words
            time.sleep(0.6)
    except http.client.IncompleteRead:
        pass
    return found.decode()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    at_once = await with_aiohttp(port, 0)
    paused = await with_aiohttp(port, 0.6)
    plain = await asyncio.to_thread(with_http_client, port)
    print(f"aiohttp, reading at once: {at_once!r}")
    print(f"aiohttp, pausing between reads: {paused!r}")
    print(f"http.client, pausing between reads: {plain!r}")
    sys.exit((at_once, paused, plain) != ("first second ", "first ", "first second "))


asyncio.run(main())
PY
venv/bin/python read.py

"""LiteLLM's Router behind an OpenAI-compatible endpoint on 127.0.0.1, with nothing of its own to add:
no retry, no fallback, no limit. litellm-router.py ROUTER.json PORT

An answer of the Router is sent as it is; an exception before the first chunk is an error with its
status, one after that an error inside the stream, which then ends without [DONE]. A client that hangs
up cancels the Router's call, as a Python program would that gives up.
"""

import asyncio
import json
import sys

import litellm
from litellm import Router
from litellm.caching.caching import Cache

litellm.telemetry = False


def load(path):
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    if "cache" in config:
        litellm.cache = Cache(**config["cache"])
    return Router(**config["router"])


def error_body(error):
    status = getattr(error, "status_code", None)
    status = status if isinstance(status, int) and 400 <= status <= 599 else 500
    body = {"message": str(error), "type": type(error).__name__, "code": str(status)}
    return status, json.dumps({"error": body})


def head(status, kind, *more):
    lines = [f"HTTP/1.1 {status} -", f"content-type: {kind}", "connection: close", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(status, body, *more):
    data = body.encode()
    return head(status, "application/json", f"content-length: {len(data)}", *more) + data


def chunk(text):
    data = text.encode()
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def event(text):
    return chunk(f"data: {text}\n\n")


async def answer(router, question, writer):
    try:
        response = await router.acompletion(**question)
        if not question.get("stream"):
            writer.write(whole(200, response.model_dump_json(exclude_none=True)))
            return
        chunks = aiter(response)
        first = await anext(chunks, None)
    except Exception as error:
        writer.write(whole(*error_body(error)))
        return
    writer.write(head(200, "text/event-stream", "transfer-encoding: chunked"))
    try:
        if first is not None:
            writer.write(event(first.model_dump_json(exclude_none=True)))
        async for one in chunks:
            writer.write(event(one.model_dump_json(exclude_none=True)))
            await writer.drain()
        writer.write(event("[DONE]"))
    except Exception as error:
        writer.write(event(error_body(error)[1]))
    writer.write(b"0\r\n\r\n")


async def serve(router, reader, writer):
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        pairs = (line.split(":", 1) for line in lines[1:] if ":" in line)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if (method, path) == ("GET", "/health"):
            writer.write(whole(200, "{}"))
        elif (method, path) == ("POST", "/v1/chat/completions"):
            answering = asyncio.create_task(answer(router, json.loads(body), writer))
            hanging_up = asyncio.create_task(reader.read(1))
            await asyncio.wait({answering, hanging_up}, return_when=asyncio.FIRST_COMPLETED)
            for task in (answering, hanging_up):
                task.cancel()
            await asyncio.gather(answering, hanging_up, return_exceptions=True)
        else:
            writer.write(whole(404, '{"error":{"message":"no such endpoint"}}'))
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError, ValueError):
        pass
    finally:
        writer.close()


async def main():
    router = load(sys.argv[1])
    server = await asyncio.start_server(
        lambda reader, writer: serve(router, reader, writer), "127.0.0.1", int(sys.argv[2])
    )
    async with server:
        await server.serve_forever()


asyncio.run(main())

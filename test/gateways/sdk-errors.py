"""Asks with the official Python SDKs while a provider fails, and tells what error each one raises.

Standard input: a JSON list of {"name", "yaml", "timeout"}; each scenario is put into the server over its
control API before both SDKs ask, whole and streamed. Standard output: one JSON line for each,
with the class of the error, its module, and the class of its cause.
"""

import json
import os
import sys
import urllib.request

import anthropic
import openai

CONTROL = sys.argv[1]
MESSAGES = [{"role": "user", "content": "What is the capital of France?"}]


def begin(yaml: str) -> None:
    body = json.dumps({"yaml": yaml}).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(CONTROL + "scenario", body, headers, method="PUT")
    with urllib.request.urlopen(request) as response:
        response.read()


def ask_openai(stream: bool, timeout: float) -> str:
    client = openai.OpenAI(max_retries=0, timeout=timeout)
    answer = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=stream)
    if not stream:
        return answer.choices[0].message.content
    return "".join(piece.choices[0].delta.content or "" for piece in answer if piece.choices)


def ask_anthropic(stream: bool, timeout: float) -> str:
    client = anthropic.Anthropic(max_retries=0, timeout=timeout)
    words = {"model": "claude-3-5-sonnet-latest", "max_tokens": 500, "messages": MESSAGES}
    if not stream:
        return client.messages.create(**words).content[0].text
    with client.messages.stream(**words) as pieces:
        return "".join(pieces.text_stream)


def named(error: BaseException) -> str:
    return f"{type(error).__module__.split('.')[0]}.{type(error).__name__}"


def outcome(ask, stream: bool, timeout: float) -> dict:
    try:
        return {"error": None, "cause": None, "chars": len(ask(stream, timeout))}
    except Exception as error:  # what it is, is what is asked
        cause = None if error.__cause__ is None else named(error.__cause__)
        return {"error": named(error), "cause": cause, "chars": None}


for case in json.load(sys.stdin):
    begin(case["yaml"])
    for sdk, ask in (("openai", ask_openai), ("anthropic", ask_anthropic)):
        for stream in (False, True):
            said = {"case": case["name"], "sdk": sdk, "stream": stream, **outcome(ask, stream, case["timeout"])}
            print(json.dumps(said), flush=True)

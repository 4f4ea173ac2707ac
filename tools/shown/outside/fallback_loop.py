"""A fallback chain as people write it in Python: the official SDKs, two tries each, and a loop.

Arguments: questions. Standard output: one JSON line for each, with who answered it.
"""

import json
import sys
import time

import anthropic
import openai

openai_client = openai.OpenAI(max_retries=0, timeout=8)
anthropic_client = anthropic.Anthropic(max_retries=0, timeout=8)


def ask_openai(question: str) -> str:
    answer = openai_client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": question}]
    )
    return answer.choices[0].message.content


def ask_anthropic(question: str) -> str:
    answer = anthropic_client.messages.create(
        model="claude-3-5-sonnet-latest",
        max_tokens=1024,
        messages=[{"role": "user", "content": question}],
    )
    return answer.content[0].text


def answer(question: str) -> dict:
    errors = []
    for name, ask in (("openai", ask_openai), ("anthropic", ask_anthropic)):
        for attempt in range(2):
            try:
                return {"served": name, "text": ask(question), "errors": errors}
            except (openai.APIError, anthropic.APIError) as error:
                errors.append(type(error).__name__)
                time.sleep(0.2 * (attempt + 1))
    return {"served": None, "text": None, "errors": errors}


for question in sys.argv[1:]:
    print(json.dumps(answer(question)), flush=True)

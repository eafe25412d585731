"""The vendors' own Python SDKs through llmc's TCP door: the first run of each call misses, the second is a hit with the
same bytes, and everything an SDK can do with an answer works on both."""

import json
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import anthropic
import openai
import pydantic
from daemon import DEADLINE, Daemon
from provider import Provider

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class City(pydantic.BaseModel):
    city: str
    country: str


SETTINGS = """
[retry]
max_attempts = 1
[providers.openai]
kind = "openai"
base_url = "{address}/v1"
[providers.anthropic]
kind = "anthropic"
base_url = "{address}"
[providers.gemini]
kind = "gemini"
base_url = "{address}"
"""

KEYS = {
    "OPENAI_API_KEY": "sk-real-openai",
    "ANTHROPIC_API_KEY": "sk-real-anthropic",
    "GEMINI_API_KEY": "real-gemini",
}


class World(Daemon):
    """A daemon with a door, and SDKs that know nothing but its address and its token."""

    def __init__(self, llmc, folder, provider):
        super().__init__(llmc, folder, SETTINGS.format(address=provider.address), KEYS)
        self.provider = provider

    def openai(self, **more):
        return openai.OpenAI(base_url=f"{self.address}/openai/v1", api_key=self.token, **more)

    def anthropic(self, **more):
        return anthropic.Anthropic(base_url=f"{self.address}/anthropic", api_key=self.token, **more)


def twice(ask):
    """Asks twice through raw responses: a miss, then a hit with the same bytes. Gives what the SDK makes of both."""
    first, second = ask(), ask()
    assert "fwd=uri-miss" in first.headers["cache-status"], first.headers["cache-status"]
    assert second.headers["cache-status"].startswith("llmc; hit"), second.headers["cache-status"]
    assert first.http_response.content == second.http_response.content
    one, other = first.parse(), second.parse()
    assert one == other
    return one


TOOL = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def chat(text):
    return {"model": "small", "messages": [{"role": "user", "content": text}]}


def messages(text):
    return {"model": "small", "max_tokens": 64, "messages": [{"role": "user", "content": text}]}


def openai_plain(world):
    create = world.openai().chat.completions.with_raw_response.create
    answer = twice(lambda: create(**chat("plain"), extra_body={"x_new": 1.50}))
    assert answer.choices[0].message.content == "You said: plain"
    assert answer.usage.total_tokens == 12
    path, headers, body = world.provider.calls[-1]
    headers = {name.lower(): value for name, value in headers.items()}
    assert path == "/v1/chat/completions" and headers["authorization"] == "Bearer sk-real-openai"
    assert b'"x_new":1.5' in body and world.token not in str(headers)


def openai_streamed(world):
    client = world.openai()

    def ask(**more):
        return [chunk.model_dump() for chunk in client.chat.completions.create(**chat("streamed"), stream=True, **more)]

    first, second = ask(), ask()
    assert first == second and all(chunk["usage"] is None for chunk in first)
    text = "".join(chunk["choices"][0]["delta"]["content"] or "" for chunk in first)
    assert text == "You said: streamed ", text
    with_usage = ask(stream_options={"include_usage": True})
    assert with_usage[-1]["usage"]["total_tokens"] == 12
    plain = client.chat.completions.create(**chat("streamed"))
    assert plain.choices[0].message.content == text
    assert sum(path == "/v1/chat/completions" and b"streamed" in body for path, _, body in world.provider.calls) == 1


def openai_plain_told_as_a_stream(world):
    client = world.openai()
    client.chat.completions.create(**chat("replayed"))
    chunks = list(client.chat.completions.create(**chat("replayed"), stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "You said: replayed"
    assert chunks[-1].choices[0].finish_reason == "stop"


def openai_tools(world):
    tools = [{"type": "function", "function": {"name": "weather", "parameters": TOOL}}]
    client = world.openai()
    answer = twice(lambda: client.chat.completions.with_raw_response.create(**chat("tools"), tools=tools))
    assert json.loads(answer.choices[0].message.tool_calls[0].function.arguments) == {"city": "Oslo"}
    for _ in range(2):
        chunks = client.chat.completions.create(**chat("tools by stream"), tools=tools, stream=True)
        calls = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or []]
        assert calls[0].id == "call_1" and calls[0].function.name == "weather"
        assert json.loads("".join(call.function.arguments or "" for call in calls)) == {"city": "Oslo"}


def openai_structured(world):
    client = world.openai()
    parsed = [client.chat.completions.parse(**chat("where?"), response_format=City) for _ in range(2)]
    assert parsed[0].choices[0].message.parsed == City(city="Paris", country="France") == parsed[1].choices[0].message.parsed


def openai_vision(world):
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}
    content = [{"type": "text", "text": "what is it?"}, image]
    create = world.openai().chat.completions.with_raw_response.create
    answer = twice(lambda: create(model="small", messages=[{"role": "user", "content": content}]))
    assert answer.choices[0].message.content == "1 images: what is it?"


def openai_errors(world):
    client = world.openai(max_retries=0)
    for _ in range(2):
        try:
            client.chat.completions.create(**chat("no such model"))
            raise AssertionError("no error came")
        except openai.NotFoundError as error:
            assert error.body["message"] == "no such model" and error.request_id == "req_1"
    try:
        openai.OpenAI(base_url=f"{world.address}/openai/v1", api_key="sk-wrong").chat.completions.create(**chat("plain"))
        raise AssertionError("the door opened")
    except openai.AuthenticationError as error:
        assert "token" in error.body["message"]
    try:
        headers = {"cache-control": "only-if-cached"}
        world.openai().chat.completions.create(**chat("never asked"), extra_headers=headers)
        raise AssertionError("an answer came from nowhere")
    except openai.InternalServerError as error:
        assert error.status_code == 504
    asked = [body for _, _, body in world.provider.calls if b"never asked" in body]
    assert asked == []


def openai_retried(world):
    world.provider.busy = 1
    answer = world.openai().chat.completions.create(**chat("busy"))
    assert answer.choices[0].message.content == "You said: busy"
    assert sum(b'"busy"' in body for _, _, body in world.provider.calls) == 2


def openai_impatient(world):
    try:
        world.openai(timeout=0.5, max_retries=0).chat.completions.create(**chat("slowly"))
        raise AssertionError("it did not wait")
    except openai.APITimeoutError:
        pass
    answer = world.openai().chat.completions.create(**chat("slowly"))
    assert answer.choices[0].message.content == "You said: slowly"
    assert sum(b'"slowly"' in body for _, _, body in world.provider.calls) == 1, "what was paid for was lost"


def openai_passed_through(world):
    client = world.openai()
    assert [model.id for model in client.models.list()] == ["small"]
    data = b'{"custom_id":"a"}\n' * 700_000
    file = client.files.create(file=("a.jsonl", data), purpose="batch")
    assert file.bytes > len(data) > 8 << 20 and data in world.provider.calls[-1][2]


def openai_embeddings(world):
    client = world.openai()

    def embed(*texts):
        create = client.embeddings.with_raw_response.create
        raw = create(model="embedder", input=list(texts))
        answer = raw.parse()
        assert [item.index for item in answer.data] == list(range(len(texts)))
        assert [item.embedding[0] for item in answer.data] == [len(text) for text in texts]
        return raw.headers["cache-status"], answer

    def asked():
        calls = world.provider.calls
        return [json.loads(body)["input"] for path, _, body in calls if path == "/v1/embeddings" and b"embedder" in body]

    first, one = embed("red", "green apple", "blue")
    again, other = embed("red", "green apple", "blue")
    assert "0 of 3 items were kept" in first and again.startswith("llmc; hit") and one == other
    overlapping, answer = embed("yellow", "blue", "red")
    assert "2 of 3 items were kept" in overlapping and answer.usage.total_tokens == 3
    alone, _ = embed("yellow")
    assert alone.startswith("llmc; hit") and asked() == [["red", "green apple", "blue"], ["yellow"]]
    numbers = client.embeddings.create(model="embedder", input=["red"], encoding_format="float")
    assert numbers.data[0].embedding == one.data[0].embedding and len(asked()) == 3


def azure(world):
    """Under `llmc exec`, which sets all that the client of Azure needs to know."""
    script = """
import openai
client = openai.AzureOpenAI()
messages = [{"role": "user", "content": "by Azure"}]
create = client.chat.completions.with_raw_response.create
answers = [create(model="small", messages=messages) for _ in range(2)]
assert answers[0].parse().choices[0].message.content == "You said: by Azure"
assert "fwd=uri-miss" in answers[0].headers["cache-status"], answers[0].headers
assert answers[1].headers["cache-status"].startswith("llmc; hit"), answers[1].headers
own = openai.AzureOpenAI(azure_deployment="small").chat.completions.create(model="small", messages=messages)
assert own == answers[0].parse()
assert [len(item.embedding) for item in client.embeddings.create(model="e", input=["a", "b"]).data] == [3, 3]
"""
    world.run("exec", "--", sys.executable, "-c", script)
    calls = [call for call in world.provider.calls if b"by Azure" in call[2]]
    [(path, headers, _)] = calls
    headers = {name.lower(): value for name, value in headers.items()}
    assert path == "/v1/chat/completions" and headers["authorization"] == "Bearer sk-real-openai", (path, headers)
    assert "api-key" not in headers, headers


def simonws_llm(world):
    """A program of others, told of the door in its own settings."""
    folder = world.folder / "llm"
    folder.mkdir()
    model = {"model_id": "kept", "model_name": "small", "api_base": f"{world.address}/openai/v1", "api_key_name": "llmc"}
    # JSON is YAML.
    (folder / "extra-openai-models.yaml").write_text(json.dumps([model]))
    (folder / "keys.json").write_text(json.dumps({"llmc": world.token}))
    environment = {"PATH": os.environ["PATH"], "HOME": str(world.folder), "LLM_USER_PATH": str(folder)}
    before = json.loads(world.run("stats", "--json"))

    def ask(*how):
        asked = [sys.executable, "-m", "llm", "-m", "kept", *how, "by another program"]
        return subprocess.run(asked, env=environment, capture_output=True, text=True, check=True, timeout=DEADLINE).stdout

    first, second, whole = ask(), ask(), ask("--no-stream")
    assert first == second == whole and first.strip() == "You said: by another program", (first, second, whole)
    after = json.loads(world.run("stats", "--json"))
    assert (after["misses"] - before["misses"], after["hits"] - before["hits"]) == (1, 2), (before, after)


def anthropic_plain(world):
    client = world.anthropic()
    answer = twice(lambda: client.messages.with_raw_response.create(**messages("plain")))
    assert answer.content[0].text == "You said: plain" and answer.usage.output_tokens == 5
    headers = {name.lower(): value for name, value in world.provider.calls[-1][1].items()}
    assert headers["x-api-key"] == "sk-real-anthropic", headers
    assert headers["anthropic-version"] == client.default_headers["anthropic-version"], headers


def anthropic_streamed(world):
    client = world.anthropic()

    def ask():
        with client.messages.stream(**messages("streamed")) as stream:
            return "".join(stream.text_stream), stream.get_final_message()

    first, second = ask(), ask()
    assert first == second and first[0] == "You said: streamed "
    assert first[1].stop_reason == "end_turn"
    assert client.messages.create(**messages("streamed")).content[0].text == first[0]
    assert sum(path == "/v1/messages" and b"streamed" in body for path, _, body in world.provider.calls) == 1


def anthropic_tools_and_vision(world):
    client = world.anthropic()
    tools = [{"name": "weather", "input_schema": TOOL}]
    answer = twice(lambda: client.messages.with_raw_response.create(**messages("tools"), tools=tools))
    assert answer.content[0].input == {"city": "Oslo"}
    with client.messages.stream(**messages("tools"), tools=tools) as stream:
        assert stream.get_final_message().content[0].input == {"city": "Oslo"}
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
    content = [image, {"type": "text", "text": "what is it?"}]
    ask = {"model": "small", "max_tokens": 9, "messages": [{"role": "user", "content": content}]}
    answer = twice(lambda: client.messages.with_raw_response.create(**ask))
    assert answer.content[0].text == "1 images: what is it?"


def anthropic_beta(world):
    client = world.anthropic()
    client.messages.create(**messages("beta"))
    create = client.beta.messages.with_raw_response.create
    twice(lambda: create(**messages("beta"), betas=["some-beta-2026-01-01"]))
    path, headers, _ = world.provider.calls[-1]
    headers = {name.lower(): value for name, value in headers.items()}
    assert path.startswith("/v1/messages") and headers.get("anthropic-beta") == "some-beta-2026-01-01", (path, headers)


def anthropic_errors(world):
    try:
        world.anthropic(max_retries=0).messages.create(**messages("no such model"))
        raise AssertionError("no error came")
    except anthropic.NotFoundError as error:
        assert error.body["error"]["message"] == "no such model"
    world.provider.busy = 1
    assert world.anthropic().messages.create(**messages("busy")).content[0].text == "You said: busy"
    try:
        anthropic.Anthropic(base_url=f"{world.address}/anthropic", api_key="wrong").messages.create(**messages("plain"))
        raise AssertionError("the door opened")
    except anthropic.AuthenticationError:
        pass


def shared_with_the_command_line(world):
    world.openai().chat.completions.create(**chat("by SDK first"))
    told = json.loads(world.run("generate", "--json", "-m", "openai/small", "by SDK first"))
    assert told["metadata"]["cacheStatus"] == "hit" and told["text"] == "You said: by SDK first", told


def node(world):
    """The same through the SDKs for Node, which are of other code altogether."""
    environment = {"PATH": os.environ["PATH"], "LLMC_ADDRESS": world.address, "LLMC_TOKEN": world.token}
    script = Path(sys.argv[2]) / "node_sdks.mjs"
    ran = subprocess.run(["node", str(script)], env=environment, capture_output=True, text=True, timeout=DEADLINE * 2)
    print(ran.stdout, end="", flush=True)
    assert ran.returncode == 0, ran.stderr
    asked = [headers for path, headers, _ in world.provider.calls if "enerateContent" in path]
    keys = [value for headers in asked for name, value in headers.items() if name.lower() == "x-goog-api-key"]
    assert asked and keys == ["real-gemini"] * len(asked), keys


CASES = [
    openai_plain, openai_streamed, openai_plain_told_as_a_stream, openai_tools, openai_structured, openai_vision,
    openai_errors, openai_retried, openai_impatient, openai_passed_through, openai_embeddings, azure, simonws_llm,
    anthropic_plain, anthropic_streamed, anthropic_tools_and_vision, anthropic_beta, anthropic_errors,
    shared_with_the_command_line,
]  # fmt: skip


def main():
    failed = 0
    if len(sys.argv) > 2:
        CASES.append(node)
    with tempfile.TemporaryDirectory() as folder:
        world = World(sys.argv[1], Path(folder), Provider())
        try:
            for case in CASES:
                try:
                    case(world)
                    print(f"ok      {case.__name__}", flush=True)
                except Exception as error:  # whatever an SDK may raise
                    failed += 1
                    print(f"FAILED  {case.__name__}: {type(error).__name__}: {error}\n{traceback.format_exc()}", flush=True)
        finally:
            world.end()
    print(f"{len(CASES) - failed} passed, {failed} failed: openai {openai.__version__}, anthropic {anthropic.__version__}")
    sys.exit(failed > 0)


main()

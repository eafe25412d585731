"""A provider of the tests' own: three vendors' APIs on a loopback port, in the shapes the vendors answer with."""

import base64
import json
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def said(body):
    """The text of the last message, and how many images it holds."""
    if "contents" in body:
        return " ".join(part["text"] for part in body["contents"][-1]["parts"]), 0
    content = body["messages"][-1]["content"]
    if isinstance(content, str):
        return content, 0
    texts = [part["text"] for part in content if part["type"] == "text"]
    return " ".join(texts), sum(part["type"] in ("image_url", "image") for part in content)


# What it says to prompts in which one of these stands.
KNOWN = {
    "Why is the sea salty?": "The sea is salty because rivers carry salt into it.",
    "You write workflow files": '```toml\nname = "drafted"\n\n[[step]]\nid = "only"\nprompt = "Sum it up"\n```',
}


def fitting(schema, name=""):
    """The plainest value that fits a schema."""
    if schema.get("type") == "object":
        names = schema.get("properties") or dict.fromkeys(schema.get("required", []), {})
        return {name: fitting(inner, name) for name, inner in names.items()}
    if schema.get("type") == "array":
        return [fitting(schema.get("items", {}))]
    if schema.get("type") in ("integer", "number"):
        return 1
    return {"city": "Paris", "country": "France"}.get(name, "Paris")


def wanted_schema(body):
    """The schema of the answer that is asked for, in the way of each API."""
    answer = body.get("response_format") or body.get("output_config", {}).get("format") or {}
    return answer.get("json_schema", answer).get("schema") or body.get("generationConfig", {}).get("responseJsonSchema")


def reply_to(body):
    text, images = said(body)
    if schema := wanted_schema(body):
        return json.dumps(fitting(schema), separators=(",", ":"))
    for part, answer in KNOWN.items():
        if part in json.dumps(body, ensure_ascii=False):
            return answer
    return f"{images} images: {text}" if images else f"You said: {text}"


def chat_completion(body):
    message = {"role": "assistant", "content": reply_to(body), "refusal": None}
    finish = "stop"
    if body.get("tools"):
        call = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}
        message, finish = {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": body["model"],
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12},
    }  # fmt: skip


def chat_chunks(body):
    whole = chat_completion(body)
    choice = whole["choices"][0]
    wants_usage = (body.get("stream_options") or {}).get("include_usage")

    def chunk(choices, usage=None):
        event = {key: whole[key] for key in ("id", "created", "model")}
        event |= {"object": "chat.completion.chunk", "choices": choices}
        return event | ({"usage": usage} if wants_usage else {})

    def step(delta, finish=None):
        return chunk([{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}])

    yield step({"role": "assistant", "content": ""})
    for call in choice["message"].get("tool_calls") or []:
        function = call["function"] | {"arguments": ""}
        yield step({"tool_calls": [{"index": 0} | call | {"function": function}]})
        for piece in ('{"city":', ' "Oslo"}'):
            yield step({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
    for word in (choice["message"]["content"] or "").split(" "):
        yield step({"content": word + " "})
    yield step({}, choice["finish_reason"])
    if wants_usage:
        yield chunk([], whole["usage"])


def message(body):
    content, stop = [{"type": "text", "text": reply_to(body)}], "end_turn"
    if body.get("tools"):
        content, stop = [{"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Oslo"}}], "tool_use"
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": content,
        "stop_reason": stop, "stop_sequence": None, "usage": {"input_tokens": 7, "output_tokens": 5},
    }  # fmt: skip


def message_events(body):
    whole = message(body)
    yield {"type": "message_start", "message": whole | {"content": [], "stop_reason": None}}
    yield {"type": "ping"}
    for index, block in enumerate(whole["content"]):
        if block["type"] == "text":
            start, name = block | {"text": ""}, "text"
            pieces = [{"type": "text_delta", "text": word + " "} for word in block["text"].split(" ")]
        else:
            start, name = block | {"input": {}}, "input"
            pieces = [{"type": "input_json_delta", "partial_json": text} for text in ('{"city":', ' "Oslo"}')]
        assert name in block
        yield {"type": "content_block_start", "index": index, "content_block": start}
        for piece in pieces:
            yield {"type": "content_block_delta", "index": index, "delta": piece}
        yield {"type": "content_block_stop", "index": index}
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": whole["stop_reason"], "stop_sequence": None},
        "usage": {"output_tokens": 5},
    }
    yield {"type": "message_stop"}


def content(body):
    parts = [{"text": reply_to(body)}]
    if body.get("tools"):
        parts = [{"functionCall": {"name": "weather", "args": {"city": "Oslo"}}}]
    return {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 5, "totalTokenCount": 12},
        "modelVersion": "small", "responseId": "resp_1",
    }  # fmt: skip


def content_events(body):
    whole = content(body)
    [candidate] = whole["candidates"]
    pieces = [{"text": word + " "} for word in reply_to(body).split(" ")]
    pieces = candidate["content"]["parts"] if body.get("tools") else pieces
    for number, piece in enumerate(pieces, 1):
        candidate = {"content": {"role": "model", "parts": [piece]}, "index": 0}
        if number == len(pieces):
            candidate["finishReason"] = "STOP"
        yield whole | {"candidates": [candidate]}


def embeddings(body):
    """A vector that tells the text it was made of, as the SDK asks for it: base64 unless it is told otherwise."""
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    vectors = [[float(len(text)), float(sum(text.encode())), 0.5] for text in texts]
    if body.get("encoding_format") == "base64":
        vectors = [base64.b64encode(struct.pack("<3f", *vector)).decode() for vector in vectors]
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
    tokens = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": body["model"], "usage": usage}


class Provider(ThreadingHTTPServer):
    """Remembers every request, and refuses those it is told to refuse."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls = []
        self.busy = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def read(self):
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline().strip(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def answer(self, status, body, **headers):
        body = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self, events, last=b""):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for event in events:
            name = f"event: {event['type']}\n" if "type" in event else ""
            self.wfile.write(f"{name}data: {json.dumps(event)}\n\n".encode())
            self.wfile.flush()
        self.wfile.write(last)
        self.close_connection = True

    def do_GET(self):
        self.server.calls.append((self.path, dict(self.headers), b""))
        self.answer(200, {"object": "list", "data": [{"id": "small", "object": "model", "created": 1, "owned_by": "x"}]})

    def do_POST(self):
        raw = self.read()
        self.server.calls.append((self.path, dict(self.headers), raw))
        path = self.path.split("?")[0]
        if path.endswith("/files"):
            file = {"id": "file-1", "object": "file", "bytes": len(raw), "created_at": 1, "filename": "a.jsonl"}
            return self.answer(200, file | {"purpose": "batch", "status": "processed"})
        body = json.loads(raw)
        if path.endswith("/embeddings"):
            return self.answer(200, embeddings(body))
        text, _ = said(body)
        if "no such model" in text and "contents" in body:
            return self.answer(404, {"error": {"code": 404, "message": "no such model", "status": "NOT_FOUND"}})
        if "no such model" in text:
            error = {"message": "no such model", "type": "invalid_request_error", "param": "model", "code": None}
            return self.answer(404, {"type": "error", "error": error}, x_request_id="req_1", request_id="req_1")
        if "busy" in text and self.server.busy:
            self.server.busy -= 1
            error = {"message": "slow down", "type": "rate_limit_error"}
            return self.answer(429, {"type": "error", "error": error}, retry_after="0")
        if "slowly" in text:
            time.sleep(1.5)
        if path.endswith(":streamGenerateContent"):
            return self.stream(content_events(body))
        if path.endswith(":generateContent"):
            return self.answer(200, content(body))
        if path.endswith("/messages"):
            return self.stream(message_events(body)) if body.get("stream") else self.answer(200, message(body))
        if body.get("stream"):
            return self.stream(chat_chunks(body), b"data: [DONE]\n\n")
        return self.answer(200, chat_completion(body))

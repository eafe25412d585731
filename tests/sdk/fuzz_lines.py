"""Teaches the fuzzer to send lines of JSON, which it has no words for: text is sent as it is."""

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(_context, value):
    return value if isinstance(value, bytes) else str(value).encode()

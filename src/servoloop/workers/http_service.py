"""Service steps that another system does over HTTP.

The topic `http:NAME` posts the step's inputs as JSON to the address that the operator gave NAME in
SERVOLOOP_HTTP_SERVICES; a definition can never name an address itself. The answer:

- 2xx with a JSON object (or nothing): the outputs of the step;
- 422 with {"error": CODE, "words": …}: a BPMN error that the process may handle;
- 408, 425, 429, 5xx or no answer: tried again later, under the same Idempotency-Key;
- anything else: the job fails.
"""

import json
from collections.abc import Mapping
from typing import Any

import httpx
from django.conf import settings

from servoloop.kernel.errors import ServoloopError

TIMEOUT = httpx.Timeout(20.0, connect=5.0)  # seconds
LARGEST_ANSWER = 1_000_000  # bytes
_PASSING = frozenset({408, 425, 429})


class Unavailable(ServoloopError):
    """The other system did not answer, or asked for patience: worth trying again."""


class JobRejected(ServoloopError):
    """The job cannot succeed by trying again; `error` is a BPMN error code, or None."""

    def __init__(self, words: str, *, error: str | None = None) -> None:
        super().__init__(words)
        self.error = error


def call(name: str, inputs: Mapping[str, Any], *, idempotency_key: str) -> dict[str, Any]:
    """The outputs of the service `name`. Raises Unavailable and JobRejected."""
    url = _address(name)
    headers = {"Idempotency-Key": idempotency_key, "Accept": "application/json"}
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client,
            client.stream("POST", url, json=dict(inputs), headers=headers) as answer,
        ):
            return _outputs(name, answer.status_code, _read(name, answer))
    except httpx.TransportError as error:
        raise Unavailable(f"Service {name!r} did not answer: {error}.") from error


def _address(name: str) -> str:
    known: Mapping[str, str] = settings.SERVOLOOP_HTTP_SERVICES
    try:
        return known[name]
    except KeyError:
        listed = ", ".join(sorted(known)) or "none"
        raise JobRejected(
            f"No address is set for service {name!r}; name it in SERVOLOOP_HTTP_SERVICES. "
            f"Known: {listed}."
        ) from None


def _read(name: str, answer: httpx.Response) -> bytes:
    content = b""
    for chunk in answer.iter_bytes():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise JobRejected(f"Service {name!r} answered with more than {LARGEST_ANSWER} bytes.")
    return content


def _outputs(name: str, status: int, content: bytes) -> dict[str, Any]:
    if status in _PASSING or status >= 500:
        raise Unavailable(f"Service {name!r} answered with status {status}.")
    said = _object(name, content) if content.strip() and (status < 300 or status == 422) else {}
    if 200 <= status < 300:
        return said
    if status == 422 and isinstance(said.get("error"), str):
        words = str(said.get("words") or f"Service {name!r} answered {said['error']!r}.")
        raise JobRejected(words, error=said["error"])
    raise JobRejected(f"Service {name!r} refused the job with status {status}.")


def _object(name: str, content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except ValueError:
        raise JobRejected(f"Service {name!r} answered with something that is no JSON.") from None
    if not isinstance(said, dict):
        raise JobRejected(f"Service {name!r} answered with JSON that is no object.")
    return said

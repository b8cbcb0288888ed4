"""Service steps over HTTP, against a real server on loopback."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from servoloop.workers import http_service
from servoloop.workers.http_service import JobRejected, Unavailable, call


class Stock(BaseHTTPRequestHandler):
    """Answers as it is told; remembers what it was asked."""

    asked: list[tuple[str, dict[str, Any]]]
    status = 200
    answer: bytes = b'{"stock": 3}'

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        type(self).asked.append((self.headers["Idempotency-Key"], body))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: Any) -> None:
        """The test's output is for failures."""


@pytest.fixture
def stock(settings: Any) -> Iterator[type[Stock]]:
    handler = type("Handler", (Stock,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.SERVOLOOP_HTTP_SERVICES = {"stock": f"http://127.0.0.1:{server.server_port}/"}
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_inputs_go_out_and_the_outputs_come_back(stock: type[Stock]) -> None:
    assert call("stock", {"item": "灯"}, idempotency_key="7:3") == {"stock": 3}
    assert stock.asked == [("7:3", {"item": "灯"})]


def test_an_empty_answer_has_no_outputs(stock: type[Stock]) -> None:
    stock.status, stock.answer = 200, b""

    assert call("stock", {}, idempotency_key="1:1") == {}


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_passing_trouble_is_worth_trying_again(stock: type[Stock], status: int) -> None:
    stock.status = status

    with pytest.raises(Unavailable, match=str(status)):
        call("stock", {}, idempotency_key="1:1")


def test_a_server_that_is_not_there_is_worth_trying_again(settings: Any) -> None:
    settings.SERVOLOOP_HTTP_SERVICES = {"stock": "http://127.0.0.1:9/"}

    with pytest.raises(Unavailable, match="did not answer"):
        call("stock", {}, idempotency_key="1:1")


@pytest.mark.parametrize("status", [302, 400, 401, 404])
def test_a_refusal_or_a_redirect_is_final(stock: type[Stock], status: int) -> None:
    stock.status = status

    with pytest.raises(JobRejected, match=str(status)) as rejected:
        call("stock", {}, idempotency_key="1:1")
    assert rejected.value.error is None


def test_status_422_carries_a_bpmn_error(stock: type[Stock]) -> None:
    stock.status, stock.answer = 422, b'{"error": "sold_out", "words": "None left."}'

    with pytest.raises(JobRejected, match="None left") as rejected:
        call("stock", {}, idempotency_key="1:1")
    assert rejected.value.error == "sold_out"


@pytest.mark.parametrize("answer", [b"<html>", b"[1]", b"3", b"\xff\xfe"])
def test_an_answer_that_is_no_json_object_is_refused(stock: type[Stock], answer: bytes) -> None:
    stock.answer = answer

    with pytest.raises(JobRejected, match="JSON"):
        call("stock", {}, idempotency_key="1:1")


def test_an_endless_answer_is_cut_off(stock: type[Stock], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_service, "LARGEST_ANSWER", 10)
    stock.answer = b'{"a": "' + b"x" * 100 + b'"}'

    with pytest.raises(JobRejected, match="more than 10 bytes"):
        call("stock", {}, idempotency_key="1:1")


def test_only_systems_that_the_operator_named_can_be_called(stock: type[Stock]) -> None:
    with pytest.raises(JobRejected, match="Known: stock"):
        call("http://127.0.0.1/internal", {}, idempotency_key="1:1")

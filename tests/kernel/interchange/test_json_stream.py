"""JSON of any size is read member by member, the same however it is cut."""

import json
from io import BytesIO

import pytest

from servoloop.kernel.interchange.json_stream import json_members
from servoloop.kernel.interchange.source import Source, UnreadableLog

DOCUMENT = """{
  "name": "log", "version": 2,
  "events": [{"id": "e1", "note": "é \\" ]}"}, {"id": "e2"}],
  "none": [],
  "by id": {"a": [1, 2], "b": null},
  "empty": {}
}
"""
MEMBERS = [
    ("name", "", "log", 2),
    ("version", "", 2, 2),
    ("events", "", {"id": "e1", "note": 'é " ]}'}, 3),
    ("events", "", {"id": "e2"}, 3),
    ("by id", "a", [1, 2], 5),
    ("by id", "b", None, 5),
]


def members(data: bytes) -> list[tuple[str, str, object, int]]:
    source = Source(BytesIO(data), name="log.json", largest_inflation=300)
    return [tuple(member) for member in json_members(source)]


def test_members_are_given_with_their_place_and_line():
    assert members(DOCUMENT.encode()) == MEMBERS


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_where_the_bytes_are_cut_changes_nothing(monkeypatch, size):
    monkeypatch.setattr("servoloop.kernel.interchange.source.CHUNK", size)
    assert members(DOCUMENT.encode()) == MEMBERS
    assert members(b"[1234567, -8, 9.5e3]") == [
        ("", "", 1234567, 1), ("", "", -8, 1), ("", "", 9500.0, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_other_encodings_are_read(encoding):
    assert [member[2] for member in members('["Prüfung"]'.encode(encoding))] == ["Prüfung"]


def test_of_json_lines_each_line_is_a_member():
    rows = [{"id": 1, "events": []}, {"id": 2, "events": [3]}]
    text = "\n".join(json.dumps(row) for row in rows)
    assert members(text.encode()) == [("", "", rows[0], 1), ("", "", rows[1], 2)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"events": [{"id": 1}', "line 1"),
        ('{"events":\n[{"id": 1},\n{"id": ]}', "line 3"),
        ('{"a" 1}', "line 1"),
        ("{1: 2}", "line 1"),
        ("[1 2]", "line 1"),
        ("[" + "[" * 100_000, "too deep"),
        ("[" + "9" * 5000 + "]", "line 1"),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(text, sentence):
    with pytest.raises(UnreadableLog, match=sentence) as raised:
        members(text.encode())
    assert "\n" not in str(raised.value)


def test_a_value_without_end_is_refused_before_memory_ends(monkeypatch):
    monkeypatch.setattr("servoloop.kernel.interchange.json_stream.LONGEST_MEMBER", 1 << 20)
    with pytest.raises(UnreadableLog, match="single value of more than 1 MB"):
        members(b'["' + b"x" * (5 << 20) + b'"]')

"""KPIs of logs from elsewhere."""

from servoloop.kernel.metrics.catalogue import CATALOGUE
from servoloop.kernel.mining.kpis import measure_log
from tests.kernel.mining.cast import log_of, read_bytes, read_text, shared_log

HOUR = 3600.0


def told(log):
    return {each.kpi.id: each for each in measure_log(log)}


def test_a_log_of_case_activity_and_time_tells_the_resolution_time_only():
    found = told(
        log_of(
            [
                ("1", "ask", "2026-03-02 09:00:00"),
                ("1", "answer", "2026-03-02 11:00:00"),
                ("2", "ask", "2026-03-02 09:00:00"),
                ("2", "answer", "2026-03-02 13:00:00"),
            ]
        )
    )
    assert list(found) == list(CATALOGUE)
    assert found["resolution"].figure("median").value == 3 * HOUR
    assert found["resolution"].note.default
    for name, measured in found.items():
        assert bool(measured.figures) is not bool(measured.unknown.default), name
    assert "names neither teams nor people" in found["transfer"].unknown.default


def test_people_and_starts_tell_more():
    text = (
        "case,activity,start,timestamp,resource\n"
        "1,answer,2026-03-02 09:00:00,2026-03-02 10:00:00,ada\n"
        "1,answer,2026-03-02 12:00:00,2026-03-02 14:00:00,bo\n"
        "2,answer,2026-03-02 09:00:00,2026-03-02 10:00:00,ada\n"
        "2,close,2026-03-02 11:00:00,2026-03-02 12:00:00,bo\n"
        "2,thank,2026-03-02 13:00:00,2026-03-02 14:00:00,ada\n"
    )
    found = told(read_text(text).log)
    assert found["handle_time"].figure("mean").value == 3 * HOUR
    assert found["transfer"].figure("share").value == 0.5
    assert found["first_contact_ownership"].figure("share").value == 0.5


def test_the_helpdesk_log_tells_what_a_plain_count_tells():
    data = shared_log("helpdesk_italy.xes.gz").read_bytes()
    log = read_bytes(data).log
    found = told(log)
    assert found["resolution"].n == 4580
    names = log.resource.values()
    cases = log.case.codes.tolist()
    first, last = {}, {}
    for case, name in zip(cases, names, strict=True):
        if name is not None:
            first.setdefault(case, name)
            last[case] = name
    held = sum(first[case] == last[case] for case in first)
    assert found["first_contact_ownership"].figure("share").value == held / len(first)

"""Everything that commands change, from one JSON document, in one call: see `event_log.commit`.

A function and not one statement of many parts: such a statement opens every table and index in each
of its parts, needed or not, and is planned for a hundred rows, which on a young database means
reading whole tables. Here a part that has nothing to do is skipped, and each changed row is found by
its primary key.

To change it, add a migration with CREATE OR REPLACE; never edit a released one.
"""

from typing import ClassVar

from django.db import migrations

MAKE = """
CREATE FUNCTION commit_moves(d jsonb) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    n jsonb;
    passed_by bigint[] := '{}';
BEGIN
    -- The cases first. One whose `seq` is no longer `seq_before` was changed by somebody else
    -- meanwhile; then nothing is written, and the caller learns which.
    FOR n IN SELECT * FROM jsonb_array_elements(d->'moved') LOOP
        UPDATE "case" AS c
        SET (subject, status, owner, outcome, closed_at, seq, state) = (
            SELECT r.subject, r.status, r.owner, r.outcome, r.closed_at, r.seq, r.state
            FROM jsonb_populate_record(c, n) AS r
        )
        WHERE c.id = (n->>'id')::bigint AND c.seq = (n->>'seq_before')::int;
        IF NOT FOUND THEN
            passed_by := passed_by || (n->>'id')::bigint;
        END IF;
    END LOOP;
    IF cardinality(passed_by) > 0 THEN
        RETURN passed_by;
    END IF;
    IF d ? 'opened' THEN
        INSERT INTO "case" SELECT r.* FROM jsonb_populate_recordset(NULL::"case", d->'opened') AS r;
    END IF;

    INSERT INTO event SELECT r.* FROM jsonb_populate_recordset(NULL::event, d->'events') AS r;
    IF d ? 'commands' THEN
        -- A key that is there already fails the whole call; the caller then reads its answer.
        INSERT INTO command
        SELECT r.* FROM jsonb_populate_recordset(NULL::command, d->'commands') AS r;
    END IF;

    IF d ? 'task' THEN
        INSERT INTO task SELECT r.* FROM jsonb_populate_recordset(NULL::task, d->'task') AS r;
    END IF;
    FOR n IN SELECT * FROM jsonb_array_elements(d->'task_changes') LOOP
        UPDATE task AS t
        SET (status, person, due_at, claimed_at, ended_at) = (
            SELECT r.status, r.person, r.due_at, r.claimed_at, r.ended_at
            FROM jsonb_populate_record(t, n) AS r
        )
        WHERE t.case_id = (n->>'case_id')::bigint AND t.no = (n->>'no')::int;
    END LOOP;

    IF d ? 'clock' THEN
        INSERT INTO clock SELECT r.* FROM jsonb_populate_recordset(NULL::clock, d->'clock') AS r;
    END IF;
    FOR n IN SELECT * FROM jsonb_array_elements(d->'clock_changes') LOOP
        UPDATE clock AS t
        SET (status, due_at, remaining_seconds, ended_at) = (
            SELECT r.status, r.due_at, r.remaining_seconds, r.ended_at
            FROM jsonb_populate_record(t, n) AS r
        )
        WHERE t.case_id = (n->>'case_id')::bigint AND t.no = (n->>'no')::int;
    END LOOP;

    IF d ? 'escalation' THEN
        INSERT INTO escalation
        SELECT r.* FROM jsonb_populate_recordset(NULL::escalation, d->'escalation') AS r;
    END IF;
    FOR n IN SELECT * FROM jsonb_array_elements(d->'escalation_changes') LOOP
        UPDATE escalation AS t
        SET (level, role, due_at, status, answered_by, decision, words, ended_at) = (
            SELECT r.level, r.role, r.due_at, r.status, r.answered_by, r.decision, r.words,
                r.ended_at
            FROM jsonb_populate_record(t, n) AS r
        )
        WHERE t.case_id = (n->>'case_id')::bigint AND t.no = (n->>'no')::int;
    END LOOP;

    IF d ? 'incident' THEN
        INSERT INTO incident
        SELECT r.* FROM jsonb_populate_recordset(NULL::incident, d->'incident') AS r;
    END IF;
    FOR n IN SELECT * FROM jsonb_array_elements(d->'incident_changes') LOOP
        UPDATE incident AS t
        SET (status, resolved_by, ended_at) = (
            SELECT r.status, r.resolved_by, r.ended_at FROM jsonb_populate_record(t, n) AS r
        )
        WHERE t.case_id = (n->>'case_id')::bigint AND t.no = (n->>'no')::int;
    END LOOP;

    FOR n IN SELECT * FROM jsonb_array_elements(d->'unsubscribed') LOOP
        DELETE FROM subscription AS t
        WHERE t.case_id = (n->>'case_id')::bigint AND t.no = (n->>'no')::int;
    END LOOP;
    IF d ? 'subscription' THEN
        INSERT INTO subscription
        SELECT r.* FROM jsonb_populate_recordset(NULL::subscription, d->'subscription') AS r;
    END IF;
    IF d ? 'timers' THEN
        INSERT INTO timer (case_id, no, kind, due_at)
        SELECT r.case_id, r.no, r.kind, r.due_at
        FROM jsonb_populate_recordset(NULL::timer, d->'timers') AS r;
    END IF;
    IF d ? 'jobs' THEN
        PERFORM procrastinate_defer_jobs_v1(array_agg(
            ROW(r.queue, r.task, 0, NULL, NULL, r.args, NULL)::procrastinate_job_to_defer_v1
            ORDER BY (r.args->>'case')::bigint, r.ordinal
        ))
        FROM jsonb_to_recordset(d->'jobs') AS r(ordinal int, queue text, task text, args jsonb);
    END IF;
    RETURN passed_by;
END;
$$;
"""
DROP = "DROP FUNCTION commit_moves(jsonb);"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("storage", "0006_case_is_updated_in_place"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations: ClassVar = [migrations.RunSQL(MAKE, DROP)]

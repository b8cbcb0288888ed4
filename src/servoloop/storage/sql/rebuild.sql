-- The rows of one case, made again from its log; the old ones have been deleted just before.
WITH doc AS MATERIALIZED (
    SELECT %(document)s::jsonb AS d
), mended AS (
    UPDATE "case" AS c
    SET (subject, channel, status, owner, outcome, opened_at, closed_at, seq, state) = (
        SELECT r.subject, r.channel, r.status, r.owner, r.outcome, r.opened_at, r.closed_at, r.seq,
            r.state
        FROM jsonb_populate_record(c, d->'case') AS r
    )
    FROM doc
    WHERE c.id = (d->'case'->>'id')::bigint
), tasks AS (
    INSERT INTO task SELECT r.* FROM doc, jsonb_populate_recordset(NULL::task, d->'task') AS r
), clocks AS (
    INSERT INTO clock SELECT r.* FROM doc, jsonb_populate_recordset(NULL::clock, d->'clock') AS r
), escalations AS (
    INSERT INTO escalation
    SELECT r.* FROM doc, jsonb_populate_recordset(NULL::escalation, d->'escalation') AS r
), incidents AS (
    INSERT INTO incident
    SELECT r.* FROM doc, jsonb_populate_recordset(NULL::incident, d->'incident') AS r
), subscriptions AS (
    INSERT INTO subscription
    SELECT r.* FROM doc, jsonb_populate_recordset(NULL::subscription, d->'subscription') AS r
)
INSERT INTO timer (case_id, no, kind, due_at)
SELECT r.case_id, r.no, r.kind, r.due_at
FROM doc, jsonb_to_recordset(d->'timers')
    AS r(case_id bigint, no int, kind text, due_at timestamptz)

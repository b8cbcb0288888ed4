-- The events that KPIs are made of, of the cases that were open at some time since a moment.
-- What customers and colleagues wrote stays in the database: no KPI reads it.
SELECT
    e.case_id, e.seq, e.at, e.kind, e.activity, e.actor_kind, e.actor,
    (e.data - ARRAY['variables', 'text', 'outputs', 'payload', 'words', 'subject'])::text
FROM event AS e
JOIN "case" AS c ON c.id = e.case_id
JOIN definition AS d ON d.id = c.definition_id
WHERE
    split_part(e.kind, '.', 1)
    IN ('case', 'conversation', 'task', 'message', 'clock', 'escalation')
    AND (c.closed_at IS NULL OR c.closed_at >= %(since)s)
    AND (%(process)s = '' OR d.key = %(process)s)
ORDER BY e.case_id, e.seq

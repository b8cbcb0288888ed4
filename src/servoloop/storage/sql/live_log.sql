-- The analyst's log: what was done when by whom, of every case. Tokens passing gateways and events
-- are the engine's business, so only activities with work in them are taken.
SELECT
    c.number, e.seq, e.at, e.activity, e.lifecycle, e.actor, e.actor_kind, d.key, d.version
FROM event AS e
JOIN "case" AS c ON c.id = e.case_id
JOIN definition AS d ON d.id = c.definition_id
WHERE e.lifecycle IS NOT NULL AND e.activity IS NOT NULL
    AND e.kind IN (
        'task.opened', 'task.assigned', 'task.claimed', 'task.completed', 'task.withdrawn',
        'job.requested', 'job.done', 'job.failed', 'message.awaited', 'message.received'
    )
    AND (%(process)s = '' OR d.key = %(process)s)
ORDER BY e.case_id, e.seq

-- How the human steps of a version really go: tasks, the wait until somebody takes one, and lateness.
-- A task that nobody has taken yet waits until now; a withdrawn one does not count.
SELECT
    t.node,
    count(*) AS tasks,
    count(*) FILTER (WHERE t.ended_at IS NULL) AS open_tasks,
    percentile_cont(0.9) WITHIN GROUP (
        ORDER BY extract(epoch FROM coalesce(t.claimed_at, t.ended_at, %(at)s) - t.opened_at)
    ) AS p90_wait,
    avg((coalesce(t.ended_at, %(at)s) > t.due_at)::int) AS late
FROM task AS t
JOIN "case" AS c ON c.id = t.case_id
WHERE c.definition_id = %(definition)s AND t.status <> 'withdrawn'
GROUP BY t.node

-- How the human steps of a version went, for cases opened since a day: waits until somebody took the
-- task, work from then on, lateness, escalations. What is still open counts up to now.
SELECT
    t.node,
    count(*) AS tasks,
    percentile_cont(0.9) WITHIN GROUP (
        ORDER BY extract(epoch FROM coalesce(t.claimed_at, t.ended_at, %(at)s) - t.opened_at)
    ) AS p90_wait,
    percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM coalesce(t.ended_at, %(at)s) - t.claimed_at)
    ) FILTER (WHERE t.claimed_at IS NOT NULL) AS median_work,
    avg(extract(epoch FROM coalesce(t.claimed_at, t.ended_at, %(at)s) - t.opened_at)) AS mean_wait,
    avg(extract(epoch FROM coalesce(t.ended_at, %(at)s) - t.claimed_at)) AS mean_work,
    avg((coalesce(t.ended_at, %(at)s) > t.due_at)::int) AS late,
    count(*) FILTER (WHERE EXISTS (
        SELECT FROM escalation AS x WHERE x.case_id = t.case_id AND x.task_no = t.no
    )) AS escalated
FROM task AS t
JOIN "case" AS c ON c.id = t.case_id
WHERE c.definition_id = %(definition)s AND c.opened_at >= %(since)s AND t.status <> 'withdrawn'
GROUP BY t.node

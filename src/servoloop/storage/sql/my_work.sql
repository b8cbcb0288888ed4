-- The viewer's own tasks and those in their roles' queues, after a mark, oldest deadline first. Each
-- role's queue is walked by itself along the index, so that the length of a queue does not matter.
WITH rows AS (
    (
        SELECT case_id, no, node, role, status, person, opened_at, due_at
        FROM task
        WHERE %(with_held)s AND person = %(person)s AND status IN ('assigned', 'claimed')
            AND (coalesce(due_at, 'infinity'), case_id, no)
                > (%(due)s::timestamptz, %(case)s::bigint, %(no)s::int)
        ORDER BY coalesce(due_at, 'infinity'), case_id, no
        LIMIT %(limit)s
    )
    UNION ALL
    SELECT queued.*
    FROM unnest(%(roles)s::text[]) AS asked(role)
    CROSS JOIN LATERAL (
        SELECT case_id, no, node, role, status, person, opened_at, due_at
        FROM task
        WHERE task.role = asked.role AND status = 'open'
            AND (coalesce(due_at, 'infinity'), case_id, no)
                > (%(due)s::timestamptz, %(case)s::bigint, %(no)s::int)
        ORDER BY coalesce(due_at, 'infinity'), case_id, no
        LIMIT %(limit)s
    ) AS queued
), page AS (
    SELECT * FROM rows ORDER BY coalesce(due_at, 'infinity'), case_id, no LIMIT %(limit)s
)
SELECT
    page.case_id, c.number, page.no, c.subject, d.key, d.version, page.node, page.role,
    page.status, page.person, page.opened_at, page.due_at,
    EXISTS (
        SELECT FROM escalation AS e
        WHERE e.case_id = page.case_id AND e.task_no = page.no AND e.status = 'open'
    ),
    EXISTS (SELECT FROM clock AS k WHERE k.case_id = page.case_id AND k.status = 'paused')
FROM page
JOIN "case" AS c ON c.id = page.case_id
JOIN definition AS d ON d.id = c.definition_id
ORDER BY coalesce(page.due_at, 'infinity'), page.case_id, page.no

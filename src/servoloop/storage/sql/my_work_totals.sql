-- How much waits in each of the viewer's roles, and how much they hold (role NULL). Counting stops
-- at a limit: nobody needs to know whether it is 40,000 or 41,000, and the page must stay quick.
SELECT asked.role, (
    SELECT count(*) FROM (
        SELECT FROM task WHERE task.role = asked.role AND status = 'open' LIMIT %(limit)s
    ) AS found
)
FROM unnest(%(roles)s::text[]) AS asked(role)
UNION ALL
SELECT NULL, (
    SELECT count(*) FROM (
        SELECT FROM task
        WHERE person = %(person)s AND status IN ('assigned', 'claimed') LIMIT %(limit)s
    ) AS found
)

-- The numbers beside the navigation's entries; each counting stops at a limit.
SELECT
    (SELECT count(*) FROM (
        SELECT FROM task
        WHERE role = ANY (%(roles)s::text[]) AND status = 'open' LIMIT %(limit)s
    ) AS q),
    (SELECT count(*) FROM (
        SELECT FROM task
        WHERE person = %(person)s AND status IN ('assigned', 'claimed') LIMIT %(limit)s
    ) AS h),
    (SELECT count(*) FROM (
        SELECT FROM escalation
        WHERE role = ANY (%(roles)s::text[]) AND status = 'open' LIMIT %(limit)s
    ) AS e),
    (SELECT count(*) FROM (SELECT FROM incident WHERE status = 'open' LIMIT %(limit)s) AS i),
    (SELECT count(*) FROM (
        SELECT FROM publication_request
        WHERE owner = %(person)s AND status = 'waiting' LIMIT %(limit)s
    ) AS a)

-- Every version of a process with its cases, the newest first.
SELECT
    d.id, d.version, d.is_current, d.published_at, d.retired_at,
    d.author, d.reason, d.approved_by, d.approved_at,
    count(c.id) FILTER (WHERE c.status = 'open'),
    count(c.id) FILTER (WHERE c.status <> 'open')
FROM definition AS d
LEFT JOIN "case" AS c ON c.definition_id = d.id
WHERE d.key = %(key)s
GROUP BY d.id
ORDER BY d.published_at DESC, d.id DESC

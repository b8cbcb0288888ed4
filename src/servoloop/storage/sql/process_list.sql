-- The current version of each process, with the cases of all its versions.
SELECT
    d.key, d.version, d.owner, d.published_at,
    coalesce(counted.open_cases, 0), coalesce(counted.closed_cases, 0)
FROM definition AS d
LEFT JOIN (
    SELECT
        v.key,
        count(*) FILTER (WHERE c.status = 'open') AS open_cases,
        count(*) FILTER (WHERE c.status <> 'open') AS closed_cases
    FROM "case" AS c
    JOIN definition AS v ON v.id = c.definition_id
    GROUP BY v.key
) AS counted ON counted.key = d.key
WHERE d.is_current
ORDER BY d.key

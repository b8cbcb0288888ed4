-- How often the cases of a version passed each element and each flow, for cases opened since a day.
-- A flow is named in the row of the token that went along it.
SELECT e.activity AS element, count(*) AS passes
FROM "case" AS c
JOIN event AS e ON e.case_id = c.id
WHERE c.definition_id = %(definition)s AND c.opened_at >= %(since)s
    AND e.kind = 'node.passed' AND e.activity IS NOT NULL
GROUP BY e.activity
UNION ALL
SELECT token->>2, count(*)
FROM "case" AS c
JOIN event AS e ON e.case_id = c.id
CROSS JOIN jsonb_array_elements(e.data->'created') AS token
WHERE c.definition_id = %(definition)s AND c.opened_at >= %(since)s
    AND e.kind = 'node.passed' AND token->>2 <> ''
GROUP BY token->>2

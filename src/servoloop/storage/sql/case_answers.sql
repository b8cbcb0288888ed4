-- What the form that opened each case was answered with; the first event of a case is its opening.
SELECT c.id, c.number, d.key, d.version, c.channel, (e.data -> 'variables')::text
FROM "case" AS c
JOIN event AS e ON e.case_id = c.id AND e.seq = 1
JOIN definition AS d ON d.id = c.definition_id
WHERE (%(process)s = '' OR d.key = %(process)s)
ORDER BY c.id

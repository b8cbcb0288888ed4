-- One round trip before a command: the case under lock, the workplace's stamp, and the answer to a
-- repeated key. When two ask with one key at the same moment, the second may still see no answer
-- here; its own key then fails in commit_moves, and it asks again.
SELECT
    c.state,
    c.customer_id,
    (SELECT stamp FROM workplace_stamp),
    (SELECT result FROM command WHERE key = %(key)s)
FROM "case" AS c
WHERE c.id = %(case)s
FOR UPDATE OF c

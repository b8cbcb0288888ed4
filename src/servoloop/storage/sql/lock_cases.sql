-- Many cases under lock, always in the order of their ids, so that two callers cannot wait in a
-- circle.
SELECT c.state, c.customer_id, (SELECT stamp FROM workplace_stamp)
FROM "case" AS c
WHERE c.id = ANY (%(cases)s::bigint[])
ORDER BY c.id
FOR UPDATE OF c

-- Timers that are due, oldest first, with their cases under lock. A timer whose row or case somebody
-- else holds is left where it is, for the next round: nobody waits, so nobody can wait in a circle.
WITH due AS MATERIALIZED (
    SELECT id, case_id FROM timer
    WHERE due_at <= %(at)s
    ORDER BY due_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), locked AS MATERIALIZED (
    SELECT id, state, customer_id FROM "case"
    WHERE id = ANY (ARRAY(SELECT case_id FROM due))
    FOR UPDATE SKIP LOCKED
), claimed AS (
    DELETE FROM timer
    WHERE id = ANY (ARRAY(SELECT due.id FROM due JOIN locked ON locked.id = due.case_id))
    RETURNING case_id, no, due_at
)
SELECT
    locked.state,
    locked.customer_id,
    (SELECT stamp FROM workplace_stamp),
    array_agg(claimed.no ORDER BY claimed.due_at, claimed.no)
FROM claimed JOIN locked ON locked.id = claimed.case_id
GROUP BY locked.id, locked.state, locked.customer_id

-- One round trip before a case is opened: its id, the version that serves, and whom it is for.
SELECT
    nextval(pg_get_serial_sequence('"case"', 'id')),
    d.id,
    d.version,
    (SELECT id FROM customer WHERE key = %(customer)s),
    (SELECT stamp FROM workplace_stamp),
    (SELECT result FROM command WHERE key = %(key)s)
FROM definition AS d
WHERE d.key = %(process)s AND d.is_current

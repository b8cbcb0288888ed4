"""Many cases from one, in SQL: to have a full house before measuring."""


def clone(case: int, times: int) -> list[int]:
    """Copies of a case with everything that belongs to it; their ids, ascending."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute('SELECT coalesce(max(id), 0) FROM "case"')
        last = int(cursor.fetchone()[0])
        cursor.execute(
            """
            INSERT INTO "case" (id, number, definition_id, customer_id, secret, subject, channel,
                status, owner, outcome, opened_at, closed_at, seq, state)
            SELECT %(last)s + n, 'SL-' || (%(last)s + n), definition_id, customer_id,
                'clone-' || (%(last)s + n), subject, channel, status, owner, outcome, opened_at,
                closed_at, seq, jsonb_set(state, '{case}', to_jsonb(%(last)s + n))
            FROM "case", generate_series(1, %(times)s) AS n WHERE id = %(case)s
            """,
            {"last": last, "times": times, "case": case},
        )
        for table in ("event", "task", "clock", "escalation", "incident", "subscription", "timer"):
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
                " AND table_schema = 'public' AND column_name NOT IN ('id', 'case_id')"
                " ORDER BY ordinal_position",
                [table],
            )
            columns = ", ".join(name for (name,) in cursor.fetchall())
            cursor.execute(
                f"INSERT INTO {table} (case_id, {columns})"
                f" SELECT %(last)s + n, {columns} FROM {table}, generate_series(1, %(times)s) AS n"
                " WHERE case_id = %(case)s",
                {"last": last, "times": times, "case": case},
            )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('\"case\"', 'id'), %s)", [last + times]
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return list(range(last + 1, last + times + 1))

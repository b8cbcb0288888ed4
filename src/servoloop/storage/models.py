"""The tables. Written by `event_log` in one statement; the ORM is for definitions and reading.

The case is the shard key: every case-scoped table begins its primary key with `case_id`. Tables
that are appended to on every step (event, timer, clock, subscription, command) refer to the case
without a foreign key: their rows are written only in the statement that writes the case itself,
cases are never deleted, and the checks would halve a batch (5,755 against 11,284 steps/s).
Numbers (`no`) are the engine's ids: small, unique within a case.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from servoloop.storage import draft_models as draft_models  # Django finds tables through here


class Definition(models.Model):
    """One published version of a process; a trigger keeps its content as it is."""

    key = models.CharField(max_length=255)
    version = models.CharField(max_length=64)  # sha256 of the canonical XML
    xml = models.TextField()
    library = models.JSONField(default=dict)  # process id -> XML of the processes that it calls
    name = models.JSONField(default=dict)  # language tag -> name; "" is the default
    owner = models.CharField(max_length=255, blank=True)
    has_form = models.BooleanField(default=False)  # customers may open it in the portal
    is_current = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    author = models.CharField(max_length=150, blank=True)  # who published it
    reason = models.TextField(blank=True)
    approved_by = models.CharField(max_length=150, blank=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "definition"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="definition_version_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(is_current=True), name="definition_one_current"
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(retired_at=None), name="definition_current_serves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version[:12]}"


class WorkingCalendar(models.Model):
    """A calendar of the kernel as `Calendar.to_data` writes it."""

    name = models.CharField(max_length=128, primary_key=True)
    data = models.JSONField()

    class Meta:
        db_table = "calendar"

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    key = models.CharField(max_length=128, unique=True)  # what events call the customer
    name = models.CharField(max_length=255)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=16, default="zh-hans")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "customer"

    def __str__(self) -> str:
        return self.key


class Case(models.Model):
    """The present state of a case: a snapshot that the fold of its events always equals."""

    number = models.CharField(max_length=32, unique=True)  # what people call it: SL-000123
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="cases")
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.PROTECT, related_name="cases"
    )
    secret = models.CharField(max_length=64, unique=True)  # of the link that follows this case
    subject = models.CharField(max_length=500, blank=True)
    channel = models.CharField(max_length=32)
    status = models.CharField(max_length=16)  # kernel CaseStatus
    owner = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=255, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    seq = models.IntegerField()  # of the last event; a writer names the one it has read
    state = models.JSONField()  # kernel codec

    class Meta:
        db_table = "case"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["open", "closed", "cancelled"]), name="case_status_known"
            ),
            models.CheckConstraint(condition=Q(seq__gt=0), name="case_has_events"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-id"], name="case_of_customer"),
            models.Index(fields=["definition", "status"], name="case_of_definition"),
            models.Index(fields=["status", "-id"], name="case_by_status"),
        ]

    def __str__(self) -> str:
        return self.number


class EventRow(models.Model):
    """THE event, append-only: triggers refuse UPDATE, DELETE and TRUNCATE."""

    pk = models.CompositePrimaryKey("case_id", "seq")
    case_id = models.BigIntegerField()
    seq = models.IntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=64)
    activity = models.CharField(max_length=255, null=True)
    lifecycle = models.CharField(max_length=32, null=True)
    actor_kind = models.CharField(max_length=16)
    actor = models.CharField(max_length=150)
    data = models.JSONField()

    class Meta:
        db_table = "event"


class Task(models.Model):
    pk = models.CompositePrimaryKey("case_id", "no")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    no = models.IntegerField()
    node = models.CharField(max_length=255)
    role = models.CharField(max_length=255)
    status = models.CharField(max_length=16)  # open, assigned, claimed, completed or withdrawn
    person = models.CharField(max_length=150, blank=True)  # "" while in the queue
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # of the step's response clock
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "task"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    Q(status__in=["open", "assigned", "claimed"], ended_at=None)
                    | Q(status__in=["completed", "withdrawn"], ended_at__isnull=False)
                ),
                name="task_ends_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="open") | Q(person=""), name="task_in_queue_is_nobodys"
            ),
        ]
        # `my_work` walks two more indexes, by deadline, made in migration 0004.


class Timer(models.Model):
    """Due once. Never cancelled: a timer that the case has forgotten does nothing when it fires."""

    case_id = models.BigIntegerField()
    no = models.IntegerField()
    kind = models.CharField(max_length=16)  # kernel TimerPurpose
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "timer"


class StartTimer(models.Model):
    """When a timer start event of a current definition opens its next case."""

    definition = models.ForeignKey(Definition, on_delete=models.CASCADE, related_name="+")
    node = models.CharField(max_length=255)
    due_at = models.DateTimeField(db_index=True)
    repeats = models.IntegerField()  # further cases after this one; -1 without end
    every = models.DurationField()  # between them

    class Meta:
        db_table = "start_timer"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["definition", "node"], name="start_timer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.node}"


class ClockRow(models.Model):
    """One service-level metric of a case, or of one of its tasks, in one cycle."""

    pk = models.CompositePrimaryKey("case_id", "no")
    case_id = models.BigIntegerField()
    no = models.IntegerField()
    metric = models.CharField(max_length=32)
    cycle = models.IntegerField()
    task_no = models.IntegerField()  # 0: of the whole case
    node = models.CharField(max_length=255, blank=True)
    calendar = models.CharField(max_length=128, blank=True)  # "": around the clock
    target_seconds = models.FloatField()  # working time
    status = models.CharField(max_length=16)  # kernel ClockStatus
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # None while paused
    remaining_seconds = models.FloatField(null=True)  # working time, while paused
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clock"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["running", "paused", "met", "breached", "stopped"]),
                name="clock_status_known",
            ),
        ]


class EscalationRow(models.Model):
    pk = models.CompositePrimaryKey("case_id", "no")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations")
    no = models.IntegerField()
    task_no = models.IntegerField()
    node = models.CharField(max_length=255)
    level = models.IntegerField()  # index into the step's chain
    role = models.CharField(max_length=255)  # who is asked now
    reason = models.TextField()
    raised_by = models.CharField(max_length=150, blank=True)  # "" by the clock
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # None: every level has let its deadline pass
    status = models.CharField(max_length=16)  # open, answered or withdrawn
    answered_by = models.CharField(max_length=150, blank=True)
    decision = models.CharField(max_length=64, blank=True)
    words = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "escalation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="open", ended_at=None)
                | Q(status__in=["answered", "withdrawn"], ended_at__isnull=False),
                name="escalation_ends_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["role", "due_at"], condition=Q(status="open"), name="escalation_waiting"
            ),
        ]


class IncidentRow(models.Model):
    pk = models.CompositePrimaryKey("case_id", "no")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="incidents")
    no = models.IntegerField()
    token = models.IntegerField()
    node = models.CharField(max_length=255, blank=True)
    cause = models.CharField(max_length=64)
    words = models.TextField()
    raised_at = models.DateTimeField()
    status = models.CharField(max_length=16)  # open, resolved or withdrawn
    resolved_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "incident"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="open", ended_at=None)
                | Q(status__in=["resolved", "withdrawn"], ended_at__isnull=False),
                name="incident_ends_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-raised_at"], condition=Q(status="open"), name="incident_waiting"
            ),
        ]


class Subscription(models.Model):
    """A message that a case waits for; the row goes when the wait ends."""

    pk = models.CompositePrimaryKey("case_id", "no")
    case_id = models.BigIntegerField()
    no = models.IntegerField()
    name = models.CharField(max_length=255)
    key = models.CharField(max_length=255, blank=True)
    is_customer = models.BooleanField()

    class Meta:
        db_table = "subscription"
        indexes: ClassVar = [models.Index(fields=["name", "key"], name="subscription_awaits")]


class CommandKey(models.Model):
    """A command that was applied: asked again under the same key, it answers the same."""

    key = models.CharField(max_length=255, primary_key=True)
    case_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    result = models.JSONField()

    class Meta:
        db_table = "command"


class WorkplaceStamp(models.Model):
    """One row; triggers count it up when people, roles or calendars change."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    stamp = models.BigIntegerField(default=0)

    class Meta:
        db_table = "workplace_stamp"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="workplace_stamp_single")
        ]

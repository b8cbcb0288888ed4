"""The tables of the workshop: drafts with their former texts, who edits, comments, and the acts
on published versions. `models` loads them for Django.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """A process that is being drawn; `rev` counts its saves, and each save names the one before."""

    key = models.CharField(max_length=255, blank=True)  # id of the process; "" while there is none
    name = models.JSONField(default=dict)  # as of a definition
    xml = models.TextField()
    base = models.ForeignKey(
        "storage.Definition", null=True, on_delete=models.PROTECT, related_name="drafts"
    )
    rev = models.IntegerField(default=1)
    author = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    updated_by = models.CharField(max_length=150)
    updated_at = models.DateTimeField()
    origin = models.CharField(max_length=255)  # empty, file, version, template:…, copy:…, log
    closed_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=16, blank=True)  # discarded or published

    class Meta:
        db_table = "draft"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(rev__gt=0), name="draft_is_counted"),
            models.CheckConstraint(
                condition=Q(closed_as="", closed_at=None)
                | Q(closed_as__in=["discarded", "published"], closed_at__isnull=False),
                name="draft_closes_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-updated_at"], condition=Q(closed_at=None), name="draft_open"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.key} rev {self.rev}"


class DraftText(models.Model):
    """What a draft said at a former save: the ground of a copy that was overtaken."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="texts")
    rev = models.IntegerField()
    xml = models.TextField()
    saved_by = models.CharField(max_length=150)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "draft_text"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "rev"], name="draft_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} rev {self.rev}"


class DraftPresence(models.Model):
    """Who has a draft open for editing; a row that was not seen for a while counts no more."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="presence")
    person = models.CharField(max_length=150)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "draft_presence"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "person"], name="draft_presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.person}"


class Comment(models.Model):
    """What somebody says about an element ("" the whole) of a draft or of a published version."""

    draft = models.ForeignKey(Draft, null=True, on_delete=models.CASCADE, related_name="comments")
    definition = models.ForeignKey(
        "storage.Definition", null=True, on_delete=models.PROTECT, related_name="comments"
    )
    element = models.CharField(max_length=255, blank=True)
    author = models.CharField(max_length=150)
    text = models.TextField()
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "draft_comment"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(draft__isnull=False, definition=None)
                | Q(draft=None, definition__isnull=False),
                name="comment_is_about_one",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by="")
                | (Q(resolved_at__isnull=False) & ~Q(resolved_by="")),
                name="comment_is_resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.author}"


class PublicationRequest(models.Model):
    """A draft's text as it was handed to the owner of its process for approval."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="requests")
    rev = models.IntegerField()
    key = models.CharField(max_length=255)
    name = models.JSONField(default=dict)
    xml = models.TextField()  # with the reasons for its warnings in it
    owner = models.CharField(max_length=255)  # who decides
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    status = models.CharField(max_length=16, default="waiting")
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)  # why it was declined
    definition = models.ForeignKey(
        "storage.Definition", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "publication_request"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="waiting", decided_at=None)
                | Q(status__in=["approved", "declined", "withdrawn"], decided_at__isnull=False),
                name="publication_request_is_decided_once",
            ),
            models.UniqueConstraint(
                fields=["draft"], condition=Q(status="waiting"), name="publication_request_single"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["owner"], condition=Q(status="waiting"), name="publication_request_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.key} {self.status}"


class DefinitionAct(models.Model):
    """Who made a version current or retired it, when and why; append-only by triggers."""

    definition = models.ForeignKey(
        "storage.Definition", on_delete=models.PROTECT, related_name="acts"
    )
    kind = models.CharField(max_length=16)  # published, rolled_back or retired
    person = models.CharField(max_length=150)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "definition_act"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["published", "rolled_back", "retired"]),
                name="definition_act_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.kind}"

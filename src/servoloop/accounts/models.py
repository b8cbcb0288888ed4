"""Who may log in, and which roles they hold. Cases refer to people by user name, never by row."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.Model):
    """What a lane of a process is called, with people in it."""

    key = models.SlugField(max_length=64, primary_key=True)
    label_zh = models.CharField(max_length=128)
    label_en = models.CharField(max_length=128)

    class Meta:
        db_table = "role"
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.key


class User(AbstractUser):
    """A colleague, or (with `customer`) a customer who uses the portal."""

    name_zh = models.CharField(max_length=128, blank=True)
    name_en = models.CharField(max_length=128, blank=True)
    language = models.CharField(max_length=16, default="zh-hans")
    is_present = models.BooleanField(default=True)  # at work: a rule may give them tasks
    customer = models.ForeignKey(
        "storage.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    roles = models.ManyToManyField(Role, through="Membership", related_name="people")

    class Meta(AbstractUser.Meta):
        db_table = "person"

    @property
    def is_colleague(self) -> bool:
        """Whether this person works here, as opposed to being served here."""
        return self.customer_id is None

    def name_in(self, language: str) -> str:
        """What to call this person in a language such as 'zh-hans' or 'en'."""
        names = (self.name_zh, self.name_en)
        preferred = names if language.startswith("zh") else names[::-1]
        return next((name for name in preferred if name), self.username)


class Membership(models.Model):
    """A person holds a role."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        db_table = "membership"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "role"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role_id}"

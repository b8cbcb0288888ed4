"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account by themselves.

        Colleagues are added by an administrator, and a person without a customer counts as one;
        customers need no account, because each case has a link of its own.
        """
        return False

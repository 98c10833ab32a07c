"""The manager of everything that belongs to a workspace: without a scope it fails, never leaks."""

from typing import TypeVar

from django.db import models
from django_scopes import get_scope
from django_scopes.manager import DisabledQuerySet

_M = TypeVar("_M", bound=models.Model, covariant=True)


class WorkspaceManager(models.Manager[_M]):
    """django-scopes' ScopedManager for the dimension ``workspace``, in a form that has types.

    Raises ``django_scopes.exceptions.ScopeError`` on any query outside of
    ``scope(workspace=…)``; inside, only rows of that workspace exist.
    """

    def get_queryset(self) -> models.QuerySet[_M]:
        current = get_scope()
        if not current.get("_enabled", True):
            return super().get_queryset()
        if "workspace" not in current:
            disabled: models.QuerySet[_M] = DisabledQuerySet(
                self.model, using=self._db, missing_scopes={"workspace"}
            )
            return disabled
        return super().get_queryset().filter(workspace=current["workspace"])

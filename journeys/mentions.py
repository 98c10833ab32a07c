"""Who is meant by "@Name" in a remark, and who is told of it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cxm.models import User, Workspace
from journeys import tasks
from journeys.models import Comment, Notification

MAX_MENTIONS = 50
"""Nobody means more people than this with one remark."""


@dataclass(frozen=True)
class Part:
    """A piece of a remark; ``is_name`` where it mentions a member."""

    text: str
    is_name: bool


def spoken_name(user: User) -> str:
    """How colleagues call a person: the name, else what stands before the @ of the address."""
    return user.name.strip() or user.email.split("@")[0]


def members_of(workspace_id: int) -> list[User]:
    """Everybody who belongs to the workspace, by name: one query."""
    found = User.objects.filter(memberships__workspace=workspace_id, is_active=True)
    return sorted(found, key=lambda user: (spoken_name(user).casefold(), user.pk))


class Names:
    """The members of a workspace as remarks mention them: by name or unshared first name."""

    def __init__(self, members: Sequence[User]) -> None:
        first = Counter(spoken_name(user).split()[0].casefold() for user in members)
        self._ids: dict[str, list[int]] = {}
        for user in members:
            name = spoken_name(user)
            self._ids.setdefault(name.casefold(), []).append(user.pk)
            start = name.split()[0].casefold()
            if first[start] == 1 and start != name.casefold():
                self._ids.setdefault(start, []).append(user.pk)
        # The longest first: "@Anna Berg" is not "@Anna" followed by a word.
        words = sorted(self._ids, key=len, reverse=True)
        names = "|".join(re.escape(word) for word in words)
        self._pattern = re.compile(rf"(?<![\w@.])@({names})(?!\w)", re.I) if words else None

    def meant(self, text: str) -> list[int]:
        """Ids of the members that a text mentions, each once."""
        found: dict[int, None] = {}
        for match in self._pattern.finditer(text) if self._pattern else ():
            found.update(dict.fromkeys(self._ids.get(match[1].casefold(), ())))
        return list(found)[:MAX_MENTIONS]

    def parts(self, text: str) -> list[Part]:
        """The text in pieces, mentions apart from the rest."""
        found: list[Part] = []
        end = 0
        for match in self._pattern.finditer(text) if self._pattern else ():
            if match.start() > end:
                found.append(Part(text[end : match.start()], False))
            found.append(Part(match[0], True))
            end = match.end()
        if end < len(text):
            found.append(Part(text[end:], False))
        return found


def notify(comment: Comment, *, origin: str, participants: bool = True) -> None:
    """Tell who is mentioned, and who takes part in the thread; never the author, nobody twice."""
    members = members_of(comment.workspace_id)
    wanted = Names(members).meant(comment.text)
    if participants and comment.thread_id:
        wanted += _participants(comment.thread_id)
    here = {user.pk for user in members} - {comment.author_id}
    rows = [
        Notification(workspace_id=comment.workspace_id, user_id=id, comment=comment)
        for id in dict.fromkeys(wanted)
        if id in here
    ]
    told = set(Notification.objects.filter(comment=comment).values_list("user_id", flat=True))
    rows = Notification.objects.bulk_create(row for row in rows if row.user_id not in told)
    _mail([row.pk for row in rows], origin)


def _participants(thread: int) -> list[int]:
    spoke = Comment.objects.filter(thread=thread) | Comment.objects.filter(pk=thread)
    return [id for id in spoke.values_list("author_id", flat=True) if id is not None]


def _mail(ids: Iterable[int], origin: str) -> None:
    # Queued in the same transaction: the job exists exactly when the remark does.
    for id in ids:
        tasks.mail_notification.defer(notification_id=id, origin=origin)


def unread(workspace: Workspace, user: User) -> int:
    """How many notifications wait for a person in a workspace: one query."""
    return Notification.objects.filter(workspace=workspace, user=user, read_at__isnull=True).count()

"""Where a person is on the way, and where they may go. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.questionnaire import Item, Replies, open_page


@dataclass(frozen=True)
class Way:
    """The pages of one person. They may stand on those answered and on the first open one."""

    pages: tuple[Item, ...]
    replies: Replies

    @property
    def reached(self) -> tuple[Item, ...]:
        """The pages that may be seen and answered now."""
        first_open = open_page(self.pages, self.replies)
        if first_open is None:
            return self.pages
        return self.pages[: self.pages.index(first_open) + 1]

    def item(self, question: int) -> Item | None:
        return next((item for item in self.reached if item.id == question), None)

    def number(self, item: Item) -> int:
        """Of a page, counted from 1."""
        return self.pages.index(item) + 1

    def before(self, item: Item) -> Item | None:
        place = self.pages.index(item)
        return self.pages[place - 1] if place else None

    def after(self, item: Item) -> Item | None:
        """The next page: the one after, or one that opened up before it; None at the end."""
        place = self.pages.index(item) + 1 if item in self.pages else 0
        if place < len(self.pages):
            following = self.pages[place]
            if following in self.reached:
                return following
        return open_page(self.pages, self.replies)

    @property
    def open(self) -> Item | None:
        return open_page(self.pages, self.replies)


def decides(items: Sequence[Item], item: Item) -> bool:
    """Whether what is said to ``item`` changes what follows: rules, jumps or texts look at it."""
    if item.jumps or item.parts or item.rotates:
        return True
    names = "{" + item.key
    for other in items:
        rules = (other.show_if, *(jump.when for jump in other.jumps))
        if any(c.question == item.id for rule in rules for both in rule for c in both):
            return True
        texts = (*other.texts.values(), *other.help_texts.values())
        if any(names in text for text in texts):
            return True
    return False

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
        return self.pages if first_open is None else self.pages[: self.number(first_open)]

    def item(self, question: int) -> Item | None:
        return next((item for item in self.reached if item.id == question), None)

    def number(self, item: Item) -> int:
        """Of a page, counted from 1; 0 where it is none of them."""
        # By id: comparing whole items field by field is what took longest of all.
        ids = (number for number, page in enumerate(self.pages, 1) if page.id == item.id)
        return next(ids, 0)

    def before(self, item: Item) -> Item | None:
        number = self.number(item)
        return self.pages[number - 2] if number > 1 else None

    def after(self, item: Item) -> Item | None:
        """The next page: the one after, or one that opened up before it; None at the end."""
        first_open = open_page(self.pages, self.replies)
        number = self.number(item)
        if number < len(self.pages):
            following = self.pages[number]
            if first_open is None or number < self.number(first_open):
                return following
        return first_open

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

"""What a comparison says, in sentences: honest both ways."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.templatetags.ui import number, percent, signed
from journeys.compare import Pair, weighs
from journeys.compare_choice import Choice
from journeys.insights.comparison import CLUSTERED, CORRECTED, NAIVE, WEIGHTED, Ladder, Rung


@dataclass(frozen=True)
class Verdict:
    """The headline, the words beside its mark, and the two figures."""

    sentence: str
    proven: bool | None = None
    mark: str = ""
    facts: str = ""


def names(choice: Choice) -> tuple[str, str]:
    """The two groups by what sets them apart: 2016 and 2017, before and since a day."""
    if choice.a is None or choice.b is None:
        return "", ""
    if choice.since:
        day = date_format(choice.since, "DATE_FORMAT")
        return _("before %(day)s") % {"day": day}, _("since %(day)s") % {"day": day}
    one, two = choice.a.survey.name.split(), choice.b.survey.name.split()
    while len(one) > 1 and len(two) > 1 and one[0] == two[0]:
        one, two = one[1:], two[1:]
    while len(one) > 1 and len(two) > 1 and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    return " ".join(one), " ".join(two)


def quoted(name: str, pair: Pair) -> str:
    """A whole question inside of a sentence is set apart; a touchpoint's name is not."""
    return _("“%(text)s”") % {"text": name} if name == pair.b.text else name


def sizes(choice: Choice, ladder: Ladder) -> str:
    """How many answers each group has."""
    values = {"m": number(ladder.look.a.n), "n": number(ladder.look.b.n)}
    if choice.is_period:
        return _("n %(m)s before, %(n)s since") % values
    one, two = names(choice)
    return _("n %(m)s in %(a)s, %(n)s in %(b)s") % {**values, "a": one, "b": two}


def verdict(choice: Choice, name: str, pair: Pair, ladder: Ladder, k: int) -> Verdict:
    """The headline about one question."""
    name = quoted(name, pair)
    if not ladder.rungs:
        return Verdict(
            _("%(name)s: nothing to compare yet.") % {"name": name}, facts=why(ladder, k)
        )
    steps, last = ladder.proven_steps, ladder.rungs[-1].difference
    values = {"name": name, "a": names(choice)[0], "b": names(choice)[1]}
    if ladder.proven:
        better = (last.difference > 0) != pair.b.is_reversed
        sentence = _change(choice, better) % values
        if steps == 4:
            sentence = _("%(finding)s, however strictly we ask.") % {"finding": sentence}
        else:
            sentence = f"{sentence}."
    elif steps:
        words = _("No difference is proven for %(name)s: what looks real at first does not hold.")
        sentence = words % values
    else:
        sentence = _("No difference is proven for %(name)s.") % values
    return Verdict(sentence, ladder.proven, _mark(steps), _facts(pair, ladder))


def _change(choice: Choice, better: bool) -> str:
    if choice.is_period:
        if better:
            return _("%(name)s got better %(b)s")
        return _("%(name)s got worse %(b)s")
    if better:
        return _("%(name)s got better from %(a)s to %(b)s")
    return _("%(name)s got worse from %(a)s to %(b)s")


def _mark(steps: int) -> str:
    if steps == 4:
        return _("Proven at all four steps")
    if steps == 0:
        return _("Not proven at any step")
    return ngettext(
        "Proven at %(n)s of four steps", "Proven at %(n)s of four steps", steps
    ) % {"n": number(steps)}  # fmt: skip


def _facts(pair: Pair, ladder: Ladder) -> str:
    found = ladder.rungs[-1].difference
    digits = 1 if pair.is_nps else 3
    values = {"a": number(found.a, digits), "b": number(found.b, digits), "scale": scale(pair)}
    if weighs(ladder.look.a) or weighs(ladder.look.b):
        return _("%(a)s to %(b)s on %(scale)s, weighted") % values
    return _("%(a)s to %(b)s on %(scale)s") % values


def scale(pair: Pair) -> str:
    """The scale as it was asked."""
    if pair.is_nps:
        return _("NPS, −100 to +100")
    low, high = number(pair.b.scale_min), number(pair.b.scale_max)
    if pair.b.is_reversed:
        return _("%(low)s–%(high)s, where %(low)s is best") % {"low": low, "high": high}
    return f"{low}–{high}"


def why(ladder: Ladder, k: int) -> str:
    """Why a question has no figures."""
    if ladder.reason in ("too_few", "complement"):
        return _("hidden: fewer than %(k)s answers in one of the groups") % {"k": number(k)}
    return _("no answers in one of the groups")


def title(rung: Rung, looks: int) -> str:
    """The name of one step."""
    if rung.method == CORRECTED:
        words = ngettext("Corrected for %(n)s look", "Corrected for %(n)s looks", looks)
        return words % {"n": number(looks)}
    if rung.method == CLUSTERED:
        return _("Weighted, by cluster")
    return {NAIVE: _("Plain"), WEIGHTED: _("Weighted")}[rung.method]


def explanation(rung: Rung, ladder: Ladder, looks: int) -> str:
    """What one step does, or that it has nothing to do here."""
    if rung.method == NAIVE:
        return _("Every answer counts once, each on its own.")
    if rung.method == WEIGHTED:
        if weighs(ladder.look.a) or weighs(ladder.look.b):
            return _("The survey’s weights: people as they really are, not as they were met.")
        return _("No weights are known here: as plain.")
    if rung.method == CLUSTERED:
        if rung.clusters is None:
            return _("No clusters are known here: each answer stands alone.")
        return _("People asked together resemble each other: %(a)s clusters, then %(b)s.") % {
            "a": number(rung.clusters[0]), "b": number(rung.clusters[1]),
        }  # fmt: skip
    if looks == 1:
        return _("One question alone: nothing to correct for.")
    return _("%(n)s questions are compared at once; some differ by luck.") % {"n": number(looks)}


def spoken(rung: Rung, digits: int) -> str:
    """One bar for who cannot see it."""
    found = rung.difference
    return _("%(by)s, interval %(low)s to %(high)s") % {
        "by": signed(found.difference, digits),
        "low": signed(found.ci_low, digits),
        "high": signed(found.ci_high, digits),
    }


def contrast(ladder: Ladder) -> str:
    """One sentence about the second ladder."""
    steps = ladder.proven_steps
    if ladder.proven:
        first = _("This change is proven after all corrections.")
    elif steps:
        first = _("It looks real at first, and is not proven in the end.")
    else:
        first = _("A change no larger than noise.")
    wider = ladder[CLUSTERED].difference.half_width / (ladder[NAIVE].difference.half_width or 1) - 1
    if wider < 0.1 or ladder[CLUSTERED].clusters is None:
        return first
    words = _("Weights and clusters widen the interval by %(share)s.") % {"share": percent(wider)}
    return f"{first} {words}"


def counted(changed: int, looks: int) -> str:
    """How many of all looks changed."""
    if not looks:
        return _("Nothing can be compared yet.")
    if not changed:
        return _("No difference is proven.")
    return ngettext(
        "%(n)s of %(looks)s changed.", "%(n)s of %(looks)s changed.", changed
    ) % {"n": number(changed), "looks": number(looks)}  # fmt: skip

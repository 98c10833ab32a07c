"""What people wrote in a survey, newest first, and the tags of it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from surveys import results_page, results_selection, tagging
from surveys.comments import one_comment, read_comments
from surveys.models import Survey, Tag
from surveys.tag_forms import TagForm

PAGE, PANEL = 50, 12


@workspace_view("verbatims")
@require_safe
def comments(request: WorkspaceRequest, survey: int) -> HttpResponse:
    """``?q=`` looks for words, ``?tag=`` for a tag, ``?page=`` turns the page, and the filters
    of the results hold here as well. Beside the results the same list is a panel.

    No day and no segment stands beside a text: together they could say who wrote it.
    """
    shown = get_object_or_404(Survey.objects.select_related("workspace"), pk=survey)
    selected = results_selection.parse(request.GET)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    number = request.GET.get("tag", "")
    tag = Tag.objects.filter(pk=_id(number)).first() if number else None
    page = request.GET.get("page", "")
    is_panel = bool(request.htmx and request.htmx.target == "comments")
    found = read_comments(
        shown, selected, words=words, tag=tag,
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
        size=PANEL if is_panel else PAGE,
    )  # fmt: skip
    context = {
        "survey": shown,
        "words": words,
        "tag": tag,
        "comments": found,
        "kept": selected.pairs,
        "languages": [] if is_panel else results_page.languages_of(shown, selected),
        "query": selected.query(),
        "period": results_page.period_words(selected),
        "is_narrow": selected.is_narrow,
        "before": found.page - 1,
        "after": found.page + 1,
        "is_panel": is_panel,
        "k": shown.k_verbatims,
    }
    template = "surveys/comments.html" + ("#panel" if is_panel else "")
    return render(request, template, context)


def _id(said: str) -> int:
    """An id as it was sent; 0, which nothing has, where it is none."""
    return int(said) if said.isdecimal() and len(said) < 19 else 0


@workspace_view("edit")
@require_POST
def tagging_create(request: WorkspaceRequest, survey: int, answer: UUID) -> HttpResponse:
    """``tag`` and ``fits`` (1 or 0): a tag is put on a comment, or taken off."""
    shown = get_object_or_404(Survey.objects.select_related("workspace"), pk=survey)
    number = request.POST.get("tag", "")
    tag = get_object_or_404(Tag, pk=_id(number))
    if one_comment(shown, answer) is None:
        raise Http404
    fits = request.POST.get("fits") != "0"
    tagging.set_tag(workspace=request.workspace, tag=tag, answer_id=answer, fits=fits)
    if request.htmx:
        context = {"survey": shown, "comment": one_comment(shown, answer)}
        return render(request, "surveys/_comment.html", context)
    return redirect("surveys:comments", workspace=request.workspace.slug, survey=shown.pk)


@workspace_view("verbatims")
@require_safe
def tags(request: WorkspaceRequest) -> HttpResponse:
    """The tags of the workspace with their words."""
    return _tags(request, TagForm(workspace=request.workspace), 200)


def _tags(request: WorkspaceRequest, form: TagForm, status: int) -> HttpResponse:
    context = {"tags": Tag.objects.all(), "form": form}
    return render(request, "surveys/tags.html", context, status=status)


@workspace_view("edit")
@require_POST
def tag_create(request: WorkspaceRequest) -> HttpResponse:
    form = TagForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _tags(request, form, 422)
    form.save()
    messages.success(request, _("The tag is there."))
    return redirect("surveys:tags", workspace=request.workspace.slug)


@workspace_view("edit")
@require_http_methods(["GET", "POST"])
def tag_edit(request: WorkspaceRequest, tag: int) -> HttpResponse:
    chosen = get_object_or_404(Tag, pk=tag)
    form = TagForm(request.POST or None, instance=chosen, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("surveys:tags", workspace=request.workspace.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/tag_edit.html", {"tag": chosen, "form": form}, status=status)


@workspace_view("edit")
@require_POST
def tag_removal(request: WorkspaceRequest, tag: int) -> HttpResponse:
    """The tag goes from all comments; the comments stay."""
    get_object_or_404(Tag, pk=tag).delete()
    messages.success(request, _("The tag is gone from all comments."))
    return redirect("surveys:tags", workspace=request.workspace.slug)

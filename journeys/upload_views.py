"""Taking files for a map, and handing them out."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys.models import Upload
from journeys.uploads import MAX_BYTES, PICTURE, UploadError, keep

_FORM = 64 * 1024
"""What the form around a file may take, in bytes."""


# The body is looked at only once its size is known: the check against forgery would read it first.
@csrf_exempt
@workspace_view("edit")
@require_POST
def upload_create(request: WorkspaceRequest) -> HttpResponseBase:
    """A file for a card or a persona, as JSON: id, name, url, and of a picture width and height.

    422 with the reason in words. ``only=picture`` refuses every other file.
    """
    size = request.META.get("CONTENT_LENGTH") or "0"
    if not size.isdecimal() or int(size) > MAX_BYTES + _FORM:
        return JsonResponse({"error": _("The file is larger than 10 MB.")}, status=422)
    response: HttpResponseBase = _checked(request)
    return response


@csrf_protect
def _checked(request: Any) -> HttpResponseBase:
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"error": _("Choose a file.")}, status=422)
    try:
        upload = keep(
            workspace=request.workspace,
            file=file,
            name=file.name or "",
            only_pictures=request.POST.get("only") == "picture",
        )
    except UploadError as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse(
        {
            "id": upload.pk,
            "name": upload.name,
            "url": reverse("journeys:upload", args=[request.workspace.slug, upload.pk]),
            "width": upload.width,
            "height": upload.height,
        }
    )


@workspace_view("read")
@require_safe
def upload(request: WorkspaceRequest, upload: int) -> HttpResponseBase:
    """A picture to look at; any other file only to save, never to open here."""
    found = get_object_or_404(Upload.objects.defer("data"), workspace=request.workspace, pk=upload)
    etag = quote_etag(found.sha256)
    response: Any = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(bytes(found.data), content_type=found.content_type)
    is_file = found.content_type != PICTURE
    response["Content-Disposition"] = content_disposition_header(is_file, found.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=86400"
    response["ETag"] = etag
    return response  # type: ignore[no-any-return]

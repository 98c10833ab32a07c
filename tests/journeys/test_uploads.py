"""Pictures are drawn again without metadata; other files are only ever handed out to be saved."""

import io
import struct
import warnings
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from PIL import Image, ImageOps

from journeys import uploads
from journeys.models import Upload
from journeys.uploads import UploadError, clean_name, redraw
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def picture(format: str = "JPEG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    target = io.BytesIO()
    mode = "RGBA" if options.pop("clear", False) else "RGB"
    Image.new(mode, size, (200, 30, 30, 0)[: len(mode)]).save(target, format, **options)
    return target.getvalue()


def located() -> bytes:
    """A photo on its side, with the place it was taken at and a name in it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret-words"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 0.0), 3: "E", 4: (11.0, 34.0, 0.0)})
    return picture(exif=exif, comment=b"secret-words", size=(40, 20))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it is huge, and holds much of it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 20_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def send(client: Any, content: bytes, name: str = "a.jpg", **fields: Any) -> Any:
    file = SimpleUploadedFile(name, content, content_type="image/jpeg")
    return client.post(reverse("journeys:upload-create", args=["firm"]), {"file": file, **fields})


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_picture_is_kept_as_webp(
    format: str, sign_in: Callable[..., Any], workspace: Any
) -> None:
    client = sign_in("marketer")
    answer = send(client, picture(format)).json()
    assert (answer["width"], answer["height"], answer["name"]) == (40, 30, "a.jpg")
    response = client.get(answer["url"])
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline")
    assert "sandbox" in response["Content-Security-Policy"]
    assert "private" in response["Cache-Control"]
    with Image.open(io.BytesIO(response.content)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (40, 30))
    again = client.get(answer["url"], headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_place_and_words_of_a_photo_are_gone_and_it_stands_upright() -> None:
    sent = located()
    assert b"secret-words" in sent
    drawn = redraw(sent)
    assert (drawn.width, drawn.height) == (20, 40)
    assert b"secret" not in drawn.data
    assert b"Exif" not in drawn.data
    with Image.open(io.BytesIO(drawn.data)) as shown:
        assert dict(shown.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(shown.info)


@pytest.mark.parametrize("orientation", range(10))
def test_every_way_to_hold_a_camera(orientation: int) -> None:
    scene = Image.new("RGB", (60, 40), "white")
    scene.paste("red", (0, 0, 30, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    target = io.BytesIO()
    scene.save(target, "PNG", exif=exif)
    with Image.open(io.BytesIO(target.getvalue())) as sent:
        wanted = ImageOps.exif_transpose(sent).convert("RGB")
    with Image.open(io.BytesIO(redraw(target.getvalue()).data)) as shown:
        assert shown.size == wanted.size
        for place in ((8, 8), (shown.width - 8, 8), (8, shown.height - 8)):
            green: Any = shown.getpixel(place)
            other: Any = wanted.getpixel(place)
            assert abs(green[1] - other[1]) < 60


def test_odd_metadata_does_not_refuse_a_picture() -> None:
    with warnings.catch_warnings(action="ignore"):
        drawn = redraw(picture(exif=b"Exif\0\0II*\0\xff\xff\xff\xff garbage"))
    assert (drawn.width, drawn.height) == (40, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png(mode: str) -> None:
    target = io.BytesIO()
    Image.new(mode, (1500, 10)).save(target, "PNG")
    assert (redraw(target.getvalue()).width, redraw(target.getvalue()).height) == (1200, 8)


def test_print_colours_are_taken() -> None:
    target = io.BytesIO()
    Image.new("CMYK", (30, 30), (0, 255, 255, 0)).save(target, "JPEG")
    assert redraw(target.getvalue()).width == 30


def test_a_line_of_a_picture_is_refused() -> None:
    with pytest.raises(UploadError, match="20,000"):
        redraw(bomb(1, 30_000))


def test_a_large_picture_is_made_smaller() -> None:
    drawn = redraw(picture(size=(3000, 1500)))
    assert (drawn.width, drawn.height) == (1200, 600)


def test_a_clear_background_stays_clear() -> None:
    drawn = redraw(picture("PNG", clear=True))
    with Image.open(io.BytesIO(drawn.data)) as shown:
        assert shown.mode == "RGBA"


def test_of_an_animation_the_first_frame_is_kept() -> None:
    target = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), color) for color in ("red", "blue", "green")]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(redraw(target.getvalue()).data)) as shown:
        assert getattr(shown, "n_frames", 1) == 1
        assert shown.convert("RGB").getpixel((4, 4))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize("size", [(20_000, 20_000), (100_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(UploadError):
        redraw(bomb(*size))


def test_a_bomb_says_why() -> None:
    with pytest.raises(UploadError, match="40 megapixels"):
        redraw(bomb(20_000, 20_000))
    with pytest.raises(UploadError, match="40 megapixels"):
        redraw(bomb(8_000, 6_000))


def test_a_jpeg_of_thousands_of_scans_is_refused() -> None:
    whole = picture(progressive=True)
    with pytest.raises(UploadError):
        redraw(whole[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00" * 5000 + b"\xff\xd9")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_half_a_picture_is_refused_or_drawn(format: str, share: float) -> None:
    noise = Image.effect_noise((200, 200), 90)
    target = io.BytesIO()
    noise.save(target, format)
    whole = target.getvalue()
    with pytest.raises(UploadError):
        redraw(whole[: int(len(whole) * share)])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "a.svg"),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?><!-- x --><svg onload='x'/>", "a.jpg"),
        (b"<?xml version='1.0'?><x:svg xmlns:x='x'/>", "harmless.txt"),
        (b"\x1f\x8bzipped", "a.svgz"),
        (b"<html><script>alert(1)</script>", "photo.png"),
        (b"MZ\x90\x00", "photo.jpeg"),
        (b"\xff\xd8\xff not really", "photo.jpg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "photo.png"),
        (b"GIF89a<script>alert(1)</script>", "photo.gif"),
        (b"", "photo.jpg"),
    ],
)
def test_what_only_says_it_is_a_picture_is_refused(
    content: bytes, name: str, sign_in: Callable[..., Any], workspace: Any
) -> None:
    response = send(sign_in("marketer"), content, name)
    assert response.status_code == 422
    assert response.json()["error"]
    with scope(workspace=workspace):
        assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"%PDF-1.7", "report.pdf"), (b"<html><script>1</script>", "page.html"), (b"x", "notes")],
)
def test_other_files_are_only_saved(
    content: bytes, name: str, sign_in: Callable[..., Any], workspace: Any
) -> None:
    client = sign_in("marketer")
    answer = send(client, content, name).json()
    assert (answer["name"], answer["width"]) == (name, None)
    response = client.get(answer["url"])
    assert response.content == content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_where_a_picture_is_asked_for_nothing_else_is_taken(
    sign_in: Callable[..., Any], workspace: Any
) -> None:
    response = send(sign_in("marketer"), b"%PDF-1.7", "report.pdf", only="picture")
    assert response.status_code == 422


def test_ten_megabytes_are_the_most(sign_in: Callable[..., Any], workspace: Any) -> None:
    client = sign_in("marketer")
    response = send(client, b"x" * (10 * 1024 * 1024 + 1), "a.bin")
    assert (response.status_code, "10 MB" in response.json()["error"]) == (422, True)
    response = send(client, b"x" * (11 * 1024 * 1024), "a.bin")
    assert response.status_code == 422
    assert send(client, b"x" * (10 * 1024 * 1024), "a.bin").status_code == 200


def test_the_same_is_kept_once(sign_in: Callable[..., Any], workspace: Any) -> None:
    client = sign_in("marketer")
    first = send(client, picture(), "a.jpg").json()
    assert send(client, picture(), "b.jpg").json() == first
    file = send(client, b"words", "a.txt").json()
    assert send(client, b"words", "a.txt").json() == file
    assert send(client, b"words", "b.txt").json()["name"] == "b.txt"


def test_a_full_workspace_says_so(
    sign_in: Callable[..., Any], workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("marketer")
    monkeypatch.setattr(uploads, "MAX_TOTAL", 10)
    assert send(client, b"12345678", "a.txt").status_code == 200
    response = send(client, b"abcdefgh", "b.txt")
    assert response.status_code == 422
    assert "no room" in response.json()["error"]


def test_names_hold_no_folders_and_nothing_unprintable() -> None:
    assert clean_name("../../etc/passwd") == "passwd"
    assert clean_name("C:\\x\\y.pdf") == "y.pdf"
    assert clean_name("a\r\nSet-Cookie: x\0.txt") == "aSet-Cookie: x.txt"
    assert clean_name("cod\u202egpj.exe") == "codgpj.exe"
    assert clean_name("") == "File"
    assert len(clean_name("ä" * 400 + ".pdf")) == 200
    assert clean_name("ä" * 400 + ".pdf").endswith(".pdf")


def test_many_uploads_of_the_same_are_one(sign_in: Callable[..., Any], workspace: Any) -> None:
    client = sign_in("marketer")
    sent = picture(size=(8, 8))
    assert len({send(client, sent, f"{n}.jpg").json()["id"] for n in range(50)}) == 1
    with scope(workspace=workspace):
        assert Upload.objects.count() == 1


def test_odd_requests_are_answered_in_words(sign_in: Callable[..., Any], workspace: Any) -> None:
    client = sign_in("marketer")
    url = reverse("journeys:upload-create", args=["firm"])
    assert client.get(url).status_code == 405
    for body, kind in (
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b'{"file": 1}', "application/json"),
        (b"\0" * 1000, "application/octet-stream"),
        (b"file=\0", "application/x-www-form-urlencoded"),
    ):
        assert client.post(url, body, content_type=kind).status_code in (400, 422), kind
    two = client.post(url, {"file": [SimpleUploadedFile("a", b"1"), SimpleUploadedFile("b", b"2")]})
    assert two.json()["name"] == "b"
    response = send(client, b"x", "na\0me\tX-Evil: 1.txt")
    assert response.json()["name"] == "nameX-Evil: 1.txt"
    shown = client.get(response.json()["url"])
    assert "X-Evil" not in shown
    assert "\n" not in shown["Content-Disposition"]
    for wrong in ("0", "99999999999999999999999", "1" * 400):
        assert client.get(f"{url}{wrong}/").status_code == 404


def test_without_a_file_it_says_so(sign_in: Callable[..., Any], workspace: Any) -> None:
    client = sign_in("marketer")
    response = client.post(reverse("journeys:upload-create", args=["firm"]), {"file": "text"})
    assert response.status_code == 422


def test_only_editors_upload_and_strangers_see_nothing(
    sign_in: Callable[..., Any], workspace: Any, other_workspace: Any
) -> None:
    assert send(sign_in("analyst"), picture()).status_code == 403
    url = send(sign_in("marketer"), picture()).json()["url"]
    assert sign_in("viewer").get(url).status_code == 200
    assert sign_in("outsider").get(url).status_code == 404
    assert send(sign_in("outsider"), picture()).status_code == 404
    foreign = sign_in("admin", other_workspace)
    assert foreign.get(url).status_code == 404
    assert foreign.get(url.replace("firm", "rival")).status_code == 404
    assert Client().get(url).status_code == 302


def test_forged_requests_are_refused(workspace: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    user = UserFactory()
    MembershipFactory(workspace=workspace, user=user, role="marketer")
    client.force_login(user)
    assert send(client, picture()).status_code == 403

"""How addresses of surveys are written: in full for codes, short for people who type them."""

import ipaddress
from urllib.parse import urlsplit

from django.http import HttpRequest

from surveys.models import Link, Source


def origin_of(request: HttpRequest) -> str:
    """Scheme and host that the application is reached by, without a slash at the end."""
    return request.build_absolute_uri("/").rstrip("/")


def address_of(link: Link, origin: str) -> str:
    """What a code holds. Asked for without its last slash, it leads on to the page."""
    return f"{origin}{path_of(link)}"


def path_of(link: Link) -> str:
    """A tablet has its own page around the survey."""
    return f"/{_door(link)}/{link.code}/"


def _door(link: Link) -> str:
    return "k" if link.source == Source.KIOSK else "m"


def short_of(link: Link, origin: str) -> str:
    """What stands beside a code, for phones without a camera: "firm.example/m/7KQ4XP"."""
    return f"{urlsplit(origin).netloc}/{_door(link)}/{link.code}"


def is_example(request: HttpRequest) -> bool:
    """Whether the host is reached from this computer only, so that no printed code would work."""
    host = urlsplit(origin_of(request)).hostname or ""
    if host == "localhost" or host.endswith((".localhost", ".example", ".test", ".invalid")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "testserver"
    return address.is_loopback or address.is_unspecified

"""What a browser loads on a first visit, as it goes over the wire.

    python -m benchmarks.weight

A real server with the sample workspace, a real Chromium with an empty cache for each page. Counted
is every byte of every response, headers included. The reference is what these bytes unpack to.
"""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import common

PAGES = (
    # name, address below the workspace, most kB
    ("Emotion curve", "journeys/ein-besuch-im-cafe/curve/", 700),
    ("Catalogue (no chart)", "touchpoints/", 120),
)
CHROMIUM = os.environ.get("CXM_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def server() -> Iterator[tuple[str, list[str]]]:
    """The address of a server of our own with the sample, and a sign-in (e-mail, password)."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--demo", "--port", "0"],
        cwd=common.ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        sign_in: list[str] = []
        for line in process.stdout:
            if line.startswith("marketer"):
                sign_in = line.split()[1:]
            if found := re.search(r"http://\S+", line):
                yield found[0], sign_in
                break
        else:
            raise SystemExit("the server did not start")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def enter(page: Any, address: str, email: str, password: str) -> None:
    page.goto(f"{address}accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)


def loaded(browser: Any, state: Any, address: str) -> dict[str, tuple[float, float]]:
    """kB per file of one visit with an empty cache: over the wire, and unpacked."""
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names: dict[str, str] = {}
    packed: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    wire.on("Network.requestWillBeSent", lambda e: names.update({e["requestId"]: url_of(e)}))
    wire.on("Network.dataReceived", lambda e: plain.update({e["requestId"]: e["dataLength"]}))
    wire.on(
        "Network.loadingFinished",
        lambda e: packed.update({e["requestId"]: int(e["encodedDataLength"])}),
    )
    answer = page.goto(address, wait_until="networkidle")
    if answer is None or answer.status != 200:
        raise SystemExit(f"{address} answered {answer and answer.status}")
    context.close()
    return {
        names[id]: (size / 1000, plain[id] / 1000)
        for id, size in packed.items()
        if names[id].startswith("http")
    }


def url_of(event: dict[str, Any]) -> str:
    url: str = event["request"]["url"]
    return url


def measure(address: str, sign_in: list[str], browser: Any) -> None:
    context = browser.new_context()
    enter(context.new_page(), address, *sign_in)
    state = context.storage_state()
    context.close()
    rows, heavy = [], []
    for name, below, most in PAGES:
        files = loaded(browser, state, f"{address}w/cafe-am-markt/{below}")
        packed = sum(size for size, _ in files.values())
        plain = sum(size for _, size in files.values())
        held = common.verdict(packed <= most)
        ratio = f"{packed / plain:.2f}"
        rows.append([name, len(files), f"{packed:.0f}", f"{plain:.0f}", ratio, most, held])
        largest = sorted(files.items(), key=lambda item: -item[1][0])[:4]
        heavy += [[name, Path(url).name, f"{size[0]:.0f}"] for url, size in largest]
    common.table(
        "Weight of a first visit",
        ["", "files", "kB", "unpacked kB", "ratio", "at most kB", ""],
        rows,
    )
    common.table("The heaviest files of each", ["", "file", "kB"], heavy)


def main() -> None:
    common.arguments(__doc__ or "")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("not measured: playwright is not installed")
        return
    if not Path(CHROMIUM).exists():
        print(f"not measured: there is no Chromium at {CHROMIUM}; name one in CXM_CHROMIUM")
        return
    with common.own_data(), server() as (address, sign_in), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        measure(address, sign_in, browser)
        browser.close()


if __name__ == "__main__":
    main()

"""The editor in Chromium: how soon somebody can type into a large map, and the memory of the page.

    python -m benchmarks.editor_browser

Ready means: the board is there, its modules have run, and a key pressed on a focused cell opens the
editor. The time counts from the navigation, with files from the browser's cache, as on every visit
but the first. The reference is the usual map of 12 × 10 in the same browser.
"""

import os
import re
import statistics
import time
from pathlib import Path
from typing import Any

from benchmarks import big_map, common
from benchmarks.live import server
from benchmarks.weight import CHROMIUM, FLAGS

MAPS = (("12 × 10, 60 cards", 12, 10, 60), ("60 × 25, 1,500 cards", 60, 25, 1500))
READY_S, MEMORY_MB = 1.5, 150
VISITS = 7

# When the page can be typed into: the cell takes the focus and a letter opens the editor.
READY = """() => new Promise((ready) => {
    const look = () => {
        const cell = document.querySelector('#board [data-kind="pains"] [data-cell]');
        if (cell) {
            cell.focus();
            cell.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
            if (document.querySelector(".map-editor-text")) return ready(performance.now());
        }
        setTimeout(look, 5);
    };
    look();
})"""


def visit(context: Any, url: str) -> dict[str, float]:
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Performance.enable")
    page.goto(url, wait_until="commit")
    ready = page.evaluate(READY) / 1000
    page.keyboard.press("Escape")
    page.wait_for_load_state("load")
    time.sleep(1)
    wire.send("HeapProfiler.collectGarbage")
    values = {m["name"]: m["value"] for m in wire.send("Performance.getMetrics")["metrics"]}
    found = {
        "ready": ready,
        "heap": values["JSHeapUsedSize"] / 1e6,
        "nodes": values["Nodes"],
        "process": process_memory(),
    }
    page.close()
    return found


def process_memory() -> float:
    """Private memory (MB) of the process that draws the page: the largest of our renderers."""
    sizes = [0.0]
    for process in descendants(os.getpid()):
        try:
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                rollup = (process / "smaps_rollup").read_text()
                found = re.findall(r"^Private_\w+:\s+(\d+) kB", rollup, re.MULTILINE)
                sizes.append(sum(map(int, found)) / 1000)
        except OSError:
            continue
    return max(sizes)


def descendants(ancestor: int) -> list[Path]:
    """The folders in /proc of all processes that a process has started, and those started."""
    children: dict[int, list[Path]] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(process)
    found, open_ = [], [ancestor]
    while open_:
        below = children.get(open_.pop(), [])
        found += below
        open_ += [int(process.name) for process in below]
    return found


def measure(port: int, browser: Any) -> None:
    from django_scopes import scope

    workspace = big_map.workspace_of()
    (_, key), *_ = big_map.people_of(workspace, 1)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    address = f"http://127.0.0.1:{port}"
    context.add_cookies([{"name": "sessionid", "value": key, "url": address}])
    rows, first = [], 0.0
    for name, steps, lanes, cards in MAPS:
        with scope(workspace=workspace):
            journey = big_map.make_map(workspace, title=name, steps=steps, lanes=lanes, cards=cards)
        url = f"{address}/w/{workspace.slug}/journeys/{journey.slug}/"
        visit(context, url)
        visits = [visit(context, url) for _ in range(VISITS)]
        half = {key: statistics.median(v[key] for v in visits) for key in visits[0]}
        first = first or half["ready"]
        held = half["ready"] <= READY_S and half["process"] <= MEMORY_MB
        rows.append([
            name, f"{half['ready']:.2f}", f"{max(v['ready'] for v in visits):.2f}",
            f"{half['ready'] / first:.1f}", f"{half['nodes']:.0f}", f"{half['heap']:.1f}",
            f"{half['process']:.0f}", common.verdict(held),
        ])  # fmt: skip
    common.table(
        f"The editor in Chromium, {VISITS} visits each",
        ["", "ready s p50", "max", "ratio", "nodes", "JS heap MB", "process MB",
         f"≤ {READY_S} s, ≤ {MEMORY_MB} MB"],
        rows,
    )  # fmt: skip
    context.close()


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

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop running
    with common.own_data():
        common.set_up()
        common.command("migrate", "--verbosity", "0")
        with server() as (port, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            measure(port, browser)
            browser.close()


if __name__ == "__main__":
    main()

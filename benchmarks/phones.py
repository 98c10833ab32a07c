"""People with a phone: each one connection that stays open, as few cycles as a client can take."""

import asyncio
import gzip
import random
import re
import time
from urllib.parse import urlencode

AGENT = "Mozilla/5.0 (Linux; Android 16) Mobile"
_STAMP = re.compile(rb'name="stamp" value="([^"]+)"')


class Phone:
    """One person after the other on one connection; ``seconds`` of every request."""

    def __init__(self, port: int, number: int, pause: float = 0.0) -> None:
        self.port, self.number, self.pause = port, number, pause
        self.seconds: list[float] = []
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def connect(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def leave(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()

    async def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, who: str = "10.0.0.1"
    ) -> tuple[int, dict[str, str], bytes]:
        """One request: status, headers, body."""
        body = urlencode(form).encode() if form else b""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {AGENT}\r\n"
            f"X-Forwarded-For: {who}\r\nX-Answer: 1\r\nAccept-Language: en\r\n"
            "Accept-Encoding: gzip\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        if self.pause:
            await asyncio.sleep(self.pause * (0.5 + random.random()))
        began = time.perf_counter()
        self.writer.write(head.encode() + body)
        raw = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = raw.split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _colon, value in (line.partition(":") for line in lines[1:] if line)
        }
        content = await self._body(headers)
        if headers.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        self.seconds.append(time.perf_counter() - began)
        return int(lines[0].split()[1]), headers, content

    async def _body(self, headers: dict[str, str]) -> bytes:
        if "content-length" in headers:
            return await self.reader.readexactly(int(headers["content-length"]))
        parts = []
        while size := int(await self.reader.readuntil(b"\r\n"), 16):
            parts.append((await self.reader.readexactly(size + 2))[:-2])
        await self.reader.readexactly(2)
        return b"".join(parts)

    async def bare(self) -> None:
        status, _headers, _body = await self.ask("POST", "/bare/", {"value": "4"})
        if status != 200:
            raise SystemExit(f"the bare view answered {status}")

    async def visit(self, code: str, turn: int) -> str:
        """A whole visit of twelve requests: the page, the start, ten answers, the last of which
        finishes; the address of the thanks page."""
        who = f"10.{self.number}.{turn // 250 % 250}.{turn % 250}"
        status, headers, page = await self.ask("GET", f"/m/{code}/", who=who)
        found = _STAMP.search(page)
        if status != 200 or not found:
            raise SystemExit(f"the start page answered {status}")
        form = {"stamp": found[1].decode()}
        status, headers, _page = await self.ask("POST", f"/m/{code}/", form, who)
        for number in range(10):
            if status != 200 or "x-address" not in headers:
                raise SystemExit(f"question {number} answered {status}")
            form = {"value": str(1 + (turn + number) % 5)}
            status, headers, _page = await self.ask("POST", headers["x-address"], form, who)
        if not headers.get("x-address", "").endswith("/thanks/"):
            raise SystemExit(f"the end answered {status} {headers.get('x-address')}")
        return headers["x-address"]

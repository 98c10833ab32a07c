"""One command that runs everything: database, pages, live streams and jobs."""

import os
import socket
import subprocess
import sys
import threading
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from uvicorn.supervisors import Multiprocess

from cxm import postgres, processes

GRACE = 10  # seconds that a running job has to come to its end


class Command(BaseCommand):
    help = "Serve CXM: database, pages and jobs, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="0 takes any free port")
        parser.add_argument("--workers", type=int, default=1, help="processes that answer pages")
        parser.add_argument("--demo", action="store_true", help="load the sample workspace")

    def handle(self, *args: Any, **options: Any) -> None:
        listener = listen(options["host"], options["port"])
        self._say_database()
        call_command("migrate", interactive=False, verbosity=0)
        if options["demo"]:
            call_command("load_sample", stdout=self.stdout, stderr=self.stderr)
        connections.close_all()
        config, jobs = prepare(options["workers"]), Jobs()
        jobs.start()
        try:
            self._say_address(listener, options["host"])
            serve(config, listener)
        except KeyboardInterrupt:
            pass
        finally:
            listener.close()
            jobs.end()

    def _say_database(self) -> None:
        if os.environ.get("DATABASE_URL"):
            self.stdout.write("Using the PostgreSQL server of DATABASE_URL.")
        else:
            self.stdout.write(f"Using the private PostgreSQL in {settings.DATA}.")

    def _say_address(self, listener: socket.socket, host: str) -> None:
        name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        name = f"[{name}]" if ":" in name else name
        port = listener.getsockname()[1]
        self.stdout.write(f"CXM is at http://{name}:{port}/ (Ctrl-C stops it)")
        self.stdout.flush()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises CommandError where the address is taken or unknown."""
    try:
        address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With its protocol named, what is sent goes at once (TCP_NODELAY): asyncio looks for it,
        # and an answer in two parts would otherwise wait 40 ms for the first one's receipt.
        listener = socket.socket(address[0], address[1], address[2])
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address[4])
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"Port {port} on {host} cannot be used ({getattr(error, 'strerror', error)}): end the "
            "program that has it, or choose another with --port."
        ) from error
    listener.set_inheritable(True)
    return listener


def prepare(workers: int) -> uvicorn.Config:
    """Return the web server's settings; the pages are loaded now, not on the first visit."""
    config = uvicorn.Config(
        "cxm.asgi:application",
        workers=workers,
        log_level="warning",
        access_log=False,
        # Live streams never end by themselves; a stop does not wait for them longer than this.
        timeout_graceful_shutdown=3,
        server_header=False,
    )
    if workers == 1:
        config.load()
    return config


def serve(config: uvicorn.Config, listener: socket.socket) -> None:
    """Answer requests until a signal ends this process."""
    if config.workers > 1:
        os.environ[processes.PARENT] = str(os.getpid())  # for the processes that it starts
        Multiprocess(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])


class Jobs:
    """The process that works through the queued jobs, started again should it fail."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.ending = threading.Event()
        self.watch = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Start the worker and the watch over it and over the private database."""
        self._launch()
        self.watch.start()

    def end(self) -> None:
        """Let the running job finish for a while, then end the worker."""
        self.ending.set()
        self.watch.join()
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _launch(self) -> None:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "procrastinate", "worker"]
        self.process = subprocess.Popen(
            [*command, "--shutdown-graceful-timeout", str(GRACE - 2)],
            env=os.environ | {processes.PARENT: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C is for this process, which then ends the worker
        )

    def _watch(self) -> None:
        while not self.ending.wait(1):
            try:
                if not os.environ.get("DATABASE_URL"):
                    postgres.ensure_running(settings.DATA)
                if self.process is not None and self.process.poll() is not None:
                    self._launch()
            except postgres.PostgresError as error:
                sys.stderr.write(f"{error}\n")

"""The one error of the private server."""


class PostgresError(RuntimeError):
    """The private PostgreSQL cannot be used; the message says why and what to do."""

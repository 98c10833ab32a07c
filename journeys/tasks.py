"""Jobs of the maps: each takes ids and calls one action."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from journeys import letters


@app.task(
    name="journeys.mail_notification",
    retry=RetryStrategy(max_attempts=5, exponential_wait=4),
)
def mail_notification(notification_id: int, origin: str) -> None:
    """Tell one person by mail, at most once; ``origin`` is where the application is reached."""
    letters.send(notification_id, origin)

"""Webhooks: CloudEvents 1.0, signed as Standard Webhooks say."""

import ssl
from functools import cache
from types import TracebackType
from typing import Any, Final, Self

import httpcore2
import msgspec
import orjson
from standardwebhooks import Webhook

from api.channels.guarded import AddressRefused, GuardedBackend
from api.channels.outgoing import Undelivered
from engine.values import Instant, instant_text, to_datetime

TIMEOUT_SECONDS: Final = 10.0
_GONE: Final = 410
_SUCCESS: Final = range(200, 300)
_TIMEOUTS: Final = dict.fromkeys(("connect", "read", "write", "pool"), TIMEOUT_SECONDS)


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook, ready to be posted.

    Attributes:
        id: The effect's id: `webhook-id` and the event's `id`, the same at every attempt.
        url: Where to.
        secret: What signs it: `whsec_…`.
        type: Type of the CloudEvent.
        subject: The member's key.
        time: When the effect was decided.
        data: What happened, as JSON data.
    """

    id: str
    url: str
    secret: str
    type: str
    subject: str
    time: Instant
    data: dict[str, Any]


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom to trust: reading all the authorities takes longer than anything else at a start."""
    return ssl.create_default_context()


class Webhooks:
    """Posts webhooks. It follows no redirect, uses no proxy and reads no answer's body."""

    def __init__(self, *, allow_private: bool = False) -> None:
        """Make the channel.

        Args:
            allow_private: Whether endpoints may have loopback and private addresses.
        """
        self._pool = httpcore2.ConnectionPool(
            ssl_context=_trusted(),
            max_connections=20,
            network_backend=httpcore2.SyncBackend() if allow_private else GuardedBackend(),
        )

    def post(self, post: Post, now: Instant) -> None:
        """Post one webhook.

        Args:
            post: What to send.
            now: The instant of the attempt, which is signed.

        Raises:
            Undelivered: If the receiver didn't answer 2xx; final for 410 Gone.
        """
        body = cloud_event(post)
        headers: dict[bytes | str, bytes | str] = {
            "Content-Type": "application/cloudevents+json; charset=utf-8",
            "User-Agent": "Regulars",
            **signed(post, body, now),
        }
        timeouts: dict[str, Any] = {"timeout": _TIMEOUTS}
        try:
            with self._pool.stream(
                "POST", post.url, headers=headers, content=body, extensions=timeouts
            ) as answer:
                status = answer.status
        except AddressRefused as error:
            raise Undelivered(str(error)) from error
        except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise Undelivered(f"the endpoint can't be reached: {type(error).__name__}") from error
        except httpcore2.UnsupportedProtocol as error:
            raise Undelivered("the endpoint's address is neither http nor https", final=True) from error
        if status not in _SUCCESS:
            raise Undelivered(f"the endpoint answered {status}", final=status == _GONE)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def cloud_event(post: Post) -> bytes:
    """Return the body of a webhook: a CloudEvent in structured JSON, the same bytes at every attempt."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": post.id,
            "source": "/regulars",
            "type": post.type,
            "subject": post.subject,
            "time": instant_text(post.time),
            "datacontenttype": "application/json",
            "data": post.data,
        },
        option=orjson.OPT_SORT_KEYS,
    )


def signed(post: Post, body: bytes, now: Instant) -> dict[bytes | str, bytes | str]:
    """Return the headers that sign a body."""
    moment = to_datetime(now)
    return {
        "webhook-id": post.id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(post.secret).sign(post.id, moment, body.decode()),
    }

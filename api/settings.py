"""What the operator decides: addresses, keys, limits. Read from the environment, once."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SQLITE = "sqlite:///"


class Settings(BaseSettings):
    """The settings of one process; each is `REGULARS_<NAME>` in the environment.

    Attributes:
        database_url: SQLAlchemy URL; in the environment `DATABASE_URL`, without a prefix.
        host: Address to listen on.
        port: TCP port to listen on.
        secret: Master key as text. Without it a file beside the SQLite database holds one.
        allowed_hosts: Names by which browsers and backends may call us, separated by commas;
            `*.example.com` admits every name below it.
        secure_cookies: Whether the session cookie is sent over HTTPS only; set it wherever
            people reach us by HTTPS.
        matcher: What finds the rules that an event makes true: `durable-rules`, or the `index` in
            plain Python, which also stands in where durable-rules can't be had or has failed.
        check_sample: Part of the decisions, from 0 to 1, that the reference decides again.
        max_queue: Calls that may wait for the writer; the next one is answered with 429.
        allow_private_webhooks: Whether webhooks may be posted to loopback and private addresses.
        message_channels: Which way out serves the messages that rules send: `console` prints
            them, `smtp` sends e-mail and prints the rest.
        smtp_host: Mail server.
        smtp_port: Its port.
        smtp_user: User to log in as; None for no log-in.
        smtp_password: The user's password.
        smtp_from: Sender of every e-mail.
        public_url: Where members reach us: what links in messages begin with.
        deliver_every: Seconds between two looks into an empty outbox.
        origin: Name of the log in its signed checkpoints, such as `regulars.example.com/log`: no
            white space and no plus sign.
        seal_every: Seconds between two looks at the log for entries to be sealed.
        anchor_folder: Folder, best on write-once storage, that gets checkpoints; None for none.
        anchor_email: Address that gets checkpoints; None for none. It needs the mail server.
        anchor_webhook: URL that checkpoints are posted to; None for none.
        anchor_secret: `whsec_…` that signs those posts.
        anchor_every: Seconds between two checkpoints at the same place, at least.
    """

    model_config = SettingsConfigDict(env_prefix="REGULARS_", extra="ignore", frozen=True)

    database_url: str = Field(default=f"{SQLITE}regulars.db", validation_alias="DATABASE_URL")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65_535)
    secret: SecretStr | None = None
    allowed_hosts: Annotated[frozenset[str], NoDecode] = frozenset({"localhost", "127.0.0.1", "[::1]"})
    secure_cookies: bool = False
    matcher: Literal["durable-rules", "index"] = "durable-rules"
    check_sample: float = Field(default=0.01, ge=0, le=1)
    max_queue: int = Field(default=2_000, ge=1, le=100_000)
    allow_private_webhooks: bool = False
    message_channels: Literal["console", "smtp"] = "console"
    smtp_host: str = "localhost"
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str = "regulars@localhost"
    public_url: str = Field(default="http://localhost:8000", pattern=r"^https?://[^\s]{1,300}$")
    deliver_every: float = Field(default=1.0, gt=0, le=60)
    origin: str = Field(default="localhost/regulars", pattern=r"^[^\s+]{1,200}$")
    seal_every: float = Field(default=10.0, gt=0, le=86_400)
    anchor_folder: Path | None = None
    anchor_email: str | None = Field(default=None, pattern=r"^[^\s@]+@[^\s@]+$")
    anchor_webhook: str | None = Field(default=None, pattern=r"^https?://[^\s]{1,2000}$")
    anchor_secret: SecretStr | None = Field(default=None, validate_default=True)
    anchor_every: float = Field(default=3_600.0, gt=0, le=31_536_000)

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _by_comma(cls, value: object) -> object:
        return value.lower().replace(" ", "").split(",") if isinstance(value, str) else value

    @field_validator("anchor_email")
    @classmethod
    def _by_mail(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("message_channels") != "smtp":
            raise ValueError("checkpoints go by the mail server: set REGULARS_MESSAGE_CHANNELS to smtp")
        return value

    @field_validator("anchor_folder")
    @classmethod
    def _is_there(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError(f"{value} is no folder: make it first")
        return value

    @field_validator("anchor_secret")
    @classmethod
    def _signs_posts(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if info.data.get("anchor_webhook") is not None:
            if value is None:
                raise ValueError("posts of checkpoints are signed: set it to whsec_ and 24 bytes in base64")
            if re.fullmatch(r"whsec_[A-Za-z0-9+/]{32,}={0,2}", value.get_secret_value()) is None:
                raise ValueError("it must be whsec_ and at least 24 bytes in base64")
        return value

    @property
    def key_file(self) -> Path | None:
        """Where the master key is kept when `secret` isn't set; None where there is no such place."""
        path = self.database_url.removeprefix(SQLITE)
        if path in {self.database_url, "", ":memory:"}:
            return None
        return Path(f"{path}.key")

"""What holds for the whole programme, in one place: what people decide, and what the operator decided."""

from typing import Any, Final

from api.service.definitions import DefinitionsService
from api.service.rulebook import Rulebook
from api.settings import Settings
from api.store import migrate
from api.store.database import Database
from engine.gates import RELEASE
from engine.language.contact import CHANNEL_NAMES
from engine.language.document import RuleDocument

Json = dict[str, Any]
_OURS: Final = "console"


class ProgrammeSettings:
    """Reads and changes the programme's settings."""

    def __init__(
        self,
        database: Database,
        rulebook: Rulebook,
        definitions: DefinitionsService,
        settings: Settings,
        checkpoint_key: str,
    ) -> None:
        """Make the use case of its parts.

        Args:
            database: Tells its layout.
            rulebook: The definitions in force.
            definitions: Changes them.
            settings: What the operator decided.
            checkpoint_key: Public key of the signed checkpoints, as text.
        """
        self._database = database
        self._rulebook = rulebook
        self._definitions = definitions
        self._settings = settings
        self._checkpoint_key = checkpoint_key

    def told(self) -> Json:
        """Return every setting. No secret is among them, nor where anything lies on the machine."""
        settings = self._settings
        catalogue = self._rulebook.index().rules.catalogue
        places = {
            "folder": settings.anchor_folder,
            "email": settings.anchor_email,
            "webhook": settings.anchor_webhook,
        }
        return {
            "programme": catalogue.programme.model_dump(mode="json", by_alias=True),
            "ways_out": [self._way_out(key) for key in CHANNEL_NAMES if key != _OURS],
            "links": settings.public_url,
            "checkpoints": {
                "origin": settings.origin,
                "key": self._checkpoint_key,
                "left_at": [place for place, told in places.items() if told is not None],
            },
            "versions": {
                "release": RELEASE,
                "language": RuleDocument.model_fields["language"].default,
                "layout": migrate.current(self._database),
                "matcher": self._rulebook.matcher,
            },
        }

    def change(self, said: Json, *, by: str) -> Json:
        """Change what holds for the programme, but for approval, and return every setting.

        Args:
            said: What changes, as JSON data of `ProgrammeDefinition`.
            by: Who says so.

        Raises:
            Refusal: `invalid-request` if the programme couldn't go on with it.
        """

        def change(whole: Json) -> Json:
            return {**whole, "programme": {**(whole["programme"] or {}), **said}}

        self._definitions.rework(change, by=by)
        return self.told()

    def _way_out(self, channel: str) -> Json:
        """Return what takes a channel's messages: a gateway of the programme, the mail server, or nothing."""
        setting = self._rulebook.index().rules.catalogue.channels.get(channel)
        name = {"en": CHANNEL_NAMES[channel][0], "zh-Hans": CHANNEL_NAMES[channel][1]}
        if setting is not None and setting.endpoint is not None:
            return {"channel": channel, "name": name, "by": "endpoint", "endpoint": setting.endpoint}
        by = "smtp" if channel == "email" and self._settings.message_channels == "smtp" else "console"
        return {"channel": channel, "name": name, "by": by, "endpoint": None}

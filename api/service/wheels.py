"""What everybody may check of a wheel: commitments before the draws, and secrets once their day is over."""

from datetime import timedelta
from typing import Any, Final

from api.clock import Clock
from api.service.draws import Draws, Fairness
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.store.connection import Connection
from api.store.database import Database
from engine.language.base import Text, words
from engine.schedule import local

Json = dict[str, Any]
_DAY: Final = timedelta(days=1)
_CHECK: Final[Text] = words(
    "The commitment is the SHA-256 of the day's secret (32 bytes) and stood before the first draw of that "
    "day. Once the day is over on the programme's clock, the secret is told. The number of a draw is the "
    "HMAC-SHA256 of its seed (in UTF-8) under the secret; the decision on the entry has both number and "
    "commitment. The seed is three lines, joined by line feeds: the member's id, the entry's "
    "`member_sequence`, and <step>.<rule>.<action>-draw, counted from 0. Take the number, read as a whole "
    "one, modulo the sum of the weights, and go through the prizes in their order, taking off the weight "
    "of each: the prize at which it would become negative was drawn.",
    "承诺值是当日密钥（32 字节）的 SHA-256，在当天第一次抽奖之前公布。当日在本计划时区结束后公布密钥。"
    "每次抽奖的数字是以该密钥对种子（UTF-8）计算的 HMAC-SHA256，决策记录中有该数字和承诺值。"
    "种子由三行组成，以换行符连接：会员编号、该记录的 member_sequence，"
    "以及 <步骤>.<规则>.<动作>-draw（均从 0 计）。"
    "把数字看作整数，对权重之和取余，再按顺序逐个减去奖品权重，减到负数的那个奖品即为抽中的奖品。",
)


class Wheels:
    """Tells what a wheel's draws can be checked with."""

    def __init__(self, database: Database, rulebook: Rulebook, run: Run, draws: Draws, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._run = run
        self._draws = draws
        self._clock = clock

    def fairness(self, key: str) -> Json:
        """Return a wheel's commitments, newest day first, with the secrets of days that are over.

        Today and tomorrow are committed to when they are first asked for.

        Raises:
            Refusal: `not-found` if there is no such wheel.
        """
        catalogue = self._rulebook.index().rules.catalogue
        wheel = catalogue.wheels.get(key)
        if wheel is None:
            raise Refusal("not-found", "There is no such wheel.")
        today = local(self._clock.now(), catalogue.programme.zone).date()
        with self._database.read() as connection:
            found = self._draws.fairness(connection, key)
        committed = {one.period for one in found}
        due = [one.period for one in found if one.secret is None and one.period < today.isoformat()]
        if due or not {today.isoformat(), (today + _DAY).isoformat()} <= committed:
            found = self._run(lambda connection: self._brought_up(connection, key, due))
        return {
            "wheel": key,
            "prizes": [
                {"prize": one.key, "name": one.name, "weight": one.weight, "stock": one.stock}
                for one in wheel.prizes
            ],
            "days": [one._asdict() for one in found],
            "check": _CHECK,
        }

    def _brought_up(self, connection: Connection, key: str, due: list[str]) -> list[Fairness]:
        self._draws.commit(connection, key)
        for period in due:
            self._draws.reveal(connection, key, period)
        return self._draws.fairness(connection, key)

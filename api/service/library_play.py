"""An example of the library told step by step: what happens, what is decided on it, and why."""

from functools import lru_cache
from typing import Any, Final

from api.service.examples import asserted_effects, told_of
from api.service.explaining import explained
from api.service.library_shelf import shelf
from api.service.shapes import entry, outcomes_of
from api.service.story import rules_of, tell
from engine.language.catalogue import Catalogue
from engine.language.document import Example
from engine.values import instant_text, parse_instant

Json = dict[str, Any]
_KEPT: Final = 200


@lru_cache(maxsize=_KEPT)
def played(key: str, number: int) -> Json:
    """Return an example of a rule of the library as it is lived, in the library's own definitions.

    Segments and scores that it doesn't read are left out: they are worked out at every step for nothing.
    Of each step only what the rule itself did is told, and what the example asserts beside it. It comes
    from the same teller as Try and the tests of the library.

    Args:
        key: Key of the rule.
        number: Place of the example, from 0.
    """
    shelved = shelf().rules[key]
    example = shelved.document.examples[number]
    acting = [shelved, *(shelf().rules[one] for one in example.with_)]
    named = {(need.kind, need.key) for one in acting for need in one.needs}
    whole = shelf().catalogue.definitions
    standing = {
        "segments": [one for one in whole.segments if ("segments", one.key) in named],
        "scores": [one for one in whole.scores if ("scores", one.key) in named],
    }
    catalogue = Catalogue(whole.model_copy(update=standing))
    index = rules_of([one.document for one in acting], catalogue)
    until = parse_instant(example.until) if example.until is not None else None
    chapters, _ = tell([told_of(call) for call in example.given], index, until=until)
    told = {key, *example.also, *example.with_}
    steps: list[Json] = []
    for chapter in chapters:
        event, decided = chapter.event, chapter.decided
        outcomes = outcomes_of(explained(event, decided.decision, index, decided.state))
        of_rules = [one for one in outcomes if one["rule"] in told]
        if of_rules or event.kind != "timer":
            shown = entry(event, None, index)
            steps.append({"as_of": instant_text(event.as_of), "event": shown, "outcomes": of_rules})
    return {
        **example_summary(example),
        "steps": steps,
        "effects": asserted_effects(chapters, shelved.document, example),
    }


def example_summary(example: Example) -> Json:
    """Return what an example is called, what it shows, and what it tells and promises."""
    return {
        "name": example.name,
        "shows": example.shows,
        "given": example.given,
        "until": None if example.until is None else instant_text(parse_instant(example.until)),
        "expect": [{**one, "at": instant_text(parse_instant(one["at"]))} for one in example.expect],
    }

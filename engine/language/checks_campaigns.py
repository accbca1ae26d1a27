"""Checks of campaigns, and of the rules that belong to one."""

from collections.abc import Iterator

from engine.errors import InvalidValue
from engine.language.campaigns import GOAL_AMOUNT, CampaignDefinition
from engine.language.catalogue import Catalogue
from engine.language.checks_conditions import tree_findings
from engine.language.checks_ranges import contradicts, tree_ranges
from engine.language.diagnostics import Diagnostic, diagnostic, named
from engine.language.document import RuleDocument
from engine.values import Instant, parse_instant

PATH = "/campaign"


def campaign_findings(document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with the campaign that a rule belongs to."""
    if document.campaign is None:
        return
    campaign = catalogue.campaigns.get(document.campaign)
    if campaign is None:
        yield diagnostic("unknown-campaign", PATH, name=document.campaign)
        return
    if campaign.audience is not None and contradicts(document, campaign.audience, catalogue):
        yield diagnostic("audience-contradicts", PATH, **named(campaign.name))
    if document.active is not None and _apart(document, campaign):
        yield diagnostic("never-in-campaign", "/active", **named(campaign.name))


def _apart(document: RuleDocument, campaign: CampaignDefinition) -> bool:
    """Return whether a rule and its campaign are never in force at once."""
    active = document.active
    if active is None:
        return False
    begins = [_read(active.from_), _read(campaign.from_)]
    ends = [_read(active.until), _read(campaign.until)]
    first = max((one for one in begins if one is not None), default=None)
    last = min((one for one in ends if one is not None), default=None)
    return first is not None and last is not None and last <= first


def _read(text: str | None) -> Instant | None:
    try:
        return parse_instant(text) if text is not None else None
    except InvalidValue:
        return None


def definition_of_campaign_findings(
    campaign: CampaignDefinition, path: str, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    """Yield what is wrong or doubtful in the definition of a campaign.

    Args:
        campaign: The definition.
        path: JSON pointer of it.
        catalogue: What it may speak of.
    """
    said = named(campaign.name)
    for name, text in (("from", campaign.from_), ("until", campaign.until)):
        if text is not None and _read(text) is None:
            yield diagnostic("bad-active", f"{path}/{name}")
    begins, ends = _read(campaign.from_), _read(campaign.until)
    if begins is not None and ends is not None and ends <= begins:
        yield diagnostic("campaign-never", f"{path}/until", **said)
    if campaign.budget is not None and campaign.budget not in catalogue.budgets:
        yield diagnostic("unknown-budget", f"{path}/budget", name=campaign.budget)
    if campaign.audience is not None:
        yield from tree_findings(campaign.audience, f"{path}/audience", catalogue)
        yield from tree_ranges(campaign.audience, f"{path}/audience", catalogue)
    yield from _goal(campaign, path, catalogue)


def _goal(campaign: CampaignDefinition, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    if campaign.goal_event is None:
        return
    event = catalogue.events.get(campaign.goal_event)
    if event is None:
        yield diagnostic("unknown-event", f"{path}/goal_event", name=campaign.goal_event)
        return
    amount = campaign.goal_amount or GOAL_AMOUNT
    types = {one.name: one.type for one in event.properties}
    if campaign.goal_amount is not None and types.get(amount) != "number":
        yield diagnostic("goal-without-amount", f"{path}/goal_amount", event=campaign.goal_event, name=amount)

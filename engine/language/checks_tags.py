"""Findings on tags: how their definitions stand to each other, and how rules name them."""

from collections.abc import Iterator

from engine.language.catalogue import Catalogue
from engine.language.diagnostics import Diagnostic, diagnostic, named
from engine.language.tags import TagDefinition


def tag_findings(catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with the definitions of tags; paths begin with `/tags/<place>`."""
    for at, tag in enumerate(catalogue.definitions.tags):
        yield from _relations(tag, f"/tags/{at}", catalogue)


def named_tag(tag: str, path: str, catalogue: Catalogue, *, puts_on: bool = False) -> Iterator[Diagnostic]:
    """Yield what is wrong with naming a tag in a rule: it isn't defined, was merged, or is retired.

    Args:
        tag: Key as the rule names it.
        path: JSON pointer of the place.
        catalogue: The definitions.
        puts_on: Whether the rule puts it on; a retired one can't be.
    """
    if tag not in catalogue.tags:
        yield diagnostic("unknown-tag", path, name=tag)
        return
    stands = catalogue.taxonomy.standing(tag)
    if stands is None:
        yield diagnostic("retired-tag-added" if puts_on else "retired-tag", path, name=tag)
    elif stands != tag:
        yield diagnostic("merged-tag", path, name=tag, target=stands)


def _relations(tag: TagDefinition, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    said = named(tag.name)
    for field, other in (("merged_into", tag.merged_into), ("parent", tag.parent)):
        if other is None:
            continue
        if other == tag.key:
            yield diagnostic(f"tag-{field.replace('_', '-')}-itself", f"{path}/{field}", **said)
        elif other not in catalogue.tags:
            yield diagnostic("tag-unknown-other", f"{path}/{field}", other=other, **said)
        elif _round(tag, catalogue):
            yield diagnostic("tag-round", f"{path}/{field}", other=other, **said)
    above = [catalogue.tags.get(one) for one in catalogue.taxonomy.above.get(tag.key, ())]
    if tag.group is not None and any(one is not None and one.group == tag.group for one in above):
        yield diagnostic("tag-excludes-above", f"{path}/group", group=tag.group, **said)


def _round(tag: TagDefinition, catalogue: Catalogue) -> bool:
    """Whether following the target of a merge, or else the tag above, leads back to a tag."""
    seen = [tag.key]
    following = tag.merged_into or tag.parent
    while following is not None and following in catalogue.tags and following not in seen:
        seen.append(following)
        one = catalogue.tags[following]
        following = one.merged_into or one.parent
    return following == tag.key

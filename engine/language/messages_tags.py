"""What the checks say of tags."""

from typing import Final

from engine.language.message import Message

TAG_MESSAGES: Final[dict[str, Message]] = {
    # ---- in rules
    "merged-tag": Message(
        "warning",
        "The tag “{name}” was merged into “{target}”; that is what the rule means.",
        "标签“{name}”已合并到“{target}”，规则按后者执行。",
        "Choose “{target}”, so that everybody sees it.",
        "请改选“{target}”，以免误读。",
    ),
    "retired-tag": Message(
        "warning",
        "The tag “{name}” is retired: nobody has it.",
        "标签“{name}”已停用，没有会员拥有它。",
        "Choose another tag, or leave this out.",
        "请选择其他标签，或删除此处。",
    ),
    "retired-tag-added": Message(
        "error",
        "The tag “{name}” is retired and can't be put on.",
        "标签“{name}”已停用，不能再添加。",
        "Choose another tag, or bring this one back.",
        "请选择其他标签，或恢复该标签。",
    ),
    # ---- in definitions
    "tag-merged-into-itself": Message(
        "error",
        "“{name}” can't be merged into itself.",
        "“{name}”不能合并到自身。",
        "Choose another tag to merge it into.",
        "请选择另一个目标标签。",
    ),
    "tag-parent-itself": Message(
        "error",
        "“{name}” can't stand below itself.",
        "“{name}”不能以自身为上级。",
        "Choose another tag above it, or none.",
        "请选择其他上级标签，或不设上级。",
    ),
    "tag-unknown-other": Message(
        "error",
        "“{name}” names the tag “{other}”, and there is none.",
        "“{name}”引用的标签“{other}”不存在。",
        "Choose a tag that is defined.",
        "请选择已定义的标签。",
    ),
    "tag-round": Message(
        "error",
        "“{name}” leads back to itself by way of “{other}”.",
        "“{name}”经由“{other}”又回到自身。",
        "Take one of the tags on the way out of the circle.",
        "请断开其中一环。",
    ),
    "tag-excludes-above": Message(
        "error",
        "“{name}” stands below a tag of its own group “{group}”: a member would have both, and may not.",
        "“{name}”与其上级标签同属互斥组“{group}”，二者不能同时存在。",
        "Take one of the two out of the group.",
        "请将其中一个移出该组。",
    ),
    "keywords-not-text": Message(
        "error",
        "“{name}” isn't a text, so no words can be looked for in it.",
        "“{name}”不是文本，不能设置关键词。",
        "Make it a text, or leave the keywords out.",
        "请改为文本类型，或删除关键词。",
    ),
}

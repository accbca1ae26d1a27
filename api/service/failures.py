"""Why something could not be delivered, in both languages.

Attempts are kept with what went wrong in English, as it stands in logs; people
read it in their own language.
"""

import re
from typing import Final

from engine.language.base import Text, words

_CHINESE: Final = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (r"the member has no e-mail address", "会员没有邮箱地址"),
        (r"the member has no address for this channel", "会员没有该渠道的联系方式"),
        (r"the address or the subject can't stand in an e-mail", "地址或主题不能用于邮件"),
        (r"the mail server refused the address: (.+)", r"邮件服务器拒绝了该地址：\1"),
        (r"the mail server answered (.+)", r"邮件服务器返回 \1"),
        (r"the mail server can't be used: (.+)", r"邮件服务器不可用：\1"),
        (
            r"the mail server offers no TLS, and the password isn't sent in the clear",
            "邮件服务器不支持 TLS，密码不会明文发送",
        ),
        (r"there is no template '(.+)'", r"模板“\1”不存在"),
        (r"template '(.+)' can't be filled: (.+) is missing", r"模板“\1”无法填写：缺少 \2"),
        (r"template '(.+)' can't be filled: (.+)", r"模板“\1”无法填写：\2"),
        (r"there is no endpoint '(.+)'", r"接收地址“\1”不存在"),
        (r"endpoint '(.+)' has no secret; save it again to get one", r"接收地址“\1”没有密钥，请重新保存"),
        (r"the entry that led to it is not in the log", "日志中没有触发它的记录"),
        (r"the endpoint can't be reached: (.+)", r"无法连接接收地址：\1"),
        (r"the endpoint's address is neither http nor https", "接收地址既不是 http 也不是 https"),
        (r"the endpoint answered (.+)", r"接收地址返回 \1"),
        (r"the host has an address that is not public", "该主机的地址不是公网地址"),
        (r"what is needed to send it can't be decrypted", "发送所需的内容无法解密"),
        (r"something went wrong on our side; see the log", "系统内部出错，详见日志"),
    )
)


def failure_text(detail: str) -> Text:
    """Return what went wrong with an attempt; what nobody has worded reads as it was told."""
    for english, chinese in _CHINESE:
        found = english.fullmatch(detail)
        if found is not None:
            return words(detail, found.expand(chinese))
    return words(detail, detail)

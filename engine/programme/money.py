"""Money in whole minor units of its currency (ISO 4217).

Amounts are computed in whole minor units, so that nothing depends on the
precision of an arithmetic context.
"""

from decimal import Context, Decimal
from typing import Final

from engine.programme.reasons import Refusal
from engine.values import MAX_INT, Number, decimal_text

_DIGITS: Final = {
    "BHD": 3, "BIF": 0, "CLF": 4, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0,
    "KMF": 0, "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "UYI": 0,
    "UYW": 4, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip
"""Currencies whose minor unit isn't a hundredth."""

_NAMES: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
    "HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT "
    "MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU "
    "UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
)
"""Currencies in hundredths, with those that were withdrawn lately: imported orders name them."""

_HUNDREDTHS: Final = frozenset(_NAMES.split())

_SCALE: Final = 10_000
"""Definitions say money with at most four decimals."""

_WIDE: Final = Context(prec=80)


def known(currency: str) -> bool:
    """Return whether ISO 4217 has a currency."""
    return currency in _DIGITS or currency in _HUNDREDTHS


def minor_digits(currency: str) -> int:
    """Return how many decimal digits a currency's minor unit has."""
    return _DIGITS.get(currency, 2)


def minor(amount: Number, currency: str) -> int:
    """Return an amount in whole minor units: 12.5 CNY are 1250.

    Raises:
        Refusal: If the amount has more decimals than the currency, or exceeds 2^53 minor units.
    """
    scaled = Decimal(amount).scaleb(minor_digits(currency), _WIDE)
    whole = int(scaled)
    if scaled != whole:
        raise Refusal("amount-too-fine")
    if abs(whole) > MAX_INT:
        raise Refusal("amount-too-large")
    return whole


def major(amount: int, currency: str) -> Decimal:
    """Return whole minor units as an amount: 1250 of CNY are 12.5."""
    return Decimal(amount).scaleb(-minor_digits(currency), _WIDE)


def text(amount: int, currency: str) -> str:
    """Return whole minor units as the canonical text of the amount: 1250 of CNY are `12.5`."""
    return decimal_text(major(amount, currency))


def scaled(value: str) -> int:
    """Return a definition's decimal text in ten-thousandths: `8.8` is 88000."""
    return int(Decimal(value).scaleb(4, _WIDE))


def nearest(value: str, currency: str) -> int:
    """Return a definition's amount in minor units, rounded half up."""
    return divided_half_up(_fine(value, currency), _SCALE)


def at_most(value: str, currency: str) -> int:
    """Return the most minor units that don't exceed a definition's amount."""
    return _fine(value, currency) // _SCALE


def at_least(value: str, currency: str) -> int:
    """Return the least minor units that reach a definition's amount."""
    return -(-_fine(value, currency) // _SCALE)


def divided_half_up(amount: int, by: int) -> int:
    """Return a quotient of whole numbers from 0 up, rounded half up."""
    return (2 * amount + by) // (2 * by)


def _fine(value: str, currency: str) -> int:
    return int(scaled(value) * 10 ** minor_digits(currency))

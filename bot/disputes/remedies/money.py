"""Money of remedies: exact Decimals in yuan, rounded to the fen, half up, once at the end."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
PERCENT = Decimal(100)


@dataclass(frozen=True)
class Sum:
    """What a formula gives. `amount` None = no exact figure; `floor` and `cap` are its limits, `total` what comes back
    together with the refund and the loss, `working` how it was reckoned."""

    amount: Decimal | None = None
    total: Decimal | None = None
    floor: Decimal | None = None
    cap: Decimal | None = None
    working: str = ""


def fen(value: Decimal) -> Decimal:
    """To two places, half up: 0.005 becomes 0.01."""
    return value.quantize(FEN, rounding=ROUND_HALF_UP)


def share(price: Decimal, percent: Decimal) -> Decimal:
    """So many percent of a price, not rounded."""
    return price * percent / PERCENT


def yuan(value: Decimal) -> str:
    return f"{fen(value)}元"

"""Texts a buyer hands in: for the platform's forms, for 12315, for a court. One function each.

First person, dated facts, numbered evidence, at most two citations; what is not known is left to fill in.
"""

from bot.disputes.statements.authorities import complaint_12315, report_12315
from bot.disputes.statements.forms import intervention_statement, refund_note
from bot.disputes.statements.letter import Letter, Note, Statement
from bot.disputes.statements.pleading import pleading_outline
from bot.disputes.statements.second_round import appeal, rebuttal

__all__ = [
    "Letter",
    "Note",
    "Statement",
    "appeal",
    "complaint_12315",
    "intervention_statement",
    "pleading_outline",
    "rebuttal",
    "refund_note",
    "report_12315",
]

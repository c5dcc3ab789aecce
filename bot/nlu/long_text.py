"""What of a very long text a sentence vector is made of."""

LONGEST, LAST = 400, 120  # characters in all, and how many of them are the last ones


def gist(text: str) -> str:
    """The beginning and the end: the time for a vector grows with the square of the length, and what happened
    stands in front, what is wanted at the end. Words and characters are counted over the whole text all the same."""
    return text if len(text) <= LONGEST else text[: LONGEST - LAST] + text[-LAST:]

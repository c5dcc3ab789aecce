"""Handing a conversation to a person (转人工): who owns it, the record for the person, the way back."""

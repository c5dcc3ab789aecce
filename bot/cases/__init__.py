"""What we remember of a buyer's dispute: the case, its store, and how a turn works on it."""

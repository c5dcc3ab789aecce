"""Hand-written Alembic revisions, oldest first in `versions/`. `bot.database.migrate` runs them."""

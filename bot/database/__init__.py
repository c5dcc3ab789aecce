"""The database: engine, shared schema, migrations. Knows nothing of what is kept in it."""

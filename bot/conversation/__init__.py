"""The durable road of a message: accepted means stored, one turn is one transaction."""

"""Opening a platform intervention (客服介入) and following it to its end."""

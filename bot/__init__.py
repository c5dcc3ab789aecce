"""The dispute assistant: understands, coaches, intervenes, hands over."""

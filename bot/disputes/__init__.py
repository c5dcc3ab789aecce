"""The rulebook: what is known of a dispute, plus the time now, gives advice.

Pure Python over packaged YAML: no clock, no environment, no framework. Start reading at `advise.py`.
"""

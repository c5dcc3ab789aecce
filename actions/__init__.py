"""Rasa SDK actions: slots in, a result out; the thinking is in ``bot``."""

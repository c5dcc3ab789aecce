"""Rasa graph components: thin shells over bot.zh, the sentence encoder and linear models."""

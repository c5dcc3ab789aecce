"""Pure reading of Chinese buyer text: no Rasa, no SQL, no clock, no environment."""

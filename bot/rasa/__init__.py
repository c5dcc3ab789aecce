"""What replaces a stock part of Rasa 3.6.21, and the turn handler that runs the Rasa agent."""

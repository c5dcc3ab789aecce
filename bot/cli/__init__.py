"""The command line: ``bot --help`` lists the commands. Each command is one file; heavy parts load when used."""

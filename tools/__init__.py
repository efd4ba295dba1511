"""Commands for those who work on this project; nothing in the package imports them."""

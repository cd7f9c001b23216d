"""The built-in profiles, as data: NAME/VERSION/profile.toml. Nothing here is code."""

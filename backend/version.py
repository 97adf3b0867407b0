"""The version, one for backend and extension; a test keeps pyproject.toml and the manifest in step."""

VERSION = "0.1.0"

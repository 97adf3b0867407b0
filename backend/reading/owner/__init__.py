"""The owner's page: what /api/v1/owner knows, for a person; its words are files of their own."""

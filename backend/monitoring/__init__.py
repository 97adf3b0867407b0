"""What the owner sees: metrics for Prometheus, and a short history that all processes share."""

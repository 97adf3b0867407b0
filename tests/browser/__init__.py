"""The real extension in real browsers: drivers, servers and the tests that use them."""

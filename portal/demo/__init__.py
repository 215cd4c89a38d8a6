"""The demo company: twelve people, thirty projects of three quarters; built by the actions, with given dates."""

"""The demo company: five people, ten projects, one in each state; built by the actions, with given dates."""

"""The only writers of people, departments and sites."""

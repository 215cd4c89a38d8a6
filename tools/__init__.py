"""What `make` runs. `tools.install` needs a bare Python alone; the others run in the environment it makes."""

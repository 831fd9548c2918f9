"""One module an area, each with `run(options)`: rows of work, measured, target, met."""

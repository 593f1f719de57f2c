"""Alternating runs and their medians."""

from statistics import median


class Timings:
    """Seconds of several contestants, taken in turns."""

    def __init__(self, samples):
        self.samples = samples

    def median(self, name):
        return median(self.samples[name])

    def fastest(self, names):
        """The name with the lowest median."""
        return min(names, key=self.median)


def alternate(rounds, contestants):
    """Runs each contestant once unmeasured, then all of them in turns.

    `contestants` maps a name to (call, runs a round): what is fast is run more often. Within a
    round the turns go around too, so that a drift of the machine meets all alike.
    """
    for call, _ in contestants.values():
        call()
    samples = {name: [] for name in contestants}
    for _ in range(rounds):
        for turn in range(max(runs for _, runs in contestants.values())):
            for name, (call, runs) in contestants.items():
                if turn < runs:
                    samples[name].append(call())
    return Timings(samples)

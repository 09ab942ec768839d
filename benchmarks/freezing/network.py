"""The model of `gaitcue.gait.freezing.model` in JAX, so that it can be trained."""

from collections.abc import Mapping, Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from benchmarks.freezing.examples import Example
from numpy.typing import NDArray

from gaitcue.gait.freezing.features import LEVELS, PLAIN, RELATIVE, ROTATION, WAVE, WAVE_SAMPLES
from gaitcue.gait.freezing.model import FARTHEST, LEGS, SOFT, Weights
from gaitcue.imu import FloatArray

Array = NDArray[np.float32]
Parameters = dict[str, jax.Array]

ALONG, ACROSS, MIXED, DENSE, HIDDEN = 24, 24, 32, 48, 64
"""Kernels along and across the vertical, what is made of them, dense layer, memory."""

WAVE_SCALE = 3.0
"""m/s²: about the size of the wave in walking."""

WORN = PLAIN.stop + 2
"""Inputs beside the wave: the plain ones, whether there is rotation, whether it is on a leg."""

WINDOW, LEAD_IN = 240, 40
"""Ticks: a long stretch is learned from in windows of a minute, each of which begins with ten
seconds that fill the memory and are not judged."""

EPOCHS, BATCH, RATE, SEED = 20, 48, 3e-3, 20230817
DROPOUT, DECAY = 0.1, 1e-5
"""Share of inputs (and one and a half times that of memory) left out; weight of squared weights."""

OFFSET_SPREAD, GAIN_SPREAD = 0.3, 0.15
"""Random change of each input (in standard deviations) and of the wave's size (log), one a window:
another person, strap, place within the placement, or sensor."""

OWN_DECAY, OWN_GAIN = 3e-4, 5.0
"""Weight of a person's squared offset in log-odds; how much faster than a weight it is learned."""

EARLY = 20.0
"""s: a freeze's ticks count exp(-age / EARLY), so that its beginning counts, and not a few people's
freezes of minutes; `LATE_SHARE` at least."""

LATE_SHARE = 0.2

WITHOUT_ROTATION = 0.4
"""Share of windows whose rotation is hidden, so that a sensor without gyroscope is served too."""


class Scaling:
    """Mean and spread of the plain inputs over the people trained on."""

    def __init__(self, examples: Sequence[Example]) -> None:
        rows = np.concatenate([e.rows[e.counts, PLAIN] for e in examples])
        turned = [e.rows[e.counts, PLAIN] for e in examples if e.gyroscope]
        self.mean, spread = rows.mean(axis=0), rows.std(axis=0)
        for part in (LEVELS, RELATIVE):
            columns = np.arange(part.start, part.stop)[ROTATION]
            if turned:
                rotation = np.concatenate(turned)[:, columns]
                self.mean[columns], spread[columns] = rotation.mean(axis=0), rotation.std(axis=0)
        self.scale = 1.0 / (spread + 1e-3)

    def __call__(self, example: Example) -> Array:
        """(n, WORN + 3 * WAVE_SAMPLES) what the network takes."""
        plain = (example.rows[:, PLAIN] - self.mean) * self.scale
        plain[:, _ROTATIONS[:-1]] *= example.gyroscope
        worn = np.array([example.gyroscope, example.placement in LEGS], float)
        wave = example.rows[:, WAVE] / WAVE_SCALE
        return np.concatenate(
            [np.clip(plain, -FARTHEST, FARTHEST), np.tile(worn, (len(plain), 1)), wave], axis=1
        ).astype(np.float32)


_ROTATIONS = np.concatenate(
    [
        np.arange(LEVELS.start, LEVELS.stop)[ROTATION],
        np.arange(RELATIVE.start, RELATIVE.stop)[ROTATION],
        [PLAIN.stop],
    ]
)
"""Columns that need a gyroscope, the flag that says so last."""


def odds(learned: Parameters, x: jax.Array, key: jax.Array | None = None) -> jax.Array:
    """(n, b) log-odds of (n, b, inputs); with a key as in training, with parts left out."""
    ticks, windows, _ = x.shape
    plain, wave = x[..., :WORN], x[..., WORN:].reshape(ticks * windows, -1)
    if key is not None:
        inner, outer = jax.random.split(key)
        plain = _leave_out(inner, plain, DROPOUT)
    along = jax.nn.relu(wave[:, :WAVE_SAMPLES] @ learned["along"] + learned["along_bias"])
    first = jnp.concatenate([learned["real"], learned["imaginary"]], axis=1)
    second = jnp.concatenate([-learned["imaginary"], learned["real"]], axis=1)
    real, imaginary = jnp.split(
        wave[:, WAVE_SAMPLES:] @ jnp.concatenate([first, second]), [ACROSS], axis=1
    )
    squared = real * real + imaginary * imaginary + SOFT
    shrink = jax.lax.rsqrt(squared)
    root = jnp.sqrt(shrink)  # products of neighbours over the roots of both their sizes
    real, imaginary = real * root, imaginary * root
    product = real * jnp.roll(real, 1, -1) + imaginary * jnp.roll(imaginary, 1, -1)
    kernels = jnp.concatenate([along, squared * shrink, product], axis=-1)
    heard = jnp.tanh(kernels @ learned["mix"] + learned["mix_bias"])
    inputs = jnp.concatenate([plain.reshape(ticks * windows, -1), heard], axis=-1)
    dense = jnp.tanh(inputs @ learned["dense"] + learned["dense_bias"])
    gates = (dense @ learned["gates"] + learned["gates_bias"]).reshape(ticks, windows, -1)

    def step(hidden: jax.Array, gate: jax.Array) -> tuple[jax.Array, jax.Array]:
        recalled = hidden @ learned["memory"]
        both = jax.nn.sigmoid(gate[:, : 2 * HIDDEN] + recalled[:, : 2 * HIDDEN])
        reset, update = both[:, :HIDDEN], both[:, HIDDEN:]
        new = jnp.tanh(
            gate[:, 2 * HIDDEN :] + reset * (recalled[:, 2 * HIDDEN :] + learned["memory_bias"])
        )
        hidden = update * hidden + (1 - update) * new
        return hidden, hidden

    _, memory = jax.lax.scan(step, jnp.zeros((windows, HIDDEN)), gates)
    if key is not None:
        memory = _leave_out(outer, memory, 1.5 * DROPOUT)
    return memory @ learned["out"][:-1] + learned["out"][-1]


def train(examples: Sequence[Example], seed: int = SEED) -> Weights:
    """Learn from all of `examples`; the calibration is left at one and zero, no threshold set."""
    scaling = Scaling(examples)
    x, frozen, weight, whose = _windows(examples, scaling)
    rng = np.random.default_rng(seed)
    key = jax.random.PRNGKey(seed)
    learned = _first(key) | {"own": jnp.zeros(whose.max())}
    moments = [{name: jnp.zeros_like(value) for name, value in learned.items()} for _ in range(2)]
    batches = max(len(x) // BATCH, 1)
    step = 0
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for batch in range(batches):
            rows = order[batch * BATCH : (batch + 1) * BATCH]
            key, part = jax.random.split(key)
            step += 1
            rate = RATE * min(1.0, step / 20) * 0.5
            rate *= 1 + np.cos(np.pi * step / (EPOCHS * batches + 1))
            windows = _vary(x[rows], rng), frozen[rows].T, weight[rows].T, whose[rows]
            learned, *moments = _update(learned, *moments, step, *windows, part, rate)
    return _weights(learned, scaling)


def _vary(x: Array, rng: np.random.Generator) -> Array:
    """Windows as another person, strap or sensor might have given them; (n, b, inputs)."""
    shift, gain = np.zeros((2, len(x), x.shape[2]), np.float32)
    gain += 1.0
    shift[:, PLAIN] = OFFSET_SPREAD * rng.standard_normal((len(x), PLAIN.stop))
    gain[:, WORN:] *= np.exp(GAIN_SPREAD * rng.standard_normal((len(x), 1)))
    mirrored = WORN + 2 * WAVE_SAMPLES
    gain[:, mirrored:] *= rng.choice([-1.0, 1.0], (len(x), 1))
    hidden = rng.random((len(x), 1)) < WITHOUT_ROTATION
    there = x[:, 0, PLAIN.stop : PLAIN.stop + 1] * ~hidden
    gain[:, _ROTATIONS], shift[:, _ROTATIONS] = there, there * shift[:, _ROTATIONS]
    return np.ascontiguousarray(x.swapaxes(0, 1)) * gain + shift


def _windows(
    examples: Sequence[Example], scaling: Scaling
) -> tuple[Array, Array, Array, NDArray[np.int_]]:
    """(w, WINDOW, inputs), for each tick whether it is frozen and how much it counts, and whose.

    Whose is the number of a person with an offset of their own (who freezes with a sensor on the
    trunk), from 1; 0 for all others.
    """
    seconds: dict[str, float] = {}
    for e in examples:
        seconds[e.person] = seconds.get(e.person, 0.0) + float(e.counts.sum())
    mean = float(np.mean(list(seconds.values())))
    frozen_at_trunk = {e.person for e in examples if e.frozen.any() and e.placement not in LEGS}
    numbers = {person: n for n, person in enumerate(sorted(frozen_at_trunk), start=1)}
    parts: list[tuple[Array, Array, Array, int]] = []
    for e in examples:
        person = np.sqrt(mean / max(seconds[e.person], 1.0))
        rows, weight = scaling(e), (e.counts * _age_weight(e) * person).astype(np.float32)
        for start in range(0, max(len(rows) - LEAD_IN, 1), WINDOW - LEAD_IN):
            stop = min(start + WINDOW, len(rows))
            x = np.zeros((WINDOW, rows.shape[1]), np.float32)
            frozen, w = np.zeros(WINDOW, np.float32), np.zeros(WINDOW, np.float32)
            x[: stop - start] = rows[start:stop]
            frozen[: stop - start] = e.frozen[start:stop]
            w[: stop - start] = weight[start:stop]
            if start:
                w[:LEAD_IN] = 0.0
            if w.any():
                parts.append((x, frozen, w, numbers.get(e.person, 0)))
    x, frozen, weight, whose = (np.array(part) for part in zip(*parts, strict=True))
    return x, frozen, weight, whose


def _age_weight(example: Example) -> FloatArray:
    weight = np.ones(len(example.time))
    for onset, end in example.freezes:
        there = (example.time >= onset) & (example.time < end)
        weight[there] = np.maximum(np.exp((onset - example.time[there]) / EARLY), LATE_SHARE)
    return weight


def _first(key: jax.Array) -> Parameters:
    shapes = {
        "along": (WAVE_SAMPLES, ALONG), "real": (WAVE_SAMPLES, ACROSS),
        "imaginary": (WAVE_SAMPLES, ACROSS), "mix": (ALONG + 2 * ACROSS, MIXED),
        "dense": (WORN + MIXED, DENSE), "gates": (DENSE, 3 * HIDDEN),
        "memory": (HIDDEN, 3 * HIDDEN),
    }  # fmt: skip
    keys = jax.random.split(key, len(shapes) + 1)
    learned = {
        name: jax.random.normal(one, shape) / np.sqrt(shape[0])
        for one, (name, shape) in zip(keys, shapes.items(), strict=False)
    }
    for name, size in (("along", ALONG), ("mix", MIXED), ("dense", DENSE), ("memory", HIDDEN)):
        learned[f"{name}_bias"] = jnp.zeros(size)
    learned["gates_bias"] = jnp.zeros(3 * HIDDEN).at[HIDDEN : 2 * HIDDEN].set(1.0)
    out = 0.3 * jax.random.normal(keys[-1], (HIDDEN,)) / np.sqrt(HIDDEN)
    learned["out"] = jnp.concatenate([out, jnp.array([-1.0])])
    return learned


def _leave_out(key: jax.Array, x: jax.Array, share: float) -> jax.Array:
    """A part of the columns of each window, all along it."""
    kept = jax.random.bernoulli(key, 1 - share, (1, *x.shape[1:]))
    return x * (kept / (1 - share))


def _loss(
    learned: Parameters, x: jax.Array, frozen: jax.Array, weight: jax.Array, whose: jax.Array,
    key: jax.Array,
) -> jax.Array:  # fmt: skip
    own = OWN_GAIN * learned["own"]
    said = odds(learned, x, key) + jnp.concatenate([jnp.zeros(1), own])[whose]
    entropy = jnp.maximum(said, 0) - said * frozen + jnp.log1p(jnp.exp(-jnp.abs(said)))
    size = sum((value**2).sum() for value in learned.values() if value.ndim > 1)
    return (
        (entropy * weight).sum() / (weight.sum() + 1e-6) + DECAY * size + OWN_DECAY * (own**2).sum()
    )


@partial(jax.jit, donate_argnums=(0, 1, 2))
def _update(
    learned: Parameters, first: Parameters, second: Parameters, step: int,
    x: jax.Array, frozen: jax.Array, weight: jax.Array, whose: jax.Array,
    key: jax.Array, rate: float,
) -> tuple[Parameters, Parameters, Parameters]:  # fmt: skip
    """One step of Adam (Kingma & Ba 2015) on a gradient no longer than one."""
    slope = jax.grad(_loss)(learned, x, frozen, weight, whose, key)
    length = jnp.sqrt(sum((value**2).sum() for value in slope.values()))
    slope = {name: value * jnp.minimum(1.0, 1.0 / length) for name, value in slope.items()}
    first = {name: 0.9 * first[name] + 0.1 * slope[name] for name in learned}
    second = {name: 0.999 * second[name] + 0.001 * slope[name] ** 2 for name in learned}
    learned = {
        name: learned[name]
        - rate
        * (first[name] / (1 - 0.9**step))
        / (jnp.sqrt(second[name] / (1 - 0.999**step)) + 1e-8)
        for name in learned
    }
    return learned, first, second


def _weights(learned: Mapping[str, jax.Array], scaling: Scaling) -> Weights:
    arrays = {name: np.asarray(value, np.float64) for name, value in learned.items()}
    del arrays["own"]  # of nobody else
    across = np.concatenate([arrays.pop("real"), arrays.pop("imaginary")], axis=1)
    return Weights(
        mean=scaling.mean.astype(np.float64),
        scale=scaling.scale.astype(np.float64),
        wave_scale=np.array(1.0 / WAVE_SCALE),
        across=across,
        calibration=np.array([[1.0, 0.0], [1.0, 0.0]]),
        thresholds=np.zeros((2, 2)),
        **arrays,
    )

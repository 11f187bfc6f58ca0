"""The train stage: a small time-delay network in PyTorch, taught to name the phone of each 30 ms."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from tools.demo_model.features import DIMENSION
from tools.demo_model.kaldi import Affine
from tools.demo_model.segments import SUBSAMPLING

WIDTH, LAYERS, WINDOW = 320, 5, 9  # the first layer sees 9 feature frames, the others frames -3, 0 and 3
CONTEXT = WINDOW // 2 + SUBSAMPLING * LAYERS  # feature frames to each side: 190 ms of delay
CHUNK = 50  # network frames in one training example
BATCH = 64
EPOCHS = 4
TOP_RATE = 3e-3
HELD_BACK = 100  # recordings that only measure
SEED = 1


class Network(nn.Module):
    """Convolutions over time: features (batch, 40, frames) to scores (batch, states, frames / 3)."""

    def __init__(self, states: int, mean: np.ndarray, deviation: np.ndarray) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean).view(1, -1, 1))
        self.register_buffer("deviation", torch.tensor(deviation).view(1, -1, 1))
        first = nn.Conv1d(DIMENSION, WIDTH, WINDOW, stride=SUBSAMPLING)
        self.layers = nn.ModuleList([first, *(nn.Conv1d(WIDTH, WIDTH, 3) for _ in range(LAYERS))])
        self.norms = nn.ModuleList([nn.BatchNorm1d(WIDTH) for _ in self.layers])
        self.output = nn.Conv1d(WIDTH, states, 1)
        self.dropout = nn.Dropout(0.1)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Scores before the softmax."""
        hidden = (features - self.mean) / self.deviation
        for layer, norm in zip(self.layers, self.norms, strict=True):
            hidden = self.dropout(norm(torch.relu(layer(hidden))))
        return self.output(hidden)


@dataclass(frozen=True)
class Corpus:
    """All recordings end to end, with where each begins."""

    features: np.ndarray
    feature_starts: np.ndarray
    labels: np.ndarray
    label_starts: np.ndarray

    @classmethod
    def read(cls, path: Path) -> Corpus:
        """Read what the speech stage wrote."""
        data = np.load(path)
        starts = [np.concatenate([[0], data[name]]) for name in ("feature_ends", "label_ends")]
        features = data["features"].astype(np.float32)
        return cls(features, starts[0], data["labels"].astype(np.int64), starts[1])

    def chunks(self, recordings: np.ndarray) -> list[tuple[int, int]]:
        """(recording, first network frame) of every training example."""
        return [
            (int(k), max(0, min(start, self._length(k) - CHUNK)))
            for k in recordings
            for start in range(0, self._length(k), CHUNK)
        ]

    def batch(self, chunks: list[tuple[int, int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Features with their context, and labels (-1 after a recording's end)."""
        span = CHUNK * SUBSAMPLING + 2 * CONTEXT - SUBSAMPLING + 1
        inputs = np.empty((len(chunks), DIMENSION, span), np.float32)
        wanted = np.full((len(chunks), CHUNK), -1, np.int64)
        for row, (recording, start) in enumerate(chunks):
            first, last = self.feature_starts[recording], self.feature_starts[recording + 1] - 1
            frames = first + start * SUBSAMPLING - CONTEXT + np.arange(span)
            inputs[row] = self.features[np.clip(frames, first, last)].T  # Kaldi repeats the edges too
            begin = self.label_starts[recording] + start
            labels = self.labels[begin : min(begin + CHUNK, self.label_starts[recording + 1])]
            wanted[row, : len(labels)] = labels
        return torch.from_numpy(inputs), torch.from_numpy(wanted)

    def _length(self, recording: int) -> int:
        return int(self.label_starts[recording + 1] - self.label_starts[recording])


def train(corpus: Corpus, states: int) -> Network:
    """Train from nothing; prints the share of frames named right after each pass."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # the matrices are small: more threads wait for each other, most of all on a busy machine
    rng = random.Random(SEED)
    order = np.random.default_rng(SEED).permutation(len(corpus.label_starts) - 1)
    measured, taught = corpus.chunks(order[:HELD_BACK]), corpus.chunks(order[HELD_BACK:])
    network = Network(states, corpus.features.mean(0), corpus.features.std(0) + 1e-3)
    steps = EPOCHS * (len(taught) // BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), lr=TOP_RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, TOP_RATE, total_steps=steps + 1, pct_start=0.15)
    with tqdm(total=steps, desc="training", unit="batch") as progress:
        for epoch in range(EPOCHS):
            rng.shuffle(taught)
            for start in range(0, len(taught) - BATCH + 1, BATCH):
                _step(network, optimiser, corpus.batch(taught[start : start + BATCH]))
                schedule.step()
                progress.update()
            progress.write(f"pass {epoch + 1} of {EPOCHS}: {_accuracy(network, corpus, measured):.1%} of frames right")
    return network.eval()


def _step(network: Network, optimiser: torch.optim.Optimizer, batch: tuple[torch.Tensor, torch.Tensor]) -> None:
    inputs, wanted = batch
    network.train()
    inputs[:, 0] += torch.randn(len(inputs), 1) * 3  # the first coefficient carries loudness: do not rely on it
    loss = nn.functional.cross_entropy(network(inputs), wanted, ignore_index=-1)
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 2.0)
    optimiser.step()


@torch.no_grad()
def _accuracy(network: Network, corpus: Corpus, chunks: list[tuple[int, int]]) -> float:
    network.eval()
    right = total = 0
    for start in range(0, len(chunks), BATCH):
        inputs, wanted = corpus.batch(chunks[start : start + BATCH])
        known = wanted >= 0
        right += int(((network(inputs).argmax(1) == wanted) & known).sum())
        total += int(known.sum())
    return right / max(total, 1)


def affines(network: Network) -> list[Affine]:
    """The layers as matrices over spliced frames, each with the normalisation before it folded in."""
    scale, shift = 1 / _array(network.deviation).ravel(), -(_array(network.mean) / _array(network.deviation)).ravel()
    result = []
    for layer, norm in zip([*network.layers, network.output], [*network.norms, None], strict=True):
        weight, bias = _array(layer.weight), _array(layer.bias)
        bias = bias + np.einsum("oik,i->o", weight, shift)
        weight = weight * scale[None, :, None]
        result.append(Affine(weight.transpose(0, 2, 1).reshape(len(weight), -1), bias))  # frame by frame
        if norm is not None:
            scale = _array(norm.weight) / np.sqrt(_array(norm.running_var) + norm.eps)
            shift = _array(norm.bias) - _array(norm.running_mean) * scale
    return result


def _array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().double().numpy()

"""Writes am/final.mdl: a Kaldi transition model and nnet3 network in Kaldi's binary form, readable by libvosk."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

import numpy as np

from tools.demo_model.phone_set import PhoneSet
from tools.demo_model.segments import SUBSAMPLING


@dataclass(frozen=True)
class Affine:
    """outputs = matrix @ inputs + bias; the inputs are spliced frames, the earliest first."""

    matrix: np.ndarray
    bias: np.ndarray


class Stream:
    """Bytes in Kaldi's binary form: each number is preceded by its size, each token followed by a space."""

    def __init__(self) -> None:
        self.data = bytearray(b"\0B")

    def tokens(self, *names: str) -> None:
        """Markup such as <Nnet3>."""
        for name in names:
            self.data += name.encode() + b" "

    def text(self, text: str) -> None:
        """Plain text, for the network's configuration lines."""
        self.data += text.encode()

    def integers(self, *values: int) -> None:
        """32-bit integers."""
        for value in values:
            self.data += b"\x04" + struct.pack("<i", value)

    def single(self, value: float) -> None:
        """A 32-bit float."""
        self.data += b"\x04" + struct.pack("<f", value)

    def double(self, value: float) -> None:
        """A 64-bit float."""
        self.data += b"\x08" + struct.pack("<d", value)

    def integer_vector(self, values: list[int]) -> None:
        """std::vector<int32>: unlike numbers elsewhere, its elements carry no size."""
        self.data += b"\x04" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes()

    def vector(self, values: np.ndarray | list[float]) -> None:
        """Vector<float>."""
        self.tokens("FV")
        self.integers(len(values))
        self.data += np.asarray(values, "<f4").tobytes()

    def matrix(self, values: np.ndarray) -> None:
        """Matrix<float>, row by row."""
        self.tokens("FM")
        self.integers(*values.shape)
        self.data += np.ascontiguousarray(values, "<f4").tobytes()


def final_mdl(phone_set: PhoneSet, layers: list[Affine], priors: np.ndarray) -> bytes:
    """The whole file. `priors` are the shares of the states in the training labels; libvosk divides by them."""
    stream = Stream()
    _write_transitions(stream, phone_set)
    _write_network(stream, layers)
    context = _context(layers)
    stream.tokens("<LeftContext>")
    stream.integers(context)
    stream.tokens("<RightContext>")
    stream.integers(context)
    stream.tokens("<Priors>")
    stream.vector(priors)
    return bytes(stream.data)


def _write_transitions(stream: Stream, phone_set: PhoneSet) -> None:
    """One emitting state a phone, as in Kaldi's chain topology; silence uses one state for enter and stay."""
    count = len(phone_set.names)
    stream.tokens("<TransitionModel>", "<Topology>")
    stream.integer_vector(list(range(1, count + 1)))
    stream.integer_vector([-1, 0] + [1] * (count - 1))  # topology entry by phone
    stream.integers(-1, 2)  # -1: entering and staying may score differently; two entries follow
    for staying in (0, 1):
        stream.integers(2, 0, staying, 2)  # states; classes of entering and staying; transitions
        for target in (0, 1):
            stream.integers(target)
            stream.single(0.5)
        stream.integers(-1, -1, 0)  # the final state
    stream.tokens("</Topology>", "<Tuples>")
    stream.integers(count)
    for phone in range(1, count + 1):
        stream.integers(phone, 0, *phone_set.states(phone))
    stream.tokens("</Tuples>", "<LogProbs>")
    stream.vector([0.0] + [math.log(0.5)] * (2 * count))
    stream.tokens("</LogProbs>", "</TransitionModel>")


def _write_network(stream: Stream, layers: list[Affine]) -> None:
    stream.tokens("<Nnet3>")
    stream.text("\n" + "\n".join(_configuration(layers)) + "\n\n")
    stream.tokens("<NumComponents>")
    stream.integers(2 * len(layers))
    for number, layer in enumerate(layers, 1):
        last = number == len(layers)
        _write_affine(stream, _name(number, layers), layer)
        kind = "LogSoftmaxComponent" if last else "RectifiedLinearComponent"
        _write_nonlinear(stream, _name(number, layers), kind, len(layer.bias))
    stream.tokens("</Nnet3>")


def _write_affine(stream: Stream, name: str, layer: Affine) -> None:
    stream.tokens("<ComponentName>", f"{name}.affine", "<FixedAffineComponent>", "<LinearParams>")
    stream.matrix(layer.matrix)
    stream.tokens("<BiasParams>")
    stream.vector(layer.bias)
    stream.tokens("</FixedAffineComponent>")


def _write_nonlinear(stream: Stream, name: str, kind: str, dimension: int) -> None:
    stream.tokens("<ComponentName>", f"{name}.active", f"<{kind}>", "<Dim>")
    stream.integers(dimension)
    for statistics in ("<ValueAvg>", "<DerivAvg>"):
        stream.tokens(statistics)
        stream.vector([])
    stream.tokens("<Count>")
    stream.double(0.0)
    stream.tokens(f"</{kind}>")


def _configuration(layers: list[Affine]) -> list[str]:
    """How the components are joined. The last node must be called "output"."""
    source = "input"
    lines = [f"input-node name=input dim={len(layers[0].matrix[0]) // len(_offsets(1, layers))}"]
    for number in range(1, len(layers) + 1):
        name = _name(number, layers)
        spliced = _spliced(source, _offsets(number, layers))
        lines.append(f"component-node name={name}.affine component={name}.affine input={spliced}")
        lines.append(f"component-node name={name}.active component={name}.active input={name}.affine")
        source = f"{name}.active"
    return [*lines, f"output-node name=output input={source} objective=linear"]


def _name(number: int, layers: list[Affine]) -> str:
    return "last" if number == len(layers) else f"layer{number}"


def _offsets(number: int, layers: list[Affine]) -> list[int]:
    """Which feature frames a layer joins: 9 neighbours, then every third one, then only its own."""
    if number == 1:
        return list(range(-4, 5))
    return [0] if number == len(layers) else [-SUBSAMPLING, 0, SUBSAMPLING]


def _spliced(source: str, offsets: list[int]) -> str:
    if offsets == [0]:
        return source
    parts = [f"Offset({source}, {offset})" if offset else source for offset in offsets]
    return f"Append({', '.join(parts)})"


def _context(layers: list[Affine]) -> int:
    return sum(_offsets(number, layers)[-1] for number in range(1, len(layers) + 1))

"""MFCC features, exactly those that conf/mfcc.conf makes libvosk compute."""

from __future__ import annotations

import kaldi_native_fbank as knf
import numpy as np

from tools.demo_model.channel import SAMPLE_RATE

DIMENSION = 40
LOW_HERTZ, HIGH_HERTZ = 20, -300  # a negative edge counts down from 4 kHz


def mfcc(sound: np.ndarray) -> np.ndarray:
    """Features of 8 kHz sound of 16-bit size: one row of 40 per 10 ms."""
    extractor = knf.OnlineMfcc(_options())
    extractor.accept_waveform(SAMPLE_RATE, sound.tolist())
    extractor.input_finished()
    frames = [extractor.get_frame(k) for k in range(extractor.num_frames_ready)]
    return np.stack(frames).astype(np.float32)


def _options() -> knf.MfccOptions:
    options = knf.MfccOptions()
    options.frame_opts.samp_freq = SAMPLE_RATE
    options.frame_opts.dither = 0.0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = DIMENSION
    options.mel_opts.low_freq = LOW_HERTZ
    options.mel_opts.high_freq = HIGH_HERTZ
    options.num_ceps = DIMENSION
    options.use_energy = False
    return options


def configuration() -> str:
    """The same options as the text of conf/mfcc.conf; without dither, results repeat exactly."""
    return (
        f"--sample-frequency={SAMPLE_RATE}\n--use-energy=false\n--num-mel-bins={DIMENSION}\n"
        f"--num-ceps={DIMENSION}\n--low-freq={LOW_HERTZ}\n--high-freq={HIGH_HERTZ}\n--dither=0\n"
    )

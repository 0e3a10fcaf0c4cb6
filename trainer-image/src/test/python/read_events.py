"""Reads a folder of event files with TensorBoard's own reader and prints tag, step and value of every scalar.

  python3 -m venv V && V/bin/pip install tensorboard==2.19.0
  AUTOLOSS_TENSORBOARD=true ./autoloss train FILE --work DIR
  V/bin/python trainer-image/src/test/python/read_events.py DIR/tensorboard
"""
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

accumulator = EventAccumulator(sys.argv[1])
accumulator.Reload()
for tag in accumulator.Tags()["scalars"]:
    for event in accumulator.Scalars(tag):
        print(tag, event.step, event.value)

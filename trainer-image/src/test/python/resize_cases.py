"""Resizes a drawn picture with OpenCV: the source of resources/coco/resize.json.

pip install opencv-python-headless; python resize_cases.py > ../resources/coco/resize.json
"""
import json
import sys

import cv2
import numpy

SIZES = [(3, 4), (5, 8), (9, 6), (26, 22), (40, 31), (13, 11)]
source = numpy.random.default_rng(3).integers(0, 256, (11, 13, 3), dtype=numpy.uint8)
json.dump(
    {
        "width": 13,
        "height": 11,
        "pixels": source.flatten().tolist(),
        "resized": [
            {"width": w, "height": h, "pixels": cv2.resize(source, (w, h), interpolation=cv2.INTER_LINEAR).flatten().tolist()}
            for w, h in SIZES
        ],
    },
    sys.stdout,
    separators=(",", ":"),
)

"""Draws a COCO ground truth and detections: evaluation_data.py FOLDER [IMAGES] [DETECTIONS] [CLASSES] [SEED]"""

import json
import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
images, detections, classes, seed = (int(a) for a in (sys.argv[2:] + ["5000", "100", "80", "1"][len(sys.argv) - 2 :]))
random = np.random.default_rng(seed)
side = 640


def boxes(count):
    # Sides from 8 to 320 pixels, evenly by logarithm, so that all of COCO's three ranges of area are there.
    size = np.exp(random.uniform(np.log(8), np.log(320), (count, 2)))
    return np.concatenate([random.uniform(0, side - size), size], 1).round(2)


truth, found = [], []
for image in range(1, images + 1):
    # COCO has 7.3 objects an image.
    count = int(random.poisson(7.3))
    own, labels = boxes(count), random.integers(1, classes + 1, count)
    for box, label in zip(own.tolist(), labels.tolist()):
        crowd = int(random.random() < 0.01)
        truth.append({"id": len(truth) + 1, "image_id": image, "category_id": label, "bbox": box, "area": box[2] * box[3], "iscrowd": crowd})
    near = min(detections, 6 * count)
    which = random.integers(0, max(count, 1), near)
    moved = np.concatenate([own[which] + random.normal(0, 0.08, (near, 4)) * own[which][:, [2, 3, 2, 3]] if near else own[:0], boxes(detections - near)])
    moved[:, 2:] = np.maximum(moved[:, 2:], 1)
    named = np.concatenate([np.where(random.random(near) < 0.8, labels[which], random.integers(1, classes + 1, near)) if near else labels[:0], random.integers(1, classes + 1, detections - near)])
    scores = random.random(detections)
    for box, label, score in zip(moved.round(2).tolist(), named.tolist(), scores.round(5).tolist()):
        found.append({"image_id": image, "category_id": label, "bbox": box, "score": score})

folder.mkdir(parents=True, exist_ok=True)
names = [{"id": i, "name": f"class {i}"} for i in range(1, classes + 1)]
listed = [{"id": i, "file_name": f"{i}.jpg", "width": side, "height": side} for i in range(1, images + 1)]
(folder / "truth.json").write_text(json.dumps({"images": listed, "annotations": truth, "categories": names}))
(folder / "found.json").write_text(json.dumps(found))
